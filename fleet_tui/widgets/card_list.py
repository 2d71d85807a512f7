"""A column of cards: two lines a card, drawn only where they are seen, so that ten thousand cost what ten do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style

from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.line_view import LineView
from fleet_tui.widgets.row_list import RowList

GUTTER = 3
"""Cells left of a card, where cursor and mark are drawn."""


class Card(Struct, frozen=True):
    """What a card is of. `value` is anything that compares; its words are asked for when it is seen."""

    key: str
    value: object

    @property
    def selectable(self) -> bool:
        """The cursor stops at each card."""
        return True


class Heading(Struct, frozen=True):
    """A thin rule that names the cards below."""

    key: str
    words: str

    @property
    def selectable(self) -> bool:
        """The cursor passes over it."""
        return False


Entry = Card | Heading
Face = Callable[[object, int], tuple[Content, ...]]
"""Gives the lines of a card's value in so many cells."""


class CardList(LineView, can_focus=True):
    """Cards under headings, with a cursor that stays on its key, as in `KeyedTable`, and marks.

    Of a card that a refresh takes away from under the cursor nothing is `selected_key` until a key takes hold of the
    next one.
    """

    class Moved(Message):
        """`selected_key` is another one now."""

        def __init__(self, cards: CardList, key: str | None) -> None:
            super().__init__()
            self.cards = cards
            self.key = key

        @property
        def control(self) -> CardList:
            """The list; for `@on` with a selector."""
            return self.cards

    class Chosen(Message):
        """Enter or a double click on a card."""

        def __init__(self, cards: CardList, key: str) -> None:
            super().__init__()
            self.cards = cards
            self.key = key

        @property
        def control(self) -> CardList:
            """The list; for `@on` with a selector."""
            return self.cards

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="cards.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="cards.up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False, id="cards.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False, id="cards.page_up"),
        Binding("home", "edge(1)", "First", show=False, id="cards.first"),
        Binding("end,G", "edge(-1)", "Last", show=False, id="cards.last"),
        Binding("enter", "choose", "Open", show=False, id="cards.choose"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"card-list--cursor"}
    DEFAULT_CSS = """
    CardList {
        & > .card-list--cursor { background: $block-cursor-blurred-background; }
        &:focus > .card-list--cursor { background: $block-cursor-background; text-style: bold; }
        &:ansi > .card-list--cursor { background: $background; text-style: bold reverse; }
    }
    """

    def __init__(self, face: Face, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._face = face
        self.empty = empty
        self._list: RowList[Entry] = RowList()
        self._places: list[tuple[int, int]] = []
        """Of each line: the entry, and which of its lines."""
        self._starts: list[int] = []
        self._gap = 0
        self._is_untouched = True
        """Nobody has moved the cursor yet: it stays on the first card, however the order changes."""
        self._told: object = None
        self.is_current = True
        """Whether the cursor is drawn: with several lists side by side it is in one of them."""
        self._marked: frozenset[str] = frozenset()
        self._pending: frozenset[str] = frozenset()
        self._faces: dict[str, tuple[Content, ...]] = {}

    # What it holds

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Cards and headings as last told."""
        return self._list.rows

    @property
    def selected_key(self) -> str | None:
        """The card that the person holds with the cursor."""
        return self._list.held

    @property
    def cursor_key(self) -> str | None:
        """The card that the cursor is drawn on, held or loose."""
        return self._list.cursor

    def sync(
        self,
        entries: Iterable[Entry],
        *,
        marked: frozenset[str] = frozenset(),
        pending: frozenset[str] = frozenset(),
        airy: bool = False,
    ) -> None:
        """Show these. Faces are asked for again: they may have changed with the time. `airy`: an empty line between."""
        held, here, shown = self.selected_key, self._list.here, self._visible()
        self._faces.clear()
        self._marked, self._pending = marked, pending
        if entries is self._told and airy == bool(self._gap):
            self.repaint()
            return
        self._told = entries
        if self._list.replace(entries) or airy != bool(self._gap):
            if self._list.loose and here is not None and here < len(self._starts):
                shown.insert(0, (self.cursor_key or "", self._starts[here] - self.top))
            self._gap = int(airy)
            self._place()
            first = self._list.find(0, 1)
            if self._is_untouched and first is not None:
                self._list.put(first)
                self.scroll_top(0)
            else:
                self._keep_lines(shown)
        self.repaint()
        if self.selected_key != held:
            self.post_message(self.Moved(self, self.selected_key))

    def select(self, key: str) -> bool:
        """Put the cursor on `key` and scroll it into view; False when there is no such card."""
        position = self._list.position(key)
        if position is None or not self.entries[position].selectable:
            return False
        self._go(position)
        return True

    def hold(self) -> None:
        """Take hold of the card under a loose cursor."""
        self._go(self._list.here)

    # Keys and mouse

    def action_move(self, step: int) -> None:
        """One card down or up; a loose cursor is taken hold of instead."""
        here = self._list.here
        if here is not None:
            self._go(here if self._list.loose else self._list.find(here + step, step))

    def action_page(self, step: int) -> None:
        """One screenful down or up."""
        here = self._list.here
        if here is not None:
            line = min(max(self._starts[here] + step * max(1, self.size.height - 3), 0), len(self._places) - 1)
            goal = self._places[line][0]
            ahead = self._list.find(goal, step)
            self._go(self._list.find(goal, -step) if ahead is None else ahead)

    def action_edge(self, step: int) -> None:
        """The first card, looking down, or the last, looking up."""
        self._go(self._list.find(0 if step > 0 else len(self.entries) - 1, step))

    def action_choose(self) -> None:
        """Tell that the card under the cursor was chosen; a loose cursor is taken hold of instead."""
        if self._list.loose:
            self.hold()
        elif self.selected_key is not None:
            self.post_message(self.Chosen(self, self.selected_key))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the card clicked at; a second click chooses it."""
        offset = event.get_content_offset(self)
        place = None if offset is None else self._place_at(offset.y)
        if place is not None and self.select(self.entries[place[0]].key) and event.chain == 2:
            self.action_choose()

    # Cursor and view

    def _place(self) -> None:
        """Work out which entry stands on which line: a heading takes one and an empty one above, a card two."""
        places: list[tuple[int, int]] = []
        starts: list[int] = []
        for index, entry in enumerate(self.entries):
            if isinstance(entry, Heading):
                if index:
                    places.append((index, 1))
                starts.append(len(places))
                places.append((index, 0))
            else:
                starts.append(len(places))
                places.extend((index, part) for part in range(2 + self._gap))
        self._places, self._starts = places, starts
        self.measure(len(places))

    def _go(self, position: int | None) -> None:
        if position is None:
            return
        self._is_untouched = False
        held = self.selected_key
        self._list.put(position)
        self._bring_into_view(position)
        self.repaint()
        if self.selected_key != held:
            self.post_message(self.Moved(self, self.selected_key))

    def _bring_into_view(self, position: int) -> None:
        under_heading = position > 0 and not self.entries[position - 1].selectable
        start = self._starts[position]
        self.scroll_top(max(min(self.top, start - under_heading), start + 2 - self.size.height))

    def _visible(self) -> list[tuple[str, int]]:
        """Keys on the screen with their lines, the cursor's first."""
        lines = self._places[self.top : self.top + self.size.height]
        shown = [(self.entries[index].key, line) for line, (index, part) in enumerate(lines) if part == 0]
        return sorted(shown, key=lambda one: one[0] != self.cursor_key)

    def _keep_lines(self, shown: Iterable[tuple[str, int]]) -> None:
        """Scroll so that the first of the `shown` keys that is still there keeps its line."""
        for key, line in shown:
            if (position := self._list.position(key)) is not None:
                self.scroll_top(self._starts[position] - line)
                return

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._faces.clear()
        self.measure(len(self._places))
        if self._list.here is not None and self._starts:
            self._bring_into_view(self._list.here)
        self.repaint()

    # Drawing

    def _place_at(self, line: int) -> tuple[int, int] | None:
        line += self.top
        return self._places[line] if line < len(self._places) else None

    def _sign(self, entry: Card, part: int) -> str:
        if part == 0 and entry.key == self.cursor_key and self.is_current:
            return glyphs.CURSOR_LOOSE if self._list.loose else glyphs.CURSOR
        if entry.key in self._pending:
            return glyphs.PENDING
        return glyphs.MARKED if entry.key in self._marked else " "

    def _line(self, line: int) -> Content:
        place = self._place_at(line)
        if place is None:
            empty = not self.entries and line == 0
            return Content.styled(f"{' ' * GUTTER}{self.empty}", Tone.OLD) if empty else Content()
        entry, part = self.entries[place[0]], place[1]
        if isinstance(entry, Heading):
            return Content() if part else self._rule(entry.words)
        face = self._faces.get(entry.key)
        if face is None:
            face = self._faces[entry.key] = self._face(entry.value, self.line_width - GUTTER)
        content = face[part] if part < len(face) else Content()
        content = Content.assemble(f" {self._sign(entry, part) if part < 2 else ' '} ", content)
        return content.stylize_before(Tone.OLD) if entry.key in self._pending else content

    def _rule(self, words: str) -> Content:
        cut = Content(words).truncate(max(0, self.line_width - 2), ellipsis=True).stylize("bold")
        rule = glyphs.RULE * (self.line_width - cut.cell_length - 2)
        return Content.assemble(" ", cut, " ", (rule, "$border-blurred"))

    def _is_held(self, line: int) -> bool:
        place = self._place_at(line) if self.is_current else None
        return place is not None and place[1] < 2 and self.entries[place[0]].key == self.selected_key

    def look(self, line: int) -> object:
        """The words with their styles, and whether the cursor lies there."""
        content = self._line(line)
        return content.plain, tuple(content.spans), self._is_held(line)

    def draw_line(self, line: int) -> tuple[Content, Style]:
        """One line of a card, a heading, or the sentence that there are none."""
        style = self.get_visual_style("card-list--cursor") if self._is_held(line) else self.visual_style
        return self._line(line), style
