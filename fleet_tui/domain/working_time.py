"""Time as the team works: its days and hours, on the clock of its zone, without its holidays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from fleet_tui.config.schema import Team
from fleet_tui.config.section import WEEKDAYS
from fleet_tui.domain.spans import short_span, span

NO_TIME = timedelta(0)
DAY = timedelta(days=1)


class Shift(Struct, frozen=True):
    """The working hours of one business day, in UTC."""

    day: date
    start: datetime
    end: datetime
    before: timedelta
    """Working time of the same year before `start`."""


def working_time(start: datetime, end: datetime, team: Team) -> timedelta:
    """Working time between two moments; negative when `end` is the earlier one. Quick for any span."""
    first, last = _year(start, team), _year(end, team)
    years = sum((_total(year, team) for year in range(first, last)), NO_TIME)
    years -= sum((_total(year, team) for year in range(last, first)), NO_TIME)
    return years + _worked(end, last, team) - _worked(start, first, team)


def after_business_days(start: datetime, days: int, team: Team) -> datetime:
    """The moment (UTC) at which so many business days have passed since `start`.

    Inside working hours: the same hour on the clock, `days` business days later. Outside: the end of the last of the
    `days` that follow. Friday 15:00 and a day is Monday 15:00; Saturday and a day is the end of Monday.
    """
    start = start.astimezone(UTC)
    if days < 1:
        return start
    shifts = _shifts_from(start, team)
    shift = next(shifts)
    if start <= shift.start:
        return _after(shifts, shift, days - 1).end
    goal = _after(shifts, shift, days)
    hour = start.astimezone(team.zone).time()
    # On a day without this hour, or with two of them, the answer still is in the working hours.
    return min(max(datetime.combine(goal.day, hour, team.zone).astimezone(UTC), goal.start), goal.end)


def working_day(team: Team) -> timedelta:
    """How long a business day is, by the clock."""
    starts, ends = (timedelta(hours=hour.hour, minutes=hour.minute) for hour in (team.day_starts, team.day_ends))
    return ends - starts


def working_span(length: timedelta, team: Team, *, fine: bool = False) -> str:
    """Working time in business days, from one on; else in hours: `2 d`, `3 h`; with `fine` `3 h 20 min`."""
    days = abs(length) // working_day(team)
    if days:
        return f"{days} d"
    return span(length) if fine else short_span(length)


def _after(shifts: Iterator[Shift], shift: Shift, days: int) -> Shift:
    for _ in range(days):
        shift = next(shifts)
    return shift


def _shifts_from(moment: datetime, team: Team) -> Iterator[Shift]:
    """The shifts that end after `moment`, without an end."""
    year = _year(moment, team)
    shifts = _shifts(year, team)
    yield from islice(shifts, bisect_right(shifts, moment, key=lambda shift: shift.end), None)
    while True:
        year += 1
        yield from _shifts(year, team)


def _year(moment: datetime, team: Team) -> int:
    return moment.astimezone(team.zone).year


def _total(year: int, team: Team) -> timedelta:
    shifts = _shifts(year, team)
    return shifts[-1].before + shifts[-1].end - shifts[-1].start if shifts else NO_TIME


def _worked(moment: datetime, year: int, team: Team) -> timedelta:
    """Working time from the beginning of `year` to `moment`, which is in it."""
    shifts = _shifts(year, team)
    place = bisect_right(shifts, moment, key=lambda shift: shift.start)
    if not place:
        return NO_TIME
    shift = shifts[place - 1]
    return shift.before + min(moment, shift.end) - shift.start


@lru_cache(maxsize=256)
def _shifts(year: int, team: Team) -> tuple[Shift, ...]:
    """All shifts of a year, worked out once: some milliseconds, where a bisection takes microseconds."""
    shifts: list[Shift] = []
    before = NO_TIME
    for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        day = date.fromordinal(number)
        if WEEKDAYS[day.weekday()] not in team.working_days or day in team.holidays:
            continue
        start, end = (
            datetime.combine(day, hour, team.zone).astimezone(UTC) for hour in (team.day_starts, team.day_ends)
        )
        if end > start:  # not so for hours that the clocks leap over
            shifts.append(Shift(day, start, end, before))
            before += end - start
    return tuple(shifts)
