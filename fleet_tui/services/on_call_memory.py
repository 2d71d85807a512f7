"""What whoever is on call has ticked and typed, kept on this machine: marks on pull requests, the handoff's draft."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from fleet_tui.domain.handoff import Draft
from fleet_tui.domain.merge_conditions import Condition
from fleet_tui.services.store import Store


class Marks:
    """Conditions for merging that were marked by hand. A push takes them back: they were said of what was there."""

    def __init__(self, store: Store, repository: str) -> None:
        self._store = store
        self._repository = repository

    def of(self, number: int, head: str) -> frozenset[Condition]:
        """The conditions that are marked on the pull request as it is at the commit `head`."""
        marked = self._store.recall(self._name(number), _Marked, _Marked(head))
        return marked.conditions if marked.head == head else frozenset()

    def toggle(self, number: int, head: str, condition: Condition) -> frozenset[Condition]:
        """Mark the condition, or take its mark back; gives those marked now."""
        now = self.of(number, head) ^ {condition}
        self._store.remember(self._name(number), _Marked(head, now))
        return now

    def _name(self, number: int) -> str:
        return f"conditions {self._repository}#{number}"


class _Marked(Struct, frozen=True):
    head: str
    conditions: frozenset[Condition] = frozenset()


def keep_draft(store: Store, draft: Draft) -> None:
    """Keep what is typed and ticked so far, with each change."""
    store.remember(DRAFT, draft)


def kept_draft(store: Store, shift: datetime) -> Draft:
    """The draft of the shift that began at `shift`; an empty one when the draft kept is of another."""
    draft = store.recall(DRAFT, Draft, Draft(shift))
    return draft if draft.shift == shift else Draft(shift)


DRAFT = "handoff draft"
