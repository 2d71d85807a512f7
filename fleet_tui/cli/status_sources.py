"""The sources of `status`, and how old what they said is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from fleet_tui.domain.problem import Problem
from fleet_tui.feed import Feed


class Source(Struct, frozen=True):
    """How a feed is."""

    name: str
    title: str
    at: datetime | None
    """When its value was read; None when there is none."""
    age: float | None
    """Seconds since then."""
    problem: Problem | None


def sources(feeds: Iterable[Feed[Any]], now: datetime) -> tuple[Source, ...]:
    """Each feed with the age of its value at `now`."""
    return tuple(
        Source(feed.name, feed.title, at, max(0.0, (now - at).total_seconds()) if at else None, feed.reading.problem)
        for feed in feeds
        for at in [feed.reading.at]
    )
