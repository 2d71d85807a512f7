"""The weekly figures of the bugs (domain rules "KPIs"): opened, closed, open in total, and in each state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug, State, state_of

WEEKS = 12
"""How many past weeks are shown. Bugs closed earlier are not read, so that none before can be computed."""
OPEN_STATES = tuple(state for state in State if state is not State.CLOSED)


class Week(Struct, frozen=True, order=True):
    """A week by ISO 8601: Monday to Sunday, numbered within its year."""

    year: int
    number: int

    def __str__(self) -> str:
        """`2026-W47`."""
        return f"{self.year:04}-W{self.number:02}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    def plus(self, weeks: int) -> Week:
        """The week so many later; earlier when negative."""
        return _week(self.monday + timedelta(weeks=weeks))

    def starts(self, zone: ZoneInfo) -> datetime:
        """Monday 0:00 on the clock of `zone`, in UTC; the week ends where the next one starts."""
        return datetime.combine(self.monday, time(), zone).astimezone(UTC)


def week_of(moment: datetime, zone: ZoneInfo) -> Week:
    """The week that `moment` is in, for the people of `zone`."""
    return _week(moment.astimezone(zone).date())


def parse_week(text: str) -> Week:
    """The week that is written as `2026-W47`. Raises `ValueError`, with a sentence, for anything else."""
    match = re.fullmatch(r"([0-9]{4})-?W([0-9]{1,2})", text.strip(), re.IGNORECASE)
    try:
        return _week(date.fromisocalendar(int(match[1]), int(match[2]), 1)) if match else _no_week(text)
    except ValueError:
        return _no_week(text)


def _no_week(text: str) -> Week:
    raise ValueError(f"{text!r} is no week; write it as 2026-W47.")


def _week(day: date) -> Week:
    year, number, _ = day.isocalendar()
    return Week(year, number)


class Kpis(Struct, frozen=True):
    """The figures of one week; those of the week under way as of now."""

    week: Week
    opened: int
    closed: int
    open: int
    """How many were open at its end."""
    states: tuple[tuple[State, int], ...] | None = None
    """How many stood in each open state; None when nobody looked then: dates do not tell it."""

    def in_state(self, state: State) -> int | None:
        """How many stood in `state`; None when it is not known."""
        return None if self.states is None else dict(self.states).get(state, 0)


Counts = Mapping[State, int]
"""How many open bugs stand in which state now."""


def in_states(bugs: Iterable[Bug], config: Config, columns: Mapping[int, str]) -> Counts:
    """The counts of `bugs`. `columns`: the board column by number."""
    return Counter(state_of(bug, columns.get(bug.number, ""), config) for bug in bugs if not bug.closed)


def figures(bugs: Sequence[Bug], week: Week, now: datetime, config: Config, counts: Counts) -> Kpis:
    """The figures of `week`, from the dates of `bugs`, those closed since its beginning among them.

    The states are told for the week under way alone: they are `counts`.
    """
    zone = config.team.zone
    start, end = week.starts(zone), week.plus(1).starts(zone)
    states = tuple((state, counts.get(state, 0)) for state in OPEN_STATES) if start <= now < end else None
    return Kpis(
        week,
        opened=sum(start <= bug.created < end for bug in bugs),
        closed=sum(bug.closed is not None and start <= bug.closed < end for bug in bugs),
        open=sum(bug.created < end and (bug.closed is None or bug.closed >= end) for bug in bugs),
        states=states,
    )


Kept = Mapping[str, Mapping[str, int]]
"""By the name of a week: what `kept_figures` gave in it."""


def history(
    bugs: Sequence[Bug], now: datetime, config: Config, counts: Counts, kept: Kept, weeks: int = WEEKS
) -> tuple[Kpis, ...]:
    """The last `weeks` weeks and the one under way, oldest first.

    Opened, closed and open are computed from the dates, since a kept snapshot is of the middle of its week. The states
    are those that were kept. A week too long ago to be computed is there if it was kept.
    """
    present = week_of(now, config.team.zone)
    found = (past(bugs, present.plus(-back), now, config, counts, kept) for back in range(weeks, -1, -1))
    return tuple(one for one in found if one is not None)


def past(bugs: Sequence[Bug], week: Week, now: datetime, config: Config, counts: Counts, kept: Kept) -> Kpis | None:
    """The figures of `week`, computed and kept ones together; None when neither tells them, and for a week to come."""
    present, snapshot = week_of(now, config.team.zone), kept.get(str(week))
    if week > present:
        return None
    if week < present.plus(-WEEKS):
        return _of_snapshot(week, snapshot) if snapshot else None
    computed = figures(bugs, week, now, config, counts)
    if computed.states is not None or snapshot is None:
        return computed
    return Kpis(week, computed.opened, computed.closed, computed.open, _states(snapshot))


def kept_figures(kpis: Kpis) -> dict[str, int]:
    """What is kept of a week, by name."""
    counts = {"opened": kpis.opened, "closed": kpis.closed, "open": kpis.open}
    return counts | {state.value: count for state, count in kpis.states or ()}


def _of_snapshot(week: Week, snapshot: Mapping[str, int]) -> Kpis:
    opened, closed, in_total = (snapshot.get(name, 0) for name in ("opened", "closed", "open"))
    return Kpis(week, opened, closed, in_total, _states(snapshot))


def _states(snapshot: Mapping[str, int]) -> tuple[tuple[State, int], ...] | None:
    known = tuple((state, snapshot[state.value]) for state in OPEN_STATES if state.value in snapshot)
    return known or None
