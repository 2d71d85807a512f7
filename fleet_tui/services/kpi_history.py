"""The figures of the bugs week by week, kept in the state file: one snapshot a week, the newest of it.

What was opened and closed in a week can be computed back from the issues' dates at any time. How many stood in which
state cannot: that is what is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from fleet_tui.services.store import Store

NAME = "bugs.weeks"
WEEKS_KEPT = 104


class Snapshot(Struct, frozen=True):
    """How the bugs stood in a week, when it was last looked at."""

    week: str
    """The week's name by ISO 8601 in the team's zone, e.g. `2026-W47`."""
    at: datetime
    figures: Mapping[str, int]
    """By name, e.g. that of a state."""


class KpiHistory:
    """The snapshots of past weeks, and that of the week under way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def weeks(self) -> tuple[Snapshot, ...]:
        """All that is kept, oldest week first; empty at the first start."""
        return tuple(sorted(self._kept().values(), key=lambda one: one.week))

    def note(self, snapshot: Snapshot) -> None:
        """Keep `snapshot` in the place of an earlier one of its week; the newest `WEEKS_KEPT` weeks stay.

        Another program that runs may know a later one of the week: that stays.
        """
        kept = self._kept()
        known = kept.get(snapshot.week)
        if known and (known.at >= snapshot.at or known.figures == snapshot.figures):
            return
        kept[snapshot.week] = snapshot
        newest = sorted(kept)[-WEEKS_KEPT:]
        self._store.remember(NAME, [kept[week] for week in newest])

    def _kept(self) -> dict[str, Snapshot]:
        return {one.week: one for one in self._store.recall(NAME, list[Snapshot], [])}
