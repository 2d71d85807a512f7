"""Containers that show nothing of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.strip import Strip
from textual.widget import Widget

from fleet_tui.widgets.kept_lines import KeptLines, PlainLines

if TYPE_CHECKING:
    Mixin = Widget
else:
    Mixin = object  # Textual takes a style sheet from the first base that is a widget

NOTHING = Strip([], 0)
"""The one: it keeps what it was filled up to, by width and background."""


class Blank(Mixin):
    """Has no border, and draws the same blank line again and again.

    Textual's own `BLANK` is of no use: it forgets `NO_COLOR`, and terminals with colours of their own.
    """

    def __init__(self, *children: Widget, **options: Any) -> None:
        super().__init__(*children, **options)
        self._styles_cache = PlainLines()

    def render_line(self, y: int) -> Strip:
        """Nothing: `PlainLines` fills it up with the background."""
        return NOTHING


class Across(Blank, Horizontal):
    """Its children beside each other."""


class Down(Blank, Vertical):
    """Its children below each other."""


class Detail(VerticalScroll, can_focus=False):
    """What is known of the row under the cursor, beside the list or below it: scrolls, and is never stopped at."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._styles_cache = KeptLines()
