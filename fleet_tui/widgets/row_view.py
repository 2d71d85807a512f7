"""The base of the lists with a cursor: keys, mouse, and a view that keeps still when rows come and go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.style import Style

from fleet_tui.widgets import glyphs
from fleet_tui.widgets.line_view import LineView
from fleet_tui.widgets.row_list import Keyed, RowList

R = TypeVar("R", bound=Keyed)
K = TypeVar("K", bound="str | None")


def cursor_keys(first: str = "home,g") -> list[BindingType]:
    """The keys that move the cursor. `first`: those that lead to the first row, where `g` is not the screen's."""
    return [
        Binding("down,j", "move(1)", "Down", show=False, id="rows.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="rows.up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False, id="rows.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False, id="rows.page_up"),
        Binding(first, "edge(1)", "First", show=False, id="rows.first"),
        Binding("end,G", "edge(-1)", "Last", show=False, id="rows.last"),
        Binding("enter", "choose", "Open", show=False, id="rows.choose"),
    ]


class OfRow(Message, Generic[K]):
    """Something about the row `key` of the list `view`."""

    def __init__(self, view: RowView[Any], key: K) -> None:
        super().__init__()
        self.view = view
        self.key = key

    @property
    def control(self) -> RowView[Any]:
        """The list; for `@on` with a selector."""
        return self.view


class RowView(LineView, Generic[R], can_focus=True, inherit_bindings=False):
    """Rows with keys, and a cursor that stays on its key and on its screen line.

    When a refresh takes away the row under the cursor, the cursor lies loosely (`▹`) on the next one and
    `selected_key` is None until a key or a click takes hold of it: the next keystroke must not hit a row that
    nobody chose. Call `hold` where the user's own deed took the row away.

    A subclass says on which lines a row stands, and has messages of its own, for handlers that are for one kind of
    list. Lines count from 0, those that are scrolled out above among them; those of the header, which stays, do not.
    """

    class Moved(OfRow[str | None]):
        """`selected_key` is another one now."""

    class Chosen(OfRow[str]):
        """Enter or a double click on a row."""

    BINDINGS: ClassVar[list[BindingType]] = cursor_keys()
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-view--cursor"}
    DEFAULT_CSS = """
    RowView {
        & > .row-view--cursor { background: $block-cursor-blurred-background; }
        &:focus > .row-view--cursor { background: $block-cursor-background; text-style: bold; }
        &:ansi > .row-view--cursor { background: $background; text-style: bold reverse; }
    }
    """
    TALL: ClassVar[int] = 1
    """Lines of a row."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._list: RowList[R] = RowList()
        self._header = 0
        self._gap = 0
        """Empty lines below a row."""

    # What it holds

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows as last told."""
        return self._list.rows

    @property
    def cursor_key(self) -> str | None:
        """The row that the cursor is drawn on, held or loose."""
        return self._list.cursor

    @property
    def selected_key(self) -> str | None:
        """The row that the user holds with the cursor: what an action is for."""
        return self._list.held

    def select(self, key: str) -> bool:
        """Put the cursor on `key` and scroll it into view; False when there is no such row."""
        position = self._list.position(key)
        if position is None or not self.rows[position].selectable:
            return False
        self._go(position)
        return True

    def hold(self) -> None:
        """Take hold of the row under a loose cursor."""
        self._go(self._list.here)

    def _replace(self, rows: Iterable[R], *, anew: bool = False) -> bool:
        """Show `rows`; True when that changed anything. `anew`: even the same ones stand elsewhere now."""
        held, here, shown = self.selected_key, self._list.here, self._visible()
        line = None if here is None else self._start(here) - self.top
        if not self._list.replace(rows) and not anew:
            return False
        if self._list.loose and line is not None:
            shown.insert(0, (self.cursor_key or "", line))
        self._place_all()
        self._keep_lines(shown)
        self.repaint()
        self._tell_if_moved(held)
        return True

    # Where a row stands

    def _start(self, position: int) -> int:
        """The first line of a row."""
        raise NotImplementedError

    def _place(self, line: int) -> tuple[int, int] | None:
        """The row on a line, by its position, and which of its lines; None below the last."""
        raise NotImplementedError

    @property
    def _end(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def _place_all(self) -> None:
        """The rows, or their lines, are other ones."""
        self.measure(self._header + self._end)

    @property
    def _window(self) -> int:
        """Screen lines for rows."""
        return max(1, self.size.height - self._header)

    def _place_on(self, screen_line: int) -> tuple[int, int] | None:
        return self._place(screen_line - self._header + self.top) if screen_line >= self._header else None

    # Keys and mouse

    def action_move(self, step: int) -> None:
        """One row down or up; a loose cursor is taken hold of instead."""
        here = self._list.here
        if here is not None:
            self._go(here if self._list.loose else self._list.find(here + step, step))

    def action_page(self, step: int) -> None:
        """One screenful down or up, but for one row."""
        here = self._list.here
        if here is None:
            return
        line = self._start(here) + step * max(1, self._window - self.TALL - self._gap)
        if place := self._place(min(max(line, 0), self._end - 1)):
            ahead = self._list.find(place[0], step)
            self._go(self._list.find(place[0], -step) if ahead is None else ahead)

    def action_edge(self, step: int) -> None:
        """The first row, looking down, or the last, looking up."""
        self._go(self._list.find(0 if step > 0 else len(self.rows) - 1, step))

    def action_choose(self) -> None:
        """Tell that the row under the cursor was chosen; a loose cursor is taken hold of instead."""
        if self._list.loose:
            self.hold()
        elif self.selected_key is not None:
            self.post_message(self.Chosen(self, self.selected_key))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row clicked at; a second click chooses it."""
        offset = event.get_content_offset(self)
        place = None if offset is None else self._place_on(offset.y)
        if place is not None and self.select(self.rows[place[0]].key) and event.chain == 2:
            self.action_choose()

    # Cursor and view

    def _go(self, position: int | None) -> None:
        if position is None:
            return
        held = self.selected_key
        self._list.put(position)
        self._bring_into_view(position)
        self.repaint()
        self._tell_if_moved(held)

    def _tell_if_moved(self, held: str | None) -> None:
        if self.selected_key != held:
            self.post_message(self.Moved(self, self.selected_key))

    def _bring_into_view(self, position: int) -> None:
        start = self._start(position)
        under_heading = position > 0 and not self.rows[position - 1].selectable
        self.scroll_top(max(min(self.top, start - under_heading), start + self.TALL - self._window))

    def _visible(self) -> list[tuple[str, int]]:
        """Keys on the screen with their lines, the cursor's first."""
        places = ((line, self._place(self.top + line)) for line in range(self._window))
        shown = [(self.rows[place[0]].key, line) for line, place in places if place and place[1] == 0]
        return sorted(shown, key=lambda one: one[0] != self.cursor_key)

    def _keep_lines(self, shown: Iterable[tuple[str, int]]) -> None:
        """Scroll so that the first of the `shown` keys that is still there keeps its line."""
        for key, line in shown:
            if (position := self._list.position(key)) is not None:
                self.scroll_top(self._start(position) - line)
                return

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.measure(self._header + self._end)
        if self._list.here is not None:
            self._bring_into_view(self._list.here)
        self.repaint()

    def _cursor_sign(self, key: str) -> str:
        """What is drawn beside the row `key`."""
        if key != self.cursor_key:
            return ""
        return glyphs.CURSOR_LOOSE if self._list.loose else glyphs.CURSOR

    def _style(self, *, held: bool) -> Style:
        """What lies below the words of a row."""
        return self.get_visual_style("row-view--cursor") if held else self.visual_style
