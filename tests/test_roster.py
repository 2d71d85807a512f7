"""Who is on call: turns, swaps, calendars, gaps and overlaps, across daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.on_call import Calendar, Person, Swap
from fleet_tui.config.schema import Config
from fleet_tui.domain.calendars import CalendarEvents, Event
from fleet_tui.domain.roster import Roster, Shift, roster
from fleet_tui.domain.turns import person_in, roster_of, window
from fleet_tui.services.icalendars import read_events
from tests.helpers import config

PEOPLE = (
    Person(name="Lucas", login="lucasmrod", group="#g-endpoint-ops", also=("lucas r",)),
    Person(name="Victor", login="getvictor"),
    Person(name="Rob", login="roperzh", also=("Roberto",)),
)
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def team(zone: str = "America/Los_Angeles", **on_call: object) -> Config:
    given = {"people": PEOPLE, "first_week": date(2026, 9, 2)} | on_call
    return config(team={"zone": ZoneInfo(zone)}, on_call=given)


def there(text: str, settings: Config) -> datetime:
    """A moment on the team's clock; `Z` at its end: in UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=settings.team.zone)).astimezone(UTC)


def who(settings: Config, moment: datetime, *calendars: CalendarEvents) -> str:
    made = roster_of(settings, calendars, *window(moment, settings))
    return ", ".join(shift.person for shift in made.on_call(moment)) or "nobody"


PACIFIC, BERLIN, KOLKATA, AUCKLAND = team(), team("Europe/Berlin"), team("Asia/Kolkata"), team("Pacific/Auckland")
WEEK_SWAP = team(swaps=(Swap(start=date(2026, 9, 9), login="lucasmrod"),))
DAY_SWAP = team(swaps=(Swap(start=date(2026, 9, 11), days=2, login="ROPERZH"),))
TWO_SWAPS = team(swaps=(*DAY_SWAP.on_call.swaps, Swap(start=date(2026, 9, 12), days=1, login="stranger")))
ACROSS = team(swaps=(Swap(start=date(2026, 9, 14), days=4, login="lucasmrod"),))
OTHER_ROTATION = team(swaps=(Swap(start=date(2026, 9, 9), login="lucasmrod", rotation="infra"),))
SUNDAY_NIGHT = team(handover_day="sunday", handover_time=time(2, 30), first_week=date(2026, 3, 1))
DOUBLED = team(handover_day="sunday", handover_time=time(1, 30), first_week=date(2026, 3, 1))
MIDNIGHT = team(handover_day="monday", handover_time=time(0))


@pytest.mark.parametrize(
    ("settings", "at", "expected"),
    [
        pytest.param(PACIFIC, "2026-09-02T09:00", "Lucas", id="the first week begins"),
        pytest.param(PACIFIC, "2026-09-02T08:59:59", "Rob", id="a second before it"),
        pytest.param(PACIFIC, "2026-09-09T08:59:59", "Lucas", id="the last second of a week"),
        pytest.param(PACIFIC, "2026-09-09T09:00", "Victor", id="handover"),
        pytest.param(PACIFIC, "2026-09-16T09:00", "Rob", id="the third"),
        pytest.param(PACIFIC, "2026-09-23T09:00", "Lucas", id="the first again"),
        pytest.param(PACIFIC, "2026-09-09T16:00Z", "Victor", id="handover told in UTC, summer"),
        pytest.param(PACIFIC, "2026-09-09T15:59Z", "Lucas", id="before the handover in UTC, summer"),
        pytest.param(PACIFIC, "2026-08-12T12:00", "Lucas", id="three weeks before the first"),
        pytest.param(PACIFIC, "2026-10-28T09:00", "Rob", id="the week in which the clock goes back begins"),
        pytest.param(PACIFIC, "2026-11-04T16:59Z", "Rob", id="9:00 is an hour later after the clock went back"),
        pytest.param(PACIFIC, "2026-11-04T17:00Z", "Lucas", id="and then it is handed over"),
        pytest.param(PACIFIC, "2027-03-10T17:00Z", "Lucas", id="the week in which the clock goes forward begins"),
        pytest.param(PACIFIC, "2027-03-17T15:59Z", "Lucas", id="9:00 is an hour earlier after it"),
        pytest.param(PACIFIC, "2027-03-17T16:00Z", "Victor", id="and then it is handed over, too"),
        pytest.param(PACIFIC, "2036-09-10T09:00", "Victor", id="ten years later"),
        pytest.param(BERLIN, "2026-09-09T06:59Z", "Lucas", id="Berlin, a minute before"),
        pytest.param(BERLIN, "2026-09-09T07:00Z", "Victor", id="Berlin, handover"),
        pytest.param(BERLIN, "2026-10-28T07:30Z", "Victor", id="Berlin's clock went back a week before America's"),
        pytest.param(BERLIN, "2026-10-28T08:00Z", "Rob", id="so it is 8:00 in UTC there"),
        pytest.param(KOLKATA, "2026-09-09T03:29Z", "Lucas", id="a zone of half an hour"),
        pytest.param(KOLKATA, "2026-09-09T03:30Z", "Victor", id="a zone of half an hour, handover"),
        pytest.param(AUCKLAND, "2026-09-08T21:00Z", "Victor", id="in Auckland Wednesday begins on Tuesday"),
        pytest.param(AUCKLAND, "2026-09-29T19:59Z", "Lucas", id="Auckland's clock goes forward in September"),
        pytest.param(AUCKLAND, "2026-09-29T20:00Z", "Victor", id="Auckland after it"),
        pytest.param(SUNDAY_NIGHT, "2026-03-08T10:29Z", "Lucas", id="an hour that the clock leaves out"),
        pytest.param(SUNDAY_NIGHT, "2026-03-08T10:30Z", "Victor", id="half an hour after it would have been"),
        pytest.param(DOUBLED, "2026-11-01T08:29Z", "Victor", id="an hour that comes twice: not yet"),
        pytest.param(DOUBLED, "2026-11-01T08:30Z", "Rob", id="the first of the two"),
        pytest.param(MIDNIGHT, "2026-09-06T23:59", "Lucas", id="first week on any of its days"),
        pytest.param(MIDNIGHT, "2026-09-07T00:00", "Victor", id="handover at midnight"),
        pytest.param(WEEK_SWAP, "2026-09-09T09:00", "Lucas", id="a swapped week"),
        pytest.param(WEEK_SWAP, "2026-09-16T09:00", "Rob", id="the week after it"),
        pytest.param(WEEK_SWAP, "2026-09-30T09:00", "Victor", id="the same person's next turn stays"),
        pytest.param(DAY_SWAP, "2026-09-11T08:59", "Victor", id="before two swapped days"),
        pytest.param(DAY_SWAP, "2026-09-11T09:00", "Rob", id="in them"),
        pytest.param(DAY_SWAP, "2026-09-13T09:00", "Victor", id="after them"),
        pytest.param(TWO_SWAPS, "2026-09-12T12:00", "stranger", id="the later swap counts, its login is its name"),
        pytest.param(ACROSS, "2026-09-15T12:00", "Lucas", id="a swap across a handover, before it"),
        pytest.param(ACROSS, "2026-09-17T12:00", "Lucas", id="a swap across a handover, after it"),
        pytest.param(ACROSS, "2026-09-18T09:00", "Rob", id="a swap across a handover, its end"),
        pytest.param(OTHER_ROTATION, "2026-09-10T12:00", "Victor", id="a swap in another rotation"),
        pytest.param(
            team(first_week=None), "2026-09-10T12:00", "nobody", id="people without a first week take no turns"
        ),
    ],
)
def test_turns(settings: Config, at: str, expected: str) -> None:
    assert who(settings, there(at, settings)) == expected


def told(*entries: str) -> CalendarEvents:
    """A calendar as it is read: `title from until`, in days without a zone (all-day, the last one not of it) or UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, entry in enumerate(entries):
        title, start, end = entry.rsplit(" ", 2)
        kind = "" if "T" in start else ";VALUE=DATE"
        times = [f"DTSTART{kind}:{start}", f"DTEND{kind}:{end}"]
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:{title}", *times, "END:VEVENT"]
    text = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    since = datetime(2026, 8, 1, tzinfo=UTC)
    return CalendarEvents("developer", read_events(text, since, since + timedelta(days=200), PACIFIC.team.zone))


FROM_CALENDAR = team(calendars=(Calendar(),), first_week=None)
DAYS = told("Lucas 20260907 20260910", "Victor 20260912 20260914")
CLOCK_BACK = told("Lucas 20261031 20261101", "Victor 20261101 20261102", "Rob 20261102 20261103")
STAND_IN = told("Lucas 20260907T160000Z 20260914T160000Z", "Victor 20260909 20260910")
HOLE = told("Lucas 20260907T160000Z 20260909T160000Z", "Rob 20260909T170000Z 20260914T160000Z")


@pytest.mark.parametrize(
    ("calendar", "at", "expected"),
    [
        pytest.param(DAYS, "2026-09-07T00:00", "Lucas", id="all-day begins at midnight of the team"),
        pytest.param(DAYS, "2026-09-06T23:59:59", "nobody", id="and not a second before"),
        pytest.param(DAYS, "2026-09-09T23:59:59", "Lucas", id="the last of several days, to its end"),
        pytest.param(DAYS, "2026-09-10T00:00", "nobody", id="the day that is named as the end is not of it"),
        pytest.param(DAYS, "2026-09-11T12:00", "nobody", id="a gap between days"),
        pytest.param(DAYS, "2026-09-12T07:00Z", "Victor", id="midnight there is seven in the morning in UTC"),
        pytest.param(CLOCK_BACK, "2026-11-01T06:59:59Z", "Lucas", id="the day before the clock goes back"),
        pytest.param(CLOCK_BACK, "2026-11-02T07:59:59Z", "Victor", id="that day has 25 hours"),
        pytest.param(CLOCK_BACK, "2026-11-02T08:00Z", "Rob", id="and the next begins after them"),
        pytest.param(STAND_IN, "2026-09-08T23:59", "Lucas", id="before somebody stands in for a day"),
        pytest.param(STAND_IN, "2026-09-09T00:00", "Victor", id="who stands in for a day counts"),
        pytest.param(STAND_IN, "2026-09-10T00:00", "Lucas", id="then it is the other again"),
        pytest.param(HOLE, "2026-09-09T09:00", "nobody", id="a gap of an hour at the handover"),
        pytest.param(HOLE, "2026-09-09T10:00", "Rob", id="and its end"),
    ],
)
def test_calendars(calendar: CalendarEvents, at: str, expected: str) -> None:
    assert who(FROM_CALENDAR, there(at, FROM_CALENDAR), calendar) == expected


@given(st.integers(0, 15 * 365 * 24 * 60), st.timezones())
def test_turns_leave_no_gap_and_no_overlap_wherever_the_team_is(minutes: int, zone: ZoneInfo) -> None:
    settings, now = team(zone.key), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    start, end = window(now, settings)
    made = roster_of(settings, (), start, end)
    assert made.gaps(start, end) == ()
    assert made.overlaps(start, end) == ()
    (shift,) = made.on_call(now)
    assert shift.end.astimezone(zone).weekday() == 2
    following = made.next_after(shift)
    assert following is not None
    names = [person.name for person in PEOPLE]
    assert names.index(following.person) == (names.index(shift.person) + 1) % 3


# Shifts --------------------------------------------------------------------------------------------------------------


def shift(person: str, start: float, end: float, rotation: str = "developer") -> Shift:
    """From one day to another, counted from `MONDAY`."""
    return Shift(person, person.lower(), "", MONDAY + timedelta(days=start), MONDAY + timedelta(days=end), rotation)


def made(*shifts: Shift, rotations: tuple[str, ...] = ("developer",)) -> Roster:
    return roster(shifts, rotations)


def test_days_of_one_person_in_a_row_are_one_shift() -> None:
    whole = made(shift("A", 2, 3), shift("A", 0, 1), shift("A", 1, 2), shift("B", 3, 4), shift("A", 5, 6))
    assert [(one.person, (one.end - one.start).days) for one in whole.shifts] == [("A", 3), ("B", 1), ("A", 1)]


def test_who_stands_in_for_a_day_counts_and_then_the_other_again() -> None:
    week = made(shift("A", 0, 7), shift("B", 2, 3))
    (standing_in,) = week.on_call(MONDAY + timedelta(days=2.5))
    assert standing_in.person == "B"
    following = week.next_after(standing_in)
    assert following is not None
    assert following.person == "A"
    (overlap,) = week.overlaps(MONDAY, MONDAY + timedelta(days=7))
    assert (overlap.first.person, overlap.second.person) == ("A", "B")
    assert overlap.end - overlap.start == timedelta(days=1)


def test_of_two_that_begin_together_the_shorter_counts() -> None:
    assert made(shift("A", 0, 7), shift("B", 0, 1)).on_call(MONDAY)[0].person == "B"


def test_gaps_are_before_between_and_after() -> None:
    found = made(shift("A", 1, 2), shift("B", 3, 4)).gaps(MONDAY, MONDAY + timedelta(days=6))
    assert [((gap.start - MONDAY).days, (gap.end - MONDAY).days) for gap in found] == [(0, 1), (2, 3), (4, 6)]


def test_a_gap_is_in_its_rotation_alone() -> None:
    both = made(shift("A", 0, 7), rotations=("developer", "infra"))
    assert [gap.rotation for gap in both.gaps(MONDAY, MONDAY + timedelta(days=7))] == ["infra"]
    assert [one.person for one in both.on_call(MONDAY)] == ["A"]


def test_my_next_week_is_found_by_login_in_any_capitals() -> None:
    week = made(shift("A", 0, 7), shift("B", 7, 14), shift("A", 14, 21))
    mine = week.next_of("a", MONDAY)
    assert mine is not None
    assert mine.start == MONDAY + timedelta(days=14)
    assert made(shift("A", 3, 4)).next_of("", MONDAY) is None


def test_after_the_last_shift_nobody_is_known() -> None:
    only = shift("A", 0, 7)
    assert made(only).next_after(only) is None
    assert made(only).on_call(MONDAY + timedelta(days=7)) == ()


# Calendars -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name", "login"),
    [
        ("On-call: Lucas", "Lucas", "lucasmrod"),
        ("lucas (mdm)", "Lucas", "lucasmrod"),
        ("@getvictor has the week", "Victor", "getvictor"),
        ("Lucas, for Roberto", "Lucas", "lucasmrod"),
        ("ROBERTO", "Rob", "roperzh"),
        ("Robin", "Robin", ""),
        ("", "(no title)", ""),
    ],
)
def test_a_name_in_a_title_is_somebody(title: str, name: str, login: str) -> None:
    person = person_in(title, PEOPLE)
    assert (person.name, person.login) == (name, login)


def test_a_calendar_counts_before_the_turns_of_its_rotation_and_leaves_the_others() -> None:
    people = (*PEOPLE, Person(name="Ops", login="ops", rotation="infra"))
    settings = team(people=people, calendars=(Calendar(titles=("on-call",)),))
    start = there("2026-09-09T09:00", settings)
    events = (
        Event("On-call: Rob", start, start + timedelta(days=1)),
        Event("Party with Victor", start, start + timedelta(days=7)),
    )
    both = CalendarEvents("developer", events)
    assert who(settings, start, both) == "Rob, Ops"
    assert who(settings, start + timedelta(days=2), both) == "Ops"
