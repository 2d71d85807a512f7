"""What waits for whoever is on call, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config, Team
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.bugs import Bug, State
from fleet_tui.domain.community import CommunityPull
from fleet_tui.domain.labels import named
from fleet_tui.domain.spans import day_and_hour, span
from fleet_tui.domain.working_time import after_business_days, working_span, working_time


class Kind(Enum):
    """What waits. In this order one thing is counted that is several of them."""

    CRITICAL = "critical bug"
    COMMUNITY = "community pull request"
    INBOX = "new bug"
    ISSUE = "assigned issue"
    PULL = "assigned pull request"


class Assigned(Struct, frozen=True):
    """An open issue or pull request that is assigned to whoever is on call."""

    number: int
    title: str
    url: str
    created: datetime
    updated: datetime
    is_pull: bool


class Waiting(Struct, frozen=True):
    """One thing that waits."""

    kind: Kind
    number: int
    title: str
    url: str
    since: datetime
    """Since when it waits; for what has no clock, since it was last touched."""
    due: datetime | None = None
    """By when something has to be done; None without a clock."""
    author: str = ""
    note: str = ""
    """What there is to say of it, in a few words."""
    our_turn: bool = True
    """False while the contributor has to do something first."""


def waiting(
    pulls: Iterable[CommunityPull],
    assigned: Iterable[Assigned],
    bugs: Iterable[tuple[Bug, State]],
    config: Config,
) -> tuple[Waiting, ...]:
    """All that waits, each number once.

    Critical bugs come first, then what has a clock by when it runs out, then what has none by how long nobody touched
    it, and what waits for somebody else last. Drafts do not wait for anybody.
    """
    found = [*_bugs(bugs, config), *(_community(one) for one in pulls if not one.pull.draft), *map(_assigned, assigned)]
    order = list(Kind)
    by_number = {one.number: one for one in sorted(found, key=lambda one: order.index(one.kind), reverse=True)}
    return tuple(sorted(by_number.values(), key=_urgency))


def _urgency(one: Waiting) -> tuple[bool, bool, bool, datetime, int]:
    return one.kind is not Kind.CRITICAL, not one.our_turn, one.due is None, one.due or one.since, one.number


def _bugs(bugs: Iterable[tuple[Bug, State]], config: Config) -> Iterator[Waiting]:
    for bug, state in bugs:
        if state is not State.CLOSED and named(bug.labels, config.labels.critical):
            who = ", ".join(bug.assignees) or "nobody"
            note = f"{state.value}, {who} assigned"
            yield Waiting(Kind.CRITICAL, bug.number, bug.title, bug.url, bug.created, None, bug.author, note)
        elif state is State.INBOX:
            since = _in_inbox_since(bug, config)
            due = after_business_days(since, config.bugs.inbox_business_days, config.team)
            yield Waiting(Kind.INBOX, bug.number, bug.title, bug.url, since, due, bug.author, "not looked at yet")


def _in_inbox_since(bug: Bug, config: Config) -> datetime:
    set_at = dict(bug.history.labelled) if bug.history else {}
    label = named(frozenset(set_at), config.labels.reproduce)
    return next((at for name, at in set_at.items() if label and name.casefold() == label.casefold()), bug.created)


def _community(one: CommunityPull) -> Waiting:
    pull, said = one.pull, one.conversation
    since = said.waiting_since
    met, of = sum(condition.is_met for condition in one.conditions), len(one.conditions)
    if since is None:
        turn = f"{pull.author}'s turn"
    else:
        turn = "no answer to the last word" if said.answered else "never answered"
    note = f"{turn}; {met} of {of} conditions hold"
    return Waiting(
        Kind.COMMUNITY, pull.number, pull.title, pull.url, since or said.answered or pull.created, one.due, pull.author,
        note, our_turn=since is not None,
    )  # fmt: skip


def _assigned(one: Assigned) -> Waiting:
    kind = Kind.PULL if one.is_pull else Kind.ISSUE
    return Waiting(kind, one.number, one.title, one.url, one.updated)


def clock(one: Waiting, now: datetime, config: Config) -> str:
    """`due Tue 14:00`, `overdue since Mon 9:00`, or `since Wed 18 Nov 9:00`: moments, so that a note stays true."""
    zone = config.team.zone
    if one.due is None:
        return f"since {day_and_hour(one.since, zone, now=now)}"
    return f"{'due' if one.due > now else 'overdue since'} {day_and_hour(one.due, zone, now=now)}"


def time_left(due: datetime, now: datetime, team: Team) -> str:
    """`in 3 h 20 min`, `due now`, `2 d over`: in working time, as on the board."""
    length = working_time(now, due, team)
    words = working_span(length, team, fine=due > now)
    if words == "now":
        return "due now"
    return f"in {words}" if due > now else f"{words} over"


def about_to_miss(rows: Iterable[Waiting], now: datetime, config: Config) -> tuple[Alert, ...]:
    """The community pull requests whose day is nearly over, one alert for each day that is at stake."""
    limit = timedelta(hours=config.on_call.answer_warning_hours)
    return tuple(
        Alert(
            f"community {one.number} {one.due.isoformat()}",
            "pull request",
            f"#{one.number} of {one.author} is about to miss its day: an answer is due in {span(left)}.",
            "oncall",
            str(one.number),
        )
        for one in rows
        if one.kind is Kind.COMMUNITY
        and one.due is not None
        and one.due > now
        and (left := working_time(now, one.due, config.team)) <= limit
    )
