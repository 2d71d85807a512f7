"""How long a bug has stood where it is, and until when it has to move on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config, LabelNames, Team
from fleet_tui.domain.bugs import Bug, State, is_blocker, is_critical, priority_of
from fleet_tui.domain.labels import written
from fleet_tui.domain.spans import short_span
from fleet_tui.domain.working_time import after_business_days, working_span, working_time

NEVER = float("inf")

Urgency = tuple[bool, bool, bool, int, float, int]


class Demand(Enum):
    """What a clock asks for when it has run down."""

    MOVE_ON = "move on"
    PING = "ping"
    CLOSE = "close"
    TRIAGE = "triage"


class Since(Struct, frozen=True, gc=False):
    """When a bug came into its state."""

    at: datetime
    known: bool = True
    """False: the timeline has not told (yet). It came then at the earliest, so its age is at most what it seems."""


class Clock(Struct, frozen=True, gc=False):
    """What has to be done with a bug, and until when."""

    demand: Demand
    due: datetime
    known: bool = True
    """False: at `due` at the earliest, see `Since`. Such a clock is never called overdue."""

    @property
    def working(self) -> bool:
        """Whether what remains is told in working hours."""
        return self.demand is Demand.MOVE_ON

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.known and now >= self.due

    def remaining(self, now: datetime, team: Team) -> timedelta:
        """Until it is due, by its own measure; negative when it is over."""
        return working_time(now, self.due, team) if self.working else self.due - now

    def words(self, now: datetime, config: Config) -> str:
        """For a card: `5 h left of 1 day`, `3 h over 1 day limit`, `ping in 2 d`, `close, 3 d over`.

        Not known exactly: `ping in ≥ 2 d`, `close, ≤ 3 d over`.
        """
        left = self.remaining(now, config.team)
        over = now >= self.due
        span = working_span(left, config.team) if self.working else short_span(left)
        length = span if self.known else f"{'≤' if over else '≥'} {span}"
        if span == "now":
            return f"{self.demand.value} now"
        if self.demand is Demand.MOVE_ON:
            days = config.bugs.inbox_business_days
            limit = f"{days} day" if days == 1 else f"{days} days"
            return f"{length} over {limit} limit" if over else f"{length} left of {limit}"
        return f"{self.demand.value}, {length} over" if over else f"{self.demand.value} in {length}"


def since_of(bug: Bug, state: State, config: Config) -> Since:
    """When `bug` came into `state`, by its timeline; else the earliest moment at which it can have.

    A label that the timeline does not have was set after it was read.
    """
    names = config.labels
    match state:
        case State.CLOSED if bug.closed:
            return Since(bug.closed)
        case State.INBOX:
            return _labelled(bug, names.reproduce)
        case State.ACKNOWLEDGED:
            reproduce, assigned = _labelled(bug, names.reproduce), _assigned(bug)
            return Since(max(reproduce.at, assigned.at), reproduce.known and assigned.known)
        case State.PRODUCT:
            return _labelled(bug, names.product)
        case State.ENGINEERING:
            return _labelled(bug, names.release)
        case State.AWAITING_QA:  # the board does not tell; not before it was in engineering
            return Since(_labelled(bug, names.release).at, known=False)
    return Since(bug.created, known=False)


def clock_of(bug: Bug, state: State, now: datetime, config: Config) -> Clock | None:
    """What `bug` waits for in `state`, and until when; None where no rule sets a limit. Domain rules "Bugs"."""
    rules, since = config.bugs, since_of(bug, state, config)
    if state is State.INBOX:
        return Clock(Demand.MOVE_ON, after_business_days(since.at, rules.inbox_business_days, config.team), since.known)
    if state is State.ENGINEERING:
        return Clock(Demand.TRIAGE, since.at + timedelta(days=rules.triage_after_days), since.known)
    return _silence(bug, since, now, config) if state is State.ACKNOWLEDGED else None


def _silence(bug: Bug, since: Since, now: datetime, config: Config) -> Clock:
    """Ping, then close: counted from the acknowledgement or the reporter's last word, whichever is later."""
    spoke = bug.history.reporter_spoke if bug.history else None
    silent_since = max(since.at, spoke) if spoke else since.at
    ping = silent_since + timedelta(days=config.bugs.ping_after_days)
    close = silent_since + timedelta(days=config.bugs.close_after_days)
    asked = bug.history.asked if bug.history else None
    is_pinged = asked is not None and asked >= ping
    if is_pinged or now >= close:
        return Clock(Demand.CLOSE, close, since.known)
    return Clock(Demand.PING, ping, since.known)


def _labelled(bug: Bug, spellings: Iterable[str]) -> Since:
    """When the first of the label's spellings that it has was set."""
    history = bug.history
    dates = dict(history.labelled) if history else {}
    moments = [dates[label] for label in written(dates, spellings)]
    return _told(bug, min(moments, default=None))


def _assigned(bug: Bug) -> Since:
    return _told(bug, bug.history.assigned if bug.history else None)


def _told(bug: Bug, moment: datetime | None) -> Since:
    """`moment`, as far as the timeline that tells it is of today."""
    read = bug.history.updated if bug.history else bug.created
    return Since(moment or read, known=moment is not None and read >= bug.updated)


def urgency(bug: Bug, clock: Clock | None, now: datetime, labels: LabelNames) -> Urgency:
    """A key to sort cards by: critical ones first, then overdue ones, blockers, by priority, due soonest, oldest."""
    priority = priority_of(bug, labels)
    return (
        not is_critical(bug, labels),
        not (clock and clock.is_overdue(now)),
        not is_blocker(bug, labels),
        len(labels.priorities) if priority is None else priority,
        clock.due.timestamp() if clock else NEVER,
        bug.number,
    )
