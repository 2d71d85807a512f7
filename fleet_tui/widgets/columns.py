"""Which columns of a table fit, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from textual.content import Content

GAP = 2
"""Cells between two columns."""


class Column(Struct, frozen=True):
    """A column of fixed width, or one that takes the room left (`flex`)."""

    key: str
    title: str = ""
    width: int = 8
    """Cells; of a flexible column the least."""
    flex: bool = False
    align: Literal["left", "right"] = "left"
    drop_below: int = 0
    """The column is left out of a table narrower than this."""


class Place(Struct, frozen=True):
    """A column that is shown: its position among all columns, and its width on the screen."""

    index: int
    column: Column
    width: int

    def fit(self, cell: Content) -> Content:
        """`cell` in exactly the width of the column; what is cut ends in `…`."""
        cut = cell.truncate(self.width, ellipsis=True)
        room = self.width - cut.cell_length
        return cut.pad_left(room) if self.column.align == "right" else cut.pad_right(room)


def lay_out(columns: Sequence[Column], table: int, room: int) -> tuple[Place, ...]:
    """The columns shown in a table of width `table`, of which `room` cells are for them.

    Flexible columns share what the fixed ones leave, but get no less than their own width. What does not fit even so
    is left out from the right.
    """
    shown = [(index, column) for index, column in enumerate(columns) if table >= column.drop_below]
    while len(shown) > 1 and sum(column.width + GAP for _, column in shown) - GAP > room:
        shown.pop()
    flexible = sum(column.flex for _, column in shown)
    fixed = sum(column.width for _, column in shown if not column.flex)
    left = max(0, room - fixed - GAP * (len(shown) - 1))
    places: list[Place] = []
    for index, column in shown:
        width = column.width
        if column.flex:
            share = left // flexible
            left, flexible = left - share, flexible - 1
            width = max(width, share)
        places.append(Place(index, column, width))
    return tuple(places)
