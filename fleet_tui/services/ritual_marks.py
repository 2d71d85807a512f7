"""Which rituals were marked as done on this machine."""

from __future__ import annotations

from fleet_tui.domain.ritual_agenda import Mark
from fleet_tui.services.store import Store

KEPT = 500


class RitualMarks:
    """The marks of one repository's rituals, kept in the store."""

    def __init__(self, store: Store, repository: str) -> None:
        self._store = store
        self._name = f"ritual marks {repository}"

    def load(self) -> tuple[Mark, ...]:
        """All marks, the oldest first."""
        return self._store.recall(self._name, tuple[Mark, ...], ())

    def add(self, mark: Mark) -> None:
        """Keep a mark; a former one of the same ritual for the same day goes."""
        self._save((*self._others(mark), mark))

    def remove(self, mark: Mark) -> None:
        """Take a mark back."""
        self._save(self._others(mark))

    def _others(self, mark: Mark) -> tuple[Mark, ...]:
        return tuple(one for one in self.load() if (one.task, one.due) != (mark.task, mark.due))

    def _save(self, marks: tuple[Mark, ...]) -> None:
        self._store.remember(self._name, marks[-KEPT:])
