"""A tile of the first screen: a title over a thin rule, and a few lines that each lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.told import Told

GUTTER = 2
NOTHING = Content()


class TileRow(Struct, frozen=True):
    """A line: words on the left, and on the right what must not be cut."""

    left: Content
    right: Content = NOTHING
    screen: str = ""
    """Where it leads; empty: where its tile does."""
    target: str = ""
    """The key of the object there."""
    brief: Content = NOTHING
    """What stands on the left instead, where the words would be cut."""
    weight: int = 0
    """Where there is no room for all lines, those of the greatest weight are shown."""


class TileValue(Struct, frozen=True):
    """What a tile shows."""

    title: str
    aside: Content = NOTHING
    """On the right of the title: the figure that sums it up."""
    rows: tuple[TileRow, ...] = ()
    extra: tuple[TileRow, ...] = ()
    """Shown below the rows, with an empty line between, as far as there is room."""
    screen: str = ""
    hint: str = ""
    """How one gets to the lines for which there is no room."""
    brief: Content = NOTHING
    """What stands on the right of the title where `aside` would be cut."""


class Tile(Told[TileValue], can_focus=True):
    """Shows as many lines as there is room for, and says how many more there are."""

    class Picked(Message):
        """A line was clicked at twice."""

        def __init__(self, tile: Tile) -> None:
            super().__init__()
            self.tile = tile

        @property
        def control(self) -> Widget:
            """The tile."""
            return self.tile

    DEFAULT_CSS = "Tile { height: 100%; width: 100%; }"

    def __init__(self, value: TileValue, *, id: str | None = None) -> None:
        super().__init__(value, id=id)
        self.cursor = 0

    @property
    def row(self) -> TileRow | None:
        """The line under the cursor."""
        shown = self._lines(self.value)
        return shown[min(self.cursor, len(shown) - 1)] if shown else None

    def step(self, by: int) -> bool:
        """Move the cursor by a line; False at the edge."""
        goal = min(self.cursor, max(0, self._shown - 1)) + by
        if not 0 <= goal < self._shown:
            return False
        self.put(goal)
        return True

    def put(self, line: int) -> None:
        """Put the cursor on a line, the last one for -1."""
        self.cursor = max(0, self._shown - 1) if line < 0 else line
        self.refresh()

    @property
    def _shown(self) -> int:
        return len(self._lines(self.value))

    def _lines(self, value: TileValue) -> tuple[TileRow, ...]:
        """The rows for which there is room, those that are extra included."""
        shown = _weightiest(value.rows, self._room(value))
        return (*shown, *value.extra[: max(0, self.size.height - 2 - len(value.rows))])

    def _room(self, value: TileValue) -> int:
        """Lines for rows: one is kept for telling of more, if there are more."""
        lines = max(1, self.size.height - 1)
        return lines if len(value.rows) <= lines else max(1, lines - 1)

    def draw(self, value: TileValue, width: int) -> Content:
        """Title, lines, and how many more."""
        shown = self._lines(value)
        here = min(self.cursor, len(shown) - 1) if self.has_focus else -1
        lines = [_line(row, width, held=index == here) for index, row in enumerate(shown)]
        if len(shown) > len(value.rows):
            lines.insert(len(value.rows), Content())
        if more := len(value.rows) - len(shown[: len(value.rows)]):
            lines.append(Content.styled(f"{' ' * GUTTER}and {more} more{value.hint and f': {value.hint}'}", Tone.OLD))
        return Content("\n").join([_title(value, width, focused=self.has_focus), *lines])

    def on_focus(self) -> None:
        """Draw the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the cursor away."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line clicked at; a second click leads there."""
        offset = event.get_content_offset(self)
        if offset is not None and (line := self._line_at(offset.y)) is not None:
            self.put(line)
        if event.chain == 2:
            self.post_message(self.Picked(self))

    def _line_at(self, y: int) -> int | None:
        line = y - 1 - (y - 1 > len(self.value.rows))  # the empty line above what is extra
        return line if y != len(self.value.rows) + 1 and 0 <= line < self._shown else None


def _weightiest(rows: Sequence[TileRow], room: int) -> tuple[TileRow, ...]:
    """As many of `rows` as there is room for, in their order."""
    kept = sorted(range(len(rows)), key=lambda index: -rows[index].weight)[:room]
    return tuple(rows[index] for index in sorted(kept))


def _title(value: TileValue, width: int, *, focused: bool) -> Content:
    title = Content.styled(value.title, f"bold {Tone.ACCENT}" if focused else "bold")
    words = value.aside if title.cell_length + value.aside.cell_length + 2 <= width else value.brief or value.aside
    aside = Content(" ") + words if words else Content()
    rule = glyphs.RULE * max(0, width - title.cell_length - aside.cell_length - 1)
    line = Content.assemble(title, " ", (rule, "$border-blurred"), aside)
    return line.truncate(width, ellipsis=True)


def _line(row: TileRow, width: int, *, held: bool) -> Content:
    sign = f"{glyphs.CURSOR} " if held else " " * GUTTER
    right = Content(" ") + row.right if row.right.plain else Content()
    room = max(0, width - GUTTER - right.cell_length)
    left = (row.brief if row.brief.plain and row.left.cell_length > room else row.left).truncate(room, ellipsis=True)
    line = Content.assemble(sign, left.pad_right(max(0, room - left.cell_length)), right).truncate(width)
    return line.stylize("bold on $block-cursor-background") if held else line
