"""What calendars hold: entries with a beginning and an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct


class Event(Struct, frozen=True):
    """One entry of a calendar; of a recurring one, a single occurrence."""

    title: str
    start: datetime
    """UTC. Of an all-day entry the midnight at which its first day begins."""
    end: datetime
    """UTC, exclusive. Of an all-day entry the midnight at which its last day ends."""
    all_day: bool = False


class CalendarEvents(Struct, frozen=True):
    """The entries of one calendar."""

    name: str
    """As the settings call it, e.g. `developer`."""
    events: tuple[Event, ...]


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of its day in UTC: what is read for a day need not be read again within it."""
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)
