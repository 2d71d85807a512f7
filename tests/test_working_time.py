"""Time in the team's working hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.config.schema import Team
from fleet_tui.config.section import WEEKDAYS
from fleet_tui.domain.working_time import after_business_days, working_day, working_time

TEAM = Team(holidays=(date(2025, 7, 4),))
NIGHTS = Team(zone=ZoneInfo("Europe/Berlin"), working_days=WEEKDAYS, day_starts=time(1), day_ends=time(23))
TEAMS = [
    TEAM,
    NIGHTS,
    Team(zone=ZoneInfo("America/Los_Angeles"), working_days=("sunday", "monday"), day_starts=time(0), day_ends=time(4)),
    Team(zone=ZoneInfo("Asia/Kolkata"), holidays=(date(2025, 1, 1), date(2024, 12, 31))),
    Team(zone=ZoneInfo("America/St_Johns"), working_days=WEEKDAYS, day_starts=time(2, 15), day_ends=time(2, 45)),
]
HOUR = timedelta(hours=1)


def at(text: str, team: Team = TEAM) -> datetime:
    """A moment on the team's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=team.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2025-06-05 10:00", "2025-06-05 12:30", 2.5, id="within a day"),
        pytest.param("2025-06-05 07:00", "2025-06-05 23:00", 8, id="a whole day"),
        pytest.param("2025-06-06 16:00", "2025-06-09 10:00", 2, id="over a weekend"),
        pytest.param("2025-06-07 10:00", "2025-06-08 20:00", 0, id="a weekend"),
        pytest.param("2025-07-03 16:00", "2025-07-07 10:00", 2, id="a holiday before a weekend"),
        pytest.param("2025-03-07 16:00", "2025-03-10 10:00", 2, id="daylight saving begins"),
        pytest.param("2025-10-31 16:00", "2025-11-03 10:00", 2, id="daylight saving ends"),
        pytest.param("2024-12-31 16:00", "2025-01-01 10:00", 2, id="over the turn of the year"),
        pytest.param("2025-06-06 10:00", "2025-06-05 16:00", -2, id="backwards"),
        pytest.param("2025-01-01 10:00", "2024-12-31 16:00", -2, id="backwards over the turn of the year"),
        pytest.param("2020-01-01 00:00", "2025-01-01 00:00", 1305 * 8, id="five years (261 weeks)"),
    ],
)
def test_working_hours_between_two_moments(start: str, end: str, hours: float) -> None:
    assert working_time(at(start), at(end), TEAM) == hours * HOUR


def test_the_zone_of_a_moment_does_not_matter() -> None:
    start, end = at("2025-06-05 10:00"), at("2025-06-06 12:00")
    tokyo = ZoneInfo("Asia/Tokyo")
    assert working_time(start.astimezone(tokyo), end.astimezone(tokyo), TEAM) == 10 * HOUR


def minute_by_minute(start: datetime, end: datetime, team: Team) -> timedelta:
    """What `working_time` promises, the slow way."""
    minutes, moment = 0, start
    while moment < end:
        there = moment.astimezone(team.zone)
        works = WEEKDAYS[there.weekday()] in team.working_days and there.date() not in team.holidays
        starts, ends = (
            datetime.combine(there.date(), hour, team.zone).astimezone(UTC) for hour in (team.day_starts, team.day_ends)
        )
        minutes += works and starts <= moment < ends
        moment += timedelta(minutes=1)
    return timedelta(minutes=minutes)


MOMENTS = st.one_of(
    st.integers(0, 2 * 366 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(0, 4 * 24 * 60).flatmap(
        lambda minutes: st.sampled_from(["2025-03-08", "2025-03-29", "2025-10-25", "2025-11-01", "2024-12-30"]).map(
            lambda day: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes)
        )
    ),
)


@given(MOMENTS, st.integers(0, 3 * 24 * 60), st.sampled_from(TEAMS))
def test_it_agrees_with_counting_minutes(start: datetime, minutes: int, team: Team) -> None:
    end = start + timedelta(minutes=minutes)
    assert working_time(start, end, team) == minute_by_minute(start, end, team)
    assert working_time(end, start, team) == -working_time(start, end, team)


@given(st.lists(MOMENTS, min_size=3, max_size=3).map(sorted), st.sampled_from(TEAMS))
def test_spans_add_up(moments: list[datetime], team: Team) -> None:
    first, second, third = moments
    whole = working_time(first, third, team)
    assert whole == working_time(first, second, team) + working_time(second, third, team)
    assert timedelta(0) <= whole <= third - first


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param("2025-06-05 10:00", 1, "2025-06-06 10:00", id="the next day"),
        pytest.param("2025-06-06 15:00", 1, "2025-06-09 15:00", id="Friday afternoon"),
        pytest.param("2025-06-07 12:00", 1, "2025-06-09 17:00", id="Saturday: the end of Monday"),
        pytest.param("2025-06-06 17:00", 1, "2025-06-09 17:00", id="Friday at the end of the day"),
        pytest.param("2025-06-05 22:00", 1, "2025-06-06 17:00", id="at night"),
        pytest.param("2025-06-05 06:00", 1, "2025-06-05 17:00", id="in the early morning"),
        pytest.param("2025-06-05 09:00", 1, "2025-06-05 17:00", id="at the beginning of the day"),
        pytest.param("2025-07-03 15:00", 1, "2025-07-07 15:00", id="a holiday, then a weekend"),
        pytest.param("2025-03-07 15:00", 1, "2025-03-10 15:00", id="the same hour across daylight saving"),
        pytest.param("2024-12-31 15:00", 2, "2025-01-02 15:00", id="over the turn of the year"),
        pytest.param("2025-06-07 12:00", 3, "2025-06-11 17:00", id="three from Saturday"),
        pytest.param("2025-06-07 12:00", 0, "2025-06-07 12:00", id="none: at once"),
    ],
)
def test_business_days_later(start: str, days: int, due: str) -> None:
    assert after_business_days(at(start), days, TEAM) == at(due)


@given(MOMENTS, st.integers(1, 300), st.sampled_from([TEAM, TEAMS[3]]))
def test_a_business_day_is_a_day_of_working_hours(start: datetime, days: int, team: Team) -> None:
    due = after_business_days(start, days, team)
    assert working_time(start, due, team) == days * working_day(team)


@given(MOMENTS, st.integers(1, 5), st.sampled_from(TEAMS))
def test_what_is_due_is_due_in_working_hours(start: datetime, days: int, team: Team) -> None:
    due = after_business_days(start, days, team)
    assert due > start
    assert working_time(due - timedelta(minutes=1), due, team) > timedelta(0)
    assert after_business_days(start, days + 1, team) > due


def test_every_year_is_worked_out_once() -> None:
    """10,000 bugs of many years would take minutes otherwise."""
    from fleet_tui.domain import working_time as module

    module._shifts.cache_clear()
    team = replace(TEAM, day_ends=time(16))
    for day in range(0, 3000, 10):
        working_time(at("2016-01-05 12:00") + timedelta(days=day), at("2025-06-05 12:00"), team)
    assert module._shifts.cache_info().misses == 10
