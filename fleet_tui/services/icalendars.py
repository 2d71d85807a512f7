"""iCalendar text (RFC 5545) read into entries: Google's, Outlook's and others'. No network here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from fleet_tui.domain.calendars import Event
from fleet_tui.domain.text import clean
from fleet_tui.services.budget import TooLong, at_most

MOST_ENTRIES = 5_000
MOST_OCCURRENCES = 5_000
MOST_SECONDS = 10
"""A rule of a day that never comes (30 February, every hour) is looked for until the year 9999."""
TOO_OFTEN = {"SECONDLY", "MINUTELY"}
"""What repeats so fast fills the memory; nobody's calendar does."""
PLACES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
"""The properties that say when an entry is. With one of them unreadable it would stand in a wrong place, or nowhere."""


class BadCalendar(ValueError):
    """The text is no calendar that can be trusted; says why, without a word out of it."""


def read_events(text: bytes, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Event, ...]:
    """The entries that touch the time from `start` to `end`, by their start. Recurring ones are spread out.

    Days and hours without a zone are in the zone that the calendar names as its own (`X-WR-TIMEZONE`), else in `zone`.
    Raises `BadCalendar`.
    """
    try:
        with at_most(MOST_SECONDS):
            calendar = icalendar.Calendar.from_ical(text)
            _check(calendar.walk("VEVENT"))
            own = _own_zone(calendar, zone)
            found = _spread(calendar, start, end)
            events = [_event(entry, own) for entry in found if str(entry.get("STATUS", "")).upper() != "CANCELLED"]
    except TooLong:
        raise BadCalendar(f"its recurring entries take more than {MOST_SECONDS} s to work out") from None
    except BadCalendar:
        raise
    except Exception as error:  # noqa: BLE001  # two libraries on outside text raise whatever they meet
        raise BadCalendar(type(error).__name__) from None
    return tuple(sorted((one for one in events if one.end > start and one.start < end), key=lambda one: one.start))


def _spread(calendar: icalendar.Component, start: datetime, end: datetime) -> list[icalendar.Event]:
    """The occurrences from `start` to `end`, one entry with its exceptions after the other, until it is too much."""
    series: dict[str, list[icalendar.Component]] = {}
    for entry in calendar.walk("VEVENT"):
        series.setdefault(str(entry.get("UID", id(entry))), []).append(entry)
    zones, found = calendar.walk("VTIMEZONE"), list[icalendar.Event]()
    for entries in series.values():
        one = icalendar.Calendar(calendar)
        one.subcomponents = [*zones, *entries]
        found += recurring_ical_events.of(one).between(start, end)
        if len(found) > MOST_OCCURRENCES:
            raise BadCalendar(f"more than {MOST_OCCURRENCES} entries in the time looked at")
    return found


def _check(entries: list[icalendar.Component]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise BadCalendar(f"more than {MOST_ENTRIES} entries")
    for entry in entries:
        if spoilt := PLACES & {str(name).upper() for name, _ in entry.errors}:
            raise BadCalendar(f"unreadable {', '.join(sorted(spoilt))}")
        if "DTSTART" not in entry:
            raise BadCalendar("an entry without a beginning")
        rules = entry.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            often = TOO_OFTEN & {str(value).upper() for value in rule.get("FREQ", [])}
            if often or any(len(rule.get(part, [])) > 1 for part in ("BYSECOND", "BYMINUTE")):
                raise BadCalendar("an entry that repeats more often than every hour")
            if any(int(every) < 1 for every in rule.get("INTERVAL", [])):  # the library would look for ever
                raise BadCalendar("an entry that repeats after no time")


def _own_zone(calendar: icalendar.Component, zone: ZoneInfo) -> tzinfo:
    own = icalendar.timezone.tzp.timezone(str(calendar.get("X-WR-TIMEZONE", "")))
    if own is None:
        calendar.pop("X-WR-TIMEZONE", None)  # the library would stumble over a zone that nobody knows
    return own or zone


def _event(entry: icalendar.Event, zone: tzinfo) -> Event:
    start, end = entry.start, entry.end  # the library works out the end from DURATION, or from all-day's one day
    return Event(
        clean(str(entry.get("SUMMARY", ""))), _moment(start, zone), _moment(end, zone), not isinstance(start, datetime)
    )


def _moment(value: date | datetime, zone: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
