"""A release so dated that the freeze of `main` is under way now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
NINE = time(9)
TUESDAY = 1
DEEP_FREEZE = timedelta(hours=24)
SPARE = timedelta(hours=30)
LITTLE_SPARE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the branch was frozen, and the day of the release that it is frozen for."""

    frozen_at: datetime
    day: date

    @property
    def release_at(self) -> datetime:
        """The hour of the release."""
        return _pacific(self.day, NINE)


def mid_freeze(now: datetime) -> Schedule:
    """A schedule in the middle of whose freeze `now` lies.

    The release is on the Monday after the last Tuesday; on a weekend, when the deep freeze would be near or have
    begun, on the Tuesday. From the small hours of Monday to the Tuesday freeze hour no release day would do: then the
    release is a week later, and the branch is simply frozen early.
    """
    tuesday = _last_tuesday(now)
    frozen_at = _pacific(tuesday, NINE)
    monday = tuesday + timedelta(days=6)
    for day, spare in ((monday, SPARE), (monday + timedelta(days=1), LITTLE_SPARE)):
        if _pacific(day, NINE) - DEEP_FREEZE - now >= spare:
            return Schedule(frozen_at, day)
    return Schedule(frozen_at, monday + timedelta(days=7))


def due_on(day: date) -> datetime:
    """A milestone's due date as GitHub keeps it: midnight in San Francisco."""
    return _pacific(day, time(0))


def _last_tuesday(now: datetime) -> date:
    today = now.astimezone(PACIFIC).date()
    tuesday = today - timedelta(days=(today.weekday() - TUESDAY) % 7)
    return tuesday if _pacific(tuesday, NINE) <= now else tuesday - timedelta(days=7)


def _pacific(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=PACIFIC).astimezone(UTC)
