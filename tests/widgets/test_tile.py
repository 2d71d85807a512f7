"""A tile: what it shows in the room that it has, and where its cursor may go."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.content import Content
from textual.geometry import Size

from fleet_tui.widgets.tile import Tile, TileRow, TileValue


class Sized(Tile):
    """A tile of a given size, outside of any program."""

    def __init__(self, value: TileValue, height: int) -> None:
        super().__init__(value)
        self._height = height

    @property
    def size(self) -> Size:
        """As it is told."""
        return Size(30, self._height)

    @property
    def lines(self) -> list[str]:
        """What it shows, line by line."""
        return [line.rstrip() for line in self.draw(self.value, 30).plain.split("\n")]


def rows(*words: str) -> tuple[TileRow, ...]:
    return tuple(TileRow(Content(word), screen="bugs", target=word) for word in words)


def tile(height: int, *, extra: tuple[TileRow, ...] = ()) -> Sized:
    return Sized(TileValue("Bugs", Content("60 open"), rows("one", "two", "three"), extra, "bugs"), height)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        (4, ["  one", "  two", "  three"]),
        (9, ["  one", "  two", "  three"]),
        (3, ["  one", "  and 2 more"]),
        (2, ["  one", "  and 2 more"]),
    ],
)
def test_what_has_no_room_is_counted(height: int, expected: list[str]) -> None:
    title, *shown = tile(height).lines
    assert title.startswith("Bugs ──")
    assert title.endswith("60 open")
    assert shown == expected


def test_where_there_is_little_room_the_weightiest_stand_in_their_order_and_the_way_to_the_rest_is_told() -> None:
    one, two, three = rows("one", "two", "three")
    heavy = (one, replace(two, weight=1), replace(three, weight=2))
    value = TileValue("Bugs", rows=heavy, screen="bugs", hint="4 shows all")
    assert Sized(value, 4).lines[1:] == ["  one", "  two", "  three"]
    assert Sized(value, 3).lines[1:] == ["  three", "  and 2 more: 4 shows all"]
    several = Sized(replace(value, rows=(*heavy, one)), 4)
    assert several.lines[1:] == ["  two", "  three", "  and 2 more: 4 shows all"]
    several.put(-1)
    assert several.row == heavy[2]


@pytest.mark.parametrize(("height", "shown"), [(4, 3), (5, 3), (6, 4), (7, 5), (20, 5)])
def test_what_is_extra_comes_below_an_empty_line_as_far_as_there_is_room(height: int, shown: int) -> None:
    one = tile(height, extra=rows("four", "five"))
    assert len([line for line in one.lines[1:] if line]) == shown
    assert "more" not in "".join(one.lines)
    if shown > 3:
        assert one.lines[4] == ""


def test_the_cursor_stops_at_the_edges_and_stays_on_what_is_shown() -> None:
    one = tile(6, extra=rows("four", "five"))
    assert [one.step(1) for _ in range(5)] == [True, True, True, False, False]
    assert one.row == TileRow(Content("four"), screen="bugs", target="four")
    one._height = 4
    assert one.row is not None
    assert one.row.target == "three"
    assert one.step(-1)
    assert one.row.target == "two"


def test_words_on_the_right_are_not_cut_for_those_on_the_left() -> None:
    value = TileValue("Bugs", rows=(TileRow(Content("a title that is much too long"), Content("2 d over")),))
    assert Sized(value, 3).lines[1] == "  a title that is mu… 2 d over"


def test_a_figure_for_which_there_is_no_room_beside_the_title_stands_there_briefly() -> None:
    value = TileValue("Bugs", Content("60 open, 14 opened this week"), brief=Content("60 open"))
    assert Sized(value, 3).lines[0] == f"Bugs {'─' * 17} 60 open"
    assert Sized(replace(value, title="Community, near the limit"), 3).lines[0].endswith("…"), "the title goes first"
    assert Sized(replace(value, aside=Content("60 open, 14 opened!!")), 3).lines[0].endswith(" 60 open, 14 opened!!")


def test_a_tile_without_lines_has_nothing_under_its_cursor() -> None:
    assert Sized(TileValue("Bugs"), 4).row is None


def test_where_the_words_would_be_cut_brief_ones_stand_if_there_are_any() -> None:
    long, brief = "15 of 25 pull requests may merge now", "15 of 25 may merge now"
    for words, shown in ((long, brief), ("15 of 25 pull requests", "15 of 25 pull requests")):
        row = TileRow(Content(words), brief=Content(brief))
        assert Sized(TileValue("Freeze", rows=(row,)), 4).lines[1].strip() == shown
