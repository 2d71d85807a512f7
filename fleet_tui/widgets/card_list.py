"""A column of cards: two lines a card, drawn only where they are seen, so that ten thousand cost what ten do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import ClassVar

from msgspec import Struct
from textual.binding import BindingType
from textual.content import Content
from textual.style import Style

from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.row_view import RowView, cursor_keys

GUTTER = 3
"""Cells left of a card, where cursor and mark are drawn."""


class Card(Struct, frozen=True, gc=False):
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


class CardList(RowView[Entry], inherit_bindings=False):
    """Cards under headings, with a cursor that stays on its key, and marks. `g` is free for the screen."""

    class Moved(RowView.Moved):
        """`selected_key` is another one now."""

    class Chosen(RowView.Chosen):
        """Enter or a double click on a card."""

    BINDINGS: ClassVar[list[BindingType]] = cursor_keys(first="home")
    TALL = 2

    def __init__(self, face: Face, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._face = face
        self.empty = empty
        self._places: list[tuple[int, int]] = []
        """Of each line: the entry, and which of its lines."""
        self._starts: list[int] = []
        self._is_untouched = True
        """Nobody has moved the cursor yet: it stays on the first card, however the order changes."""
        self._told: object = None
        self.is_current = True
        """Whether the cursor is drawn: with several lists side by side it is in one of them."""
        self._marked: frozenset[str] = frozenset()
        self._pending: frozenset[str] = frozenset()
        self._faces: dict[str, tuple[Content, ...]] = {}
        self._lines: dict[tuple[str, int, str], Content] = {}
        """Of cards, as they were last seen: by key, part and sign."""

    def sync(
        self,
        entries: Iterable[Entry],
        *,
        marked: frozenset[str] = frozenset(),
        pending: frozenset[str] = frozenset(),
        airy: bool = False,
    ) -> None:
        """Show these. Faces are asked for again: they may have changed with the time. `airy`: an empty line between."""
        self._forget_faces()
        self._marked, self._pending = marked, pending
        told, gap = self._told, self._gap
        self._told, self._gap = entries, int(airy)
        stands_elsewhere = gap != self._gap
        if (entries is told and not stands_elsewhere) or not self._replace(entries, anew=stands_elsewhere):
            self.repaint()

    # Where a card stands

    def _start(self, position: int) -> int:
        return self._starts[position]

    def _place(self, line: int) -> tuple[int, int] | None:
        return self._places[line] if line < len(self._places) else None

    @property
    def _end(self) -> int:
        return len(self._places)

    def _place_all(self) -> None:
        """A heading takes one line and an empty one above, a card two."""
        places: list[tuple[int, int]] = []
        starts: list[int] = []
        parts = range(self.TALL + self._gap)
        for index, entry in enumerate(self.rows):
            if isinstance(entry, Heading):
                if index:
                    places.append((index, 1))
                starts.append(len(places))
                places.append((index, 0))
            else:
                starts.append(len(places))
                places.extend(zip(repeat(index), parts))
        self._places, self._starts = places, starts
        super()._place_all()

    # Cursor and view

    def _go(self, position: int | None) -> None:
        if position is not None:
            self._is_untouched = False
        super()._go(position)

    def _keep_lines(self, shown: Iterable[tuple[str, int]]) -> None:
        first = self._list.find(0, 1)
        if self._is_untouched and first is not None:
            self._list.put(first)
            self.scroll_top(0)
        else:
            super()._keep_lines(shown)

    def on_resize(self) -> None:
        """Faces depend on the width. Textual calls the base's `on_resize` by itself, after this."""
        self._forget_faces()

    def _forget_faces(self) -> None:
        self._faces.clear()
        self._lines.clear()

    # Drawing

    def _sign(self, entry: Card, part: int) -> str:
        if part == 0 and self.is_current and (sign := self._cursor_sign(entry.key)):
            return sign
        if entry.key in self._pending:
            return glyphs.PENDING
        return glyphs.MARKED if entry.key in self._marked else " "

    def _line(self, line: int) -> Content:
        place = self._place_on(line)
        if place is None:
            empty = not self.rows and line == 0
            return Content.styled(f"{' ' * GUTTER}{self.empty}", Tone.OLD) if empty else Content()
        entry, part = self.rows[place[0]], place[1]
        if isinstance(entry, Heading):
            return Content() if part else self._rule(entry.words)
        return self._card_line(entry, part, self._sign(entry, part) if part < self.TALL else " ")

    def _card_line(self, card: Card, part: int, sign: str) -> Content:
        where = card.key, part, sign
        if where not in self._lines:
            face = self._face_of(card)
            content = Content.assemble(f" {sign} ", face[part] if part < len(face) else "")
            self._lines[where] = content.stylize_before(Tone.OLD) if card.key in self._pending else content
        return self._lines[where]

    def _face_of(self, card: Card) -> tuple[Content, ...]:
        if card.key not in self._faces:
            self._faces[card.key] = self._face(card.value, self.line_width - GUTTER)
        return self._faces[card.key]

    def _rule(self, words: str) -> Content:
        cut = Content(words).truncate(max(0, self.line_width - 2), ellipsis=True).stylize("bold")
        rule = glyphs.RULE * (self.line_width - cut.cell_length - 2)
        return Content.assemble(" ", cut, " ", (rule, "$border-blurred"))

    def _is_held(self, line: int) -> bool:
        place = self._place_on(line) if self.is_current else None
        return place is not None and place[1] < self.TALL and self.rows[place[0]].key == self.selected_key

    def look(self, line: int) -> object:
        """The words with their styles, and whether the cursor lies there."""
        content = self._line(line)
        return content.plain, tuple(content.spans), self._is_held(line)

    def draw_line(self, line: int) -> tuple[Content, Style]:
        """One line of a card, a heading, or the sentence that there are none."""
        return self._line(line), self._style(held=self._is_held(line))
