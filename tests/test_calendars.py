"""Calendars: Google's and Outlook's shapes, feeds that break, and a secret address that shows nowhere."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import thread_time
from zoneinfo import ZoneInfo

import pytest

from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.config.on_call import Calendar, Person
from fleet_tui.config.schema import Config
from fleet_tui.domain.calendars import CalendarEvents
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.turns import roster_of
from fleet_tui.services import icalendars
from fleet_tui.services.cache import Cached, MemoryCache
from fleet_tui.services.calendars import LARGEST, Calendars, RosterReader, calendar_service
from fleet_tui.services.http import Http
from fleet_tui.services.icalendars import BadCalendar, read_events
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.server import Simulator
from tests.helpers import NOW, answer, config, server

DATA = Path(__file__).parent / "data"
PACIFIC = ZoneInfo("America/Los_Angeles")
START, END = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC)
PATH = "/calendar/ical/me%40example.org/private-5e5a3e/basic.ics"
PEOPLE = (
    Person(name="Lucas", login="lucasmrod"),
    Person(name="Victor", login="getvictor"),
    Person(name="Roberto", login="roperzh"),
    Person(name="Robert", login="rob"),
    Person(name="Luke Heath", login="lukeheath"),
)
GOOGLE = """
09-02T09:00 lucasmrod
09-09T09:00 getvictor
09-16T09:00 roperzh
09-23T09:00 lucasmrod
09-30T09:00 getvictor
10-07T09:00 roperzh
10-14T09:00 lucasmrod
10-21T09:00 nobody
10-22T12:00 getvictor
10-28T09:00 lucasmrod
11-11T09:00 getvictor
11-18T09:00 roperzh
11-25T09:00 nobody
11-26T00:00 On-call: Quinn 🦃
11-30T00:00 nobody
12-09T09:00 roperzh
12-16T09:00 lucasmrod
12-23T09:00 getvictor
"""
OUTLOOK = """
09-02T09:00 rob
09-09T09:00 lukeheath
09-16T09:00 rob
09-23T09:00 lukeheath
09-30T09:00 rob
10-07T09:00 lukeheath
10-14T00:00 Dana
10-19T08:00 nobody
10-21T09:00 lukeheath
10-28T09:00 rob
11-04T09:00 lukeheath
11-11T09:00 rob
12-02T09:00 lukeheath
12-09T09:00 rob
12-16T09:00 lukeheath
12-23T09:00 rob
"""


# What calendar programs write ----------------------------------------------------------------------------------------


def instants(table: str) -> list[tuple[datetime, str]]:
    """A hundred instants with who is on call: both sides of each handover, and between them evenly."""
    lines = [line.split(" ", 1) for line in table.split("\n") if line]
    begun = [(datetime.fromisoformat(f"2026-{at}").replace(tzinfo=PACIFIC).astimezone(UTC), who) for at, who in lines]
    begun.append((datetime(2026, 12, 30, 17, tzinfo=UTC), ""))
    found = []
    for (start, who), (end, _) in pairwise(begun):
        found += [(start, who), (end - timedelta(seconds=1), who)]
        found += [(start + (end - start) * part / 6, who) for part in range(1, 6)]
    return found[:100]


@pytest.mark.parametrize(("file", "table"), [("on-call-google.ics", GOOGLE), ("on-call-outlook.ics", OUTLOOK)])
def test_the_right_person_at_a_hundred_instants(file: str, table: str) -> None:
    settings = config(on_call={"calendars": (Calendar(titles=("^(?!Release party)",)),), "people": PEOPLE})
    events = read_events((DATA / file).read_bytes(), START, END, PACIFIC)
    roster = roster_of(settings, [CalendarEvents("developer", events)], START, END)
    asked = instants(table)
    assert len(asked) == 100
    for moment, expected in asked:
        found = [shift.login or shift.person for shift in roster.on_call(moment)] or ["nobody"]
        assert found == [expected], moment


def calendar(*entry: str, head: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *([head] if head else []), "BEGIN:VEVENT", "UID:1", "SUMMARY:x", *entry]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("", "2026-11-04T08:00"),
        ("X-WR-TIMEZONE:Europe/Berlin", "2026-11-03T23:00"),
        ("X-WR-TIMEZONE:Mars", "2026-11-04T08:00"),
    ],
)
def test_all_day_entries_are_days_of_the_calendars_own_zone_else_of_the_teams(head: str, first: str) -> None:
    text = calendar("DTSTART;VALUE=DATE:20261104", "DTEND;VALUE=DATE:20261106", head=head)
    (event,) = read_events(text, START, END, PACIFIC)
    assert event.all_day
    assert event.start == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert event.end - event.start == timedelta(days=2)


def test_an_hour_without_a_zone_is_the_teams() -> None:
    (event,) = read_events(calendar("DTSTART:20261104T090000", "DURATION:PT1H"), START, END, PACIFIC)
    assert (event.start, event.end) == (datetime(2026, 11, 4, 17, tzinfo=UTC), datetime(2026, 11, 4, 18, tzinfo=UTC))


def test_a_title_is_harmless() -> None:
    text = calendar("DTSTART:20261104T090000Z").replace(b"SUMMARY:x", b"SUMMARY:\x1b[31mred\\nand more")
    (event,) = read_events(text, START, END, PACIFIC)
    assert event.start == event.end  # a moment, which is nobody's shift
    assert event.title == "[31mred and more"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>Sign in</html>",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026",
        calendar("DTSTART:soon"),
        calendar("DURATION:PT1H"),
        calendar("DTSTART:20260901T000000Z", "RRULE:FREQ=SOMETIMES"),
        calendar("DTSTART:20260901T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"),
        calendar("DTSTART:20260901T000000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;BYMINUTE=1,2,3;BYSECOND=1,2,3"),
        calendar("DTSTART:20260901T000000Z", "DURATION:PT1H", "EXDATE:never", "RRULE:FREQ=DAILY"),
    ],
)
def test_what_is_no_sound_calendar_is_refused(text: bytes) -> None:
    with pytest.raises(BadCalendar):
        read_events(text, START, END, PACIFIC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("EXDATE:never", "unreadable EXDATE"),
        ("RDATE:some day", "unreadable RDATE"),
        ("RRULE:FREQ=SOMETIMES", "unreadable RRULE"),
        ("RRULE:FREQ=SECONDLY", "more often than every hour"),
        ("RRULE:FREQ=MINUTELY", "more often than every hour"),
        ("RRULE:FREQ=DAILY;BYMINUTE=1,2,3", "more often than every hour"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "repeats after no time"),
    ],
)
def test_it_is_said_what_is_wrong_with_an_entry(line: str, reason: str) -> None:
    with pytest.raises(BadCalendar, match=reason):
        read_events(calendar("DTSTART:20260901T000000Z", "DURATION:PT1H", line), START, END, PACIFIC)


@pytest.mark.parametrize(
    "entry",
    [
        ("DTSTART:20260101T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"),
        ("DTSTART:19000101T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY"),
    ],
    ids=["never", "since ever"],
)
def test_a_rule_that_takes_for_ever_is_given_up(entry: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icalendars, "MOST_SECONDS", 0.3)
    start = thread_time()
    with pytest.raises(BadCalendar, match="take more than"):
        read_events(calendar(*entry), START, END, PACIFIC)
    assert thread_time() - start < 3


def test_a_rule_without_an_end_is_spread_over_the_time_looked_at_only() -> None:
    events = read_events(calendar("DTSTART:20260101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), START, END, PACIFIC)
    assert len(events) == (END - START).days


def test_more_occurrences_than_anybody_has_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icalendars, "MOST_OCCURRENCES", (END - START).days - 1)
    with pytest.raises(BadCalendar, match="more than 140 entries in the time looked at"):
        read_events(calendar("DTSTART:20260101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), START, END, PACIFIC)


# Reading -------------------------------------------------------------------------------------------------------------


class Watched(MemoryCache):
    """A cache that remembers under which keys it was used."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def keep(self, key: str, answer: Cached) -> None:
        self.keys.append(key)
        super().keep(key, answer)


async def read(address: str, cache: Watched | None = None) -> tuple[str, ...]:
    http = Http(cache, now=lambda: NOW)
    try:
        calendars = Calendars(http, {"calendar": Secret(address)}, PACIFIC)
        return tuple(event.title for event in await calendars.read(Calendar(), START, END))
    finally:
        await http.aclose()


ENTRY = calendar("DTSTART:20261104T090000Z", "DURATION:PT1H")


async def test_the_feed_is_read_and_its_address_is_no_key() -> None:
    cache = Watched()
    with server(answer(ENTRY, headers={"ETag": '"1"'})) as (url, asked):
        assert await read(url + PATH, cache) == ("x",)
        assert await read(url + PATH, cache) == ("x",)
        assert await read(url + PATH.replace("5e5a3e", "0ther"), cache) == ("x",)
    assert [path for path, _ in asked][:2] == [PATH, PATH]
    assert [headers.get("if-none-match") for _, headers in asked] == [None, '"1"', None]
    assert len(cache.keys) == 3
    assert not [key for key in cache.keys if "5e5a3e" in key or "private" in key]


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (404, b"not found", Cause.MISSING),
        (403, b'{"message": "no"}', Cause.PERMISSION),
        (500, b"", Cause.SERVER),
        (418, f'{{"message": "what is {PATH}"}}'.encode(), Cause.REFUSED),
        (200, b"<html>", Cause.UNREADABLE),
        (200, b" " * (LARGEST + 1), Cause.UNREADABLE),
    ],
)
async def test_a_failure_does_not_tell_the_address(
    status: int, body: bytes, cause: Cause, caplog: pytest.LogCaptureFixture
) -> None:
    with server(answer(body, status)) as (url, _), pytest.raises(Failure) as caught:
        await read(url + PATH)
    problem = caught.value.problem
    assert problem.cause is cause
    assert problem.sentence.startswith("The calendar developer ")
    assert "5e5a3e" not in repr(problem) + str(caught.value)
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_a_redirect_keeps_the_secret_hidden() -> None:
    away = answer(b"", 302, {"Location": "https://elsewhere.invalid/private-5e5a3e"})
    with server(away) as (url, _), pytest.raises(Failure) as caught:
        await read(url + PATH)
    assert "5e5a3e" not in repr(caught.value.problem)


@pytest.mark.parametrize(
    "address",
    ["http://calendar.example/ical/private-5e5a3e/basic.ics", "https://u:5e5a3e@h/x.ics", "5e5a3e", "https://5e5a3e.example",
     "https://[5e5a3e", "file:///etc/5e5a3e"],
)  # fmt: skip
def test_an_unsafe_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(Failure, match="fleet-tui auth set calendar") as caught:
        calendar_service(Calendar(), Secret(address))
    assert "5e5a3e" not in repr(caught.value.problem)


def test_webcal_is_https() -> None:
    service = calendar_service(Calendar(), Secret(f"webcal://calendar.example{PATH}?a=b"))
    assert service.base == "https://calendar.example"
    assert service.token == Secret(f"{PATH}?a=b")


async def test_an_address_that_is_none_is_not_called_a_former_one() -> None:
    with pytest.raises(Failure, match="not one of a feed"):
        await read("5e5a3e-is-no-address")


async def test_a_calendar_without_an_address_says_what_to_do(http: Http) -> None:
    with pytest.raises(Failure, match="fleet-tui auth set calendar-2"):
        await Calendars(http, {}, PACIFIC).read(Calendar(address="calendar-2"), START, END)


async def test_a_file_serves_as_well(http: Http, tmp_path: Path) -> None:
    (tmp_path / "turns.ics").write_bytes(ENTRY)
    calendars = Calendars(http, {}, PACIFIC)
    assert len(await calendars.read(Calendar(file=str(tmp_path / "turns.ics")), START, END)) == 1
    with pytest.raises(Failure, match="cannot be read from"):
        await calendars.read(Calendar(file=str(tmp_path / "none.ics")), START, END)
    with pytest.raises(Failure, match="cannot be read from"):
        await calendars.read(Calendar(file=str(tmp_path)), START, END)


async def test_without_any_roster_it_says_how_to_make_one(http: Http) -> None:
    with pytest.raises(Failure, match="first_week"):
        await RosterReader(Calendars(http, {}, PACIFIC), Config()).read(NOW)


@pytest.mark.parametrize("day", range(0, 400, 57))
async def test_in_the_demo_lucas_is_on_call_now(day: int) -> None:
    now = NOW + timedelta(days=day, hours=day)
    async with Simulator(demo_world(now)) as simulator:
        settings = demo_config(simulator.url)
        http = Http(now=lambda: now)
        try:
            roster = await RosterReader(Calendars(http, demo_tokens(simulator.url), PACIFIC), settings).read(now)
        finally:
            await http.aclose()
    assert next((one.person, one.login) for one in roster.on_call(now)) == ("Lucas", "lucasmrod")
    assert {one.rotation for one in roster.on_call(now)} == {"developer", "infrastructure"}
    assert roster.gaps(now, now + timedelta(weeks=12)) == ()
    assert {one.person for one in roster.shifts if not one.login} == {"Robert (infra)"}
