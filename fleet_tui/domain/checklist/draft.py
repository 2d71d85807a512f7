"""A section while it is being read."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from msgspec.structs import replace

from fleet_tui.domain.checklist.model import Field, Item, Note, NotUnderstood, Section
from fleet_tui.domain.checklist.rows import TestRow
from fleet_tui.domain.checklist.words import loose_key
from fleet_tui.domain.text import clean

NO_BOX = "This test stands in a table, but has no tick box and no verdict column."


@dataclass(slots=True)
class Draft:
    """What was found under one heading so far."""

    title: str
    level: int
    key: str
    items: list[Item] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    references: list[tuple[TestRow, int]] = field(default_factory=list)
    """Rows of tables without a verdict column, and their lines."""

    @property
    def holds_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.items or self.notes or self.fields)

    @property
    def section(self) -> Section:
        """The finished section."""
        return Section(self.title, self.level, tuple(self.items), tuple(self.notes), tuple(self.fields))


def place_references(draft: Draft) -> list[NotUnderstood]:
    """Give the tick boxes of `draft` the steps and expected results of their rows; tells which rows have no box."""
    bare: dict[str, deque[int]] = defaultdict(deque)
    for index, item in enumerate(draft.items):
        if not item.steps and not item.expected:
            bare[loose_key(item.name)].append(index)
    left = []
    for row, line in draft.references:
        waiting = bare.get(loose_key(row.name))
        if waiting:
            index = waiting.popleft()
            draft.items[index] = replace(draft.items[index], steps=row.steps, expected=row.expected)
        elif row.columns.of_tests:
            left.append(NotUnderstood(line, clean(row.name, 100), NO_BOX))
    return left
