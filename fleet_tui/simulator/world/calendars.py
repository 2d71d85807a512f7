"""Shared calendars with a secret address, as Google keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; with `every_weeks` it comes again without end, but for the `cancelled` occurrences."""

    title: str
    start: datetime
    """On the wall clock of `ZONE`, without a zone."""
    length: timedelta
    every_weeks: int = 0
    cancelled: tuple[datetime, ...] = ()
    """Beginnings of occurrences that were deleted."""
    moved: tuple[tuple[datetime, str, datetime], ...] = ()
    """Occurrences that were changed: their former beginning, their title and beginning now."""
    all_day: bool = False


@dataclass(slots=True, eq=False)
class SharedCalendar:
    """A calendar."""

    name: str
    id: str
    key: str
    """The secret part of its address; not a real one: it opens nothing but this simulator."""
    entries: list[Entry] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Its secret address below the service."""
        return f"/ical/{self.id}/private-{self.key}/basic.ics"
