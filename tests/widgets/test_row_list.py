"""Rows come and go; the cursor stays on its key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.widgets.row_list import RowList
from fleet_tui.widgets.rows import Kind, Row
from tests.widgets.host import row

rows_of_any_kind = st.lists(
    st.builds(
        lambda key, word, kind: row(key, word, kind=kind),
        st.sampled_from("abcdefghij"),
        st.text(max_size=2),
        st.sampled_from(Kind),
    ),
    max_size=12,
)


def listed(*rows: Row) -> RowList[Row]:
    given_rows: RowList[Row] = RowList()
    given_rows.replace(rows)
    return given_rows


@given(st.lists(rows_of_any_kind, min_size=1, max_size=8), st.data())
def test_after_each_change_the_rows_are_as_told_and_the_cursor_is_where_it_was_or_next_to_it(
    versions: list[list[Row]], data: st.DataObject
) -> None:
    table: RowList[Row] = RowList()
    for rows in versions:
        before, cursor, here = table.rows, table.cursor, table.here
        table.replace(rows)
        assert table.rows == tuple({one.key: one for one in rows}.values())
        alive = {one.key for one in table.rows if one.selectable}
        if cursor in alive:
            assert table.cursor == cursor
        elif cursor is not None and here is not None:
            below = [one.key for one in before[here + 1 :] if one.key in alive]
            above = [one.key for one in before[:here] if one.key in alive]
            assert table.held is None or not (below or above)
            assert not below or table.cursor == below[0]
            assert below or not above or table.cursor == above[-1]
        assert (table.cursor in alive) if alive else (table.cursor is None)
        somebody_moves = data.draw(st.booleans())
        if alive and somebody_moves:
            table.put(data.draw(st.sampled_from([at for at, one in enumerate(table.rows) if one.selectable])))


def test_equal_rows_change_nothing() -> None:
    table = listed(row("a"), row("b"))
    assert not table.replace([row("a"), row("b")])


def test_a_change_of_colour_alone_is_a_change() -> None:
    plain = row("a", "word")
    table = listed(plain)
    assert table.replace([Row("a", (plain.cells[0].stylize("bold"),))])


def test_the_cursor_begins_below_the_heading() -> None:
    table = listed(row("h", kind=Kind.HEADING), row("a"))
    assert table.held == "a"


def test_nothing_is_held_after_the_row_went_away_until_somebody_takes_hold() -> None:
    table = listed(row("a"), row("b"), row("c"))
    table.put(1)
    table.replace([row("a"), row("c")])
    assert (table.cursor, table.held) == ("c", None)
    table.put(1)
    assert table.held == "c"


def test_the_cursor_stays_loose_when_more_goes_away() -> None:
    table = listed(row("a"), row("b"), row("c"))
    table.replace([row("b"), row("c")])
    table.replace([row("c")])
    assert (table.cursor, table.held) == ("c", None)


@pytest.mark.parametrize(("start", "step", "found"), [(0, 1, 1), (2, 1, 3), (2, -1, 1), (0, -1, None), (4, 1, None)])
def test_headings_are_passed_over_in_both_directions(start: int, step: int, found: int | None) -> None:
    table = listed(row("h", kind=Kind.HEADING), row("a"), row("i", kind=Kind.HEADING), row("b"))
    assert table.find(start, step) == found
