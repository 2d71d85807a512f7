"""Bugs: the issues with their timelines, the board column that tells which wait for QA, and moving them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.domain.kpis import figures, in_states, kept_figures, week_of
from fleet_tui.services.board_columns import BoardColumns
from fleet_tui.services.bug_mover import BugMover
from fleet_tui.services.github_bugs import OpenBugs
from fleet_tui.services.github_issue_view import BugDetails
from fleet_tui.services.kpi_history import KpiHistory, Snapshot
from fleet_tui.wiring.source import Common, Source

WHILE_UNSETTLED = 1.0


class BugsArea:
    """Everything that the bug board reads and writes."""

    def __init__(self, common: Common) -> None:
        config = common.config
        self._common = common
        self._polling = config.polling
        self._weeks = KpiHistory(common.store)
        self.progress = ""
        """How far the first read has come, as a sentence; empty when it is over."""
        self.open_bugs = OpenBugs(common.github, config, common.now, known=common.value("bugs") or (), tell=self._tell)
        self.details = BugDetails(common.github)
        self.mover = BugMover(common.writer, common.github, common.zenhub, config)
        self._columns = (
            BoardColumns(common.zenhub, common.github, config.groups, config.bugs.awaiting_qa_column)
            if common.zenhub
            else None
        )

    def sources(self) -> Mapping[str, Source]:
        """The feeds `bugs` and `columns`."""
        return {"bugs": Source(self._read, self._every), "columns": Source(self._read_columns, self._columns_every)}

    def react(self, name: str, former: Any, value: Any) -> None:
        """Another bug, or another column, makes other figures of the week."""
        if name in {"bugs", "columns"} and not self.open_bugs.is_unsettled:
            self.keep_figures()

    def keep_figures(self) -> None:
        """Write down how many stand in which state, once it is known: it cannot be computed later."""
        common = self._common
        bugs, columns, now, config = common.value("bugs"), common.value("columns"), common.now(), common.config
        if bugs is None or columns is None:
            return
        present = figures(bugs, week_of(now, config.team.zone), now, config, in_states(bugs, config, columns))
        self._weeks.note(Snapshot(str(present.week), now, kept_figures(present)))

    def close(self) -> None:
        """Nothing is held."""

    async def _read(self) -> Any:
        try:
            return await self.open_bugs.read()
        finally:
            self._tell("")

    def _every(self) -> float:
        return WHILE_UNSETTLED if self.open_bugs.is_unsettled else self._polling.bugs

    async def _read_columns(self) -> dict[int, str]:
        return await self._columns.read() if self._columns else {}

    def _columns_every(self) -> float:
        return self._polling.columns

    def _tell(self, sentence: str) -> None:
        if sentence != self.progress:
            self.progress = sentence
            self._common.changed()
