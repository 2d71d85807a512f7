"""The weekly figures of the bugs, kept week by week and computed anew only when they can have changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.kpis import Counts, Kept, Kpis, Week, figures, history, past, week_of
from fleet_tui.services.kpi_history import KpiHistory
from fleet_tui.services.store import Store

PAST_ANEW_EVERY = timedelta(hours=1)
"""A past week changes when a bug of it is reopened: seldom, and nobody waits for it."""


class BugFigures:
    """This week's figures and those of the weeks before."""

    def __init__(self, config: Config, store: Store, now: Callable[[], datetime]) -> None:
        self._config = config
        self._now = now
        self._kept = KpiHistory(store)
        self._of: tuple[object, object] = (None, None)
        self._present: Kpis | None = None
        self._past: tuple[Kpis, ...] = ()
        self._past_of: tuple[datetime, int] | None = None
        """When `_past` was computed, and of how many bugs."""

    def present(self, bugs: Sequence[Bug], counts: Counts) -> Kpis:
        """This week's, so far."""
        now = self._now()
        week = week_of(now, self._config.team.zone)
        same = self._of[0] is bugs and self._of[1] == counts
        if self._present is None or not same or self._present.week != week:
            self._of, self._present = (bugs, counts), figures(bugs, week, now, self._config, counts)
        return self._present

    def weeks(self, bugs: Sequence[Bug], counts: Counts) -> tuple[Kpis, ...]:
        """The last twelve weeks and this one, oldest first."""
        now, present = self._now(), self.present(bugs, counts)
        at, count = self._past_of or (now, -1)
        if count != len(bugs) or now - at >= PAST_ANEW_EVERY or self._past[-1].week != present.week:
            self._past, self._past_of = history(bugs, now, self._config, counts, self._weeks_kept()), (now, len(bugs))
        return (*self._past[:-1], present)

    def past(self, week: Week, bugs: Sequence[Bug], counts: Counts) -> Kpis | None:
        """Those of any week; None when they are neither kept nor to be computed."""
        return past(bugs, week, self._now(), self._config, counts, self._weeks_kept())

    def _weeks_kept(self) -> Kept:
        return {one.week: one.figures for one in self._kept.weeks()}
