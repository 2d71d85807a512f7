"""The sources of `status`, and how old what they said is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from fleet_tui.domain.problem import Problem
from fleet_tui.feed import Feed

QA = frozenset({"release_qa", "checklist"})
COMMUNITY = frozenset({"pulls", "members"})
WAITING = COMMUNITY | {"assigned", "bugs"}
"""The sources that each of these is made from: without one of them it would be too little."""


class Source(Struct, frozen=True):
    """How a feed is."""

    name: str
    title: str
    at: datetime | None
    """When its value was read; None when there is none."""
    age: float | None
    """Seconds since then."""
    problem: Problem | None

    @property
    def is_unheard(self) -> bool:
        """Whether it could not be read, neither now nor before: what would be reckoned from it is not known."""
        return self.at is None and self.problem is not None


def sources(feeds: Iterable[Feed[Any]], now: datetime) -> tuple[Source, ...]:
    """Each feed with the age of its value at `now`."""
    return tuple(
        Source(feed.name, feed.title, at, max(0.0, (now - at).total_seconds()) if at else None, feed.reading.problem)
        for feed in feeds
        for at in [feed.reading.at]
    )


def unheard(found: Iterable[Source]) -> frozenset[str]:
    """The names of those that nothing is known of."""
    return frozenset(one.name for one in found if one.is_unheard)
