"""The base of what is drawn line by line: it repaints only the lines that look different."""

from __future__ import annotations

from rich.segment import Segment
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.style import Style

from fleet_tui.widgets.kept_lines import KeptLines, PlainLines

DRAWN_KEPT = 96
"""Lines, a screenful and more: scrolled by one, nearly all look as before, a line higher."""


class LineView(ScrollView):
    """Lines that scroll up and down. A subclass says how each screen line looks, and draws it.

    Everything that can change the picture ends in `repaint`, which compares each screen line with what it showed last.
    Only when the number of lines changes, Textual lays out anew and writes the whole widget.
    """

    DEFAULT_CSS = """
    LineView {
        width: 100%;
        height: 1fr;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._styles_cache = PlainLines()
        self._painted: list[object] = []
        self._drawn: LRUCache[object, Strip] = LRUCache(DRAWN_KEPT)

    def look(self, line: int) -> object:
        """A value that is another one whenever the screen line `line` looks different."""
        raise NotImplementedError

    def draw_line(self, line: int) -> tuple[Content, Style]:
        """The words on the screen line `line`, and the style below them."""
        raise NotImplementedError

    @property
    def line_width(self) -> int:
        """Cells in a line, beside the scrollbar."""
        return self.scrollable_content_region.width

    @property
    def top(self) -> int:
        """How many lines are scrolled out above."""
        return round(self.scroll_y)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """It shares a line with whatever changes: it is drawn when it has moved."""
        bar = super().vertical_scrollbar
        if not isinstance(bar._styles_cache, KeptLines):
            bar._styles_cache = KeptLines()
        return bar

    def measure(self, lines: int) -> None:
        """Tell how many lines there are."""
        self.virtual_size = Size(self.line_width, lines)

    def scroll_top(self, top: int) -> None:
        """Make `top` the first line on the screen, as far as there are lines."""
        goal = min(max(top, 0), self.max_scroll_y)
        if goal != self.top or self.scroll_target_y != goal:  # scrolling to where it is would lay out everything anew
            self.scroll_to(y=goal, animate=False, force=True)

    def repaint(self) -> None:
        """Write the lines that look different from last time."""
        before, self._painted = self._painted, [self.look(line) for line in range(self.size.height)]
        for line, (was, now) in enumerate(zip(before, self._painted, strict=False)):
            if was != now:
                self.refresh(Region(0, line, self.line_width, 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint what looks different; the base class would repaint everything."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        self.repaint()

    def render_line(self, y: int) -> Strip:
        """Draw one screen line."""
        content, style = self.draw_line(y)
        width = self.line_width
        key = (content.plain, tuple(content.spans), style, width, self.app.theme)
        if (strip := self._drawn.get(key)) is None:
            parts = content.render(style, end="", parse_style=self.app.stylesheet.parse_style)
            segments = [Segment(text, (style + part).rich_style) for text, part in parts]
            strip = Strip(segments, content.cell_length).adjust_cell_length(width, style.rich_style)
            self._drawn[key] = strip
        return strip
