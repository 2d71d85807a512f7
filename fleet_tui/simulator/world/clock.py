"""Clocks for the world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def real_time() -> datetime:
    """Now, by the machine's clock."""
    return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved on."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def advance(self, **by: float) -> None:
        """Move on, by `timedelta` arguments: `advance(minutes=5)`."""
        self._at += timedelta(**by)
