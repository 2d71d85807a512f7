"""Tables as rows of cells, each known by where it stands in the body."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from fleet_tui.domain.checklist.identity import Span

USUAL_WIDTH = 4
NARROWEST_HEADER = 3


class Cell(Struct, frozen=True):
    """The inside of a cell."""

    start: int
    end: int
    is_title: bool
    """Whether it is a `<th>`."""


class Row(Struct, frozen=True):
    """One row with at least one cell."""

    start: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Table:
    """One table; outer tags included in its span."""

    start: int
    end: int = 0
    rows: list[Row] = field(default_factory=list)
    stray: list[Span] = field(default_factory=list)
    """Text that stands in no cell."""

    @property
    def width(self) -> int | None:
        """How many cells a row has, by its first row; None while that one is still being read."""
        if not self.rows:
            return None
        first = len(self.rows[0].cells)
        return first if first >= NARROWEST_HEADER else USUAL_WIDTH
