"""What went wrong in this run, for the activity screen."""

from __future__ import annotations

import logging
from collections import deque
from datetime import datetime

from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.problem import Problem

KEPT = 200

log = logging.getLogger(__name__)


class Complaints:
    """The newest problems as journal entries. They go to the log as well."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Oldest first."""
        return tuple(self._entries)

    def keep(self, action: str, what: str, problem: Problem, at: datetime) -> None:
        """Remember that `what` failed."""
        log.warning("%s: %s %s", action, problem.text, problem.detail)
        number = self._entries[-1].id + 1 if self._entries else 1
        title, detail = f"{what}: {problem.sentence}", problem.detail
        self._entries.append(
            Entry(number, at, "", action, title, problem.source, "", problem.remedy, Outcome.FAILED, detail)
        )
