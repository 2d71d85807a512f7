"""Which columns fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from fleet_tui.widgets.columns import GAP, Column, Place, lay_out

COLUMNS = (
    Column("number", width=7),
    Column("title", width=10, flex=True),
    Column("age", width=5, align="right", drop_below=60),
    Column("author", width=12, drop_below=90),
)


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        (120, [("number", 7), ("title", 87), ("age", 5), ("author", 12)]),
        (89, [("number", 7), ("title", 70), ("age", 5)]),
        (59, [("number", 7), ("title", 47)]),
        (20, [("number", 7)]),
        (3, [("number", 7)]),
    ],
)
def test_columns_go_in_the_order_thought_out(table: int, shown: list[tuple[str, int]]) -> None:
    places = lay_out(COLUMNS, table, table - 3)
    assert [(place.column.key, place.width) for place in places] == shown


@given(st.integers(20, 300), st.integers(1, 4))
def test_flexible_columns_fill_the_room_exactly(room: int, flexible: int) -> None:
    columns = [Column(str(n), width=2, flex=True) for n in range(flexible)]
    places = lay_out(columns, room, room)
    assert sum(place.width for place in places) + GAP * (flexible - 1) == room


@pytest.mark.parametrize(
    ("align", "text", "fitted"),
    [("left", "ab", "ab   "), ("right", "ab", "   ab"), ("left", "abcdefg", "abcd…"), ("left", "日本語日", "日本…")],
)
def test_a_cell_gets_exactly_its_width(align: str, text: str, fitted: str) -> None:
    column = Column("c", width=5, align="right" if align == "right" else "left")
    assert Place(0, column, 5).fit(Content(text)).plain == fitted
