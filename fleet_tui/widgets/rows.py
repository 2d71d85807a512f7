"""Rows of a keyed table, and how a line of it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from textual.content import Content

from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import GAP, Place

GUTTER = 3
"""Cells left of the columns, where the cursor is drawn."""


class Kind(Enum):
    """How a row is drawn, and whether the cursor stops at it."""

    PLAIN = "plain"
    PENDING = "pending"
    """An action on it is under way: marked with `…` and dimmed."""
    OLD = "old"
    """Dimmed."""
    HEADING = "heading"
    """Its first cell names the group below, or is empty; the cursor passes over it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Two rows are equal when nobody could see a difference."""

    key: str = field(compare=False)
    cells: tuple[Content, ...] = field(compare=False)
    """One for each column, in their order."""
    kind: Kind = field(default=Kind.PLAIN, compare=False)
    # Content compares by its words alone, which would miss a change of colour.
    _look: tuple[object, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        look = (self.key, self.kind, *((cell.plain, *cell.spans) for cell in self.cells))
        object.__setattr__(self, "_look", look)

    @property
    def selectable(self) -> bool:
        """Whether the cursor stops here."""
        return self.kind is not Kind.HEADING


def heading(key: str, words: str | Content) -> Row:
    """A thin rule that begins with `words`."""
    return Row(key, (words if isinstance(words, Content) else Content(words),), Kind.HEADING)


def gap(key: str) -> Row:
    """An empty line between groups."""
    return heading(key, "")


def draw(row: Row, places: Sequence[Place], width: int, cursor: str = "") -> Content:
    """The line of `row`, with the sign of the `cursor` in the gutter when it is here."""
    if row.kind is Kind.HEADING:
        if not row.cells[0].plain:
            return Content()
        words = row.cells[0].truncate(max(0, width - 2), ellipsis=True)
        rule = glyphs.RULE * (width - words.cell_length - 2)
        return Content.assemble(" ", words.stylize("bold"), " ", (rule, "$border-blurred"))
    sign = cursor or (glyphs.PENDING if row.kind is Kind.PENDING else " ")
    line = _line(sign, [place.fit(row.cells[place.index]) for place in places])
    return line if row.kind is Kind.PLAIN else line.stylize_before(Tone.OLD)


def draw_titles(places: Sequence[Place]) -> Content:
    """The line above the rows."""
    return _line(" ", [place.fit(Content(place.column.title)) for place in places]).stylize(Tone.OLD)


def _line(sign: str, cells: Sequence[Content]) -> Content:
    return Content.assemble(f" {sign} ", Content(" " * GAP).join(cells))
