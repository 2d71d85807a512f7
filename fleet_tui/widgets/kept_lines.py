"""Lines that have been drawn are kept as they go out.

For each key Textual asks nearly all widgets for all of their lines, and few have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual._styles_cache import StylesCache
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


class KeptLines(StylesCache):
    """In the place of a widget's own, which keeps lines as they were before the filters, and filters them each time."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[int, Strip] = {}

    def clear(self) -> None:
        """Have all lines drawn anew."""
        super().clear()
        self._kept.clear()

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """The lines of `widget` within `crop`; drawn are those that are not kept, or of which Textual says so."""
        width = widget.region.width
        if width != self._width:
            self.clear()
            self._width = width
        missing = [y for y in crop.line_range if y in self._dirty_lines or y not in self._kept]
        if missing:
            self._kept.update(zip(missing, self._draw(widget, missing), strict=True))
            self._dirty_lines.difference_update(missing)
        lines = [self._kept[y] for y in crop.line_range]
        return lines if crop.column_span == (0, width) else [line.crop(*crop.column_span) for line in lines]

    def _draw(self, widget: Widget, lines: Sequence[int]) -> Iterable[Strip]:
        first, last = lines[0], lines[-1]
        drawn = super().render_widget(widget, Region(0, first, self._width, last - first + 1))
        return (drawn[y - first] for y in lines)


class PlainLines(KeptLines):
    """For widgets without border, padding and the like: Textual looks for all of these at each line."""

    def _draw(self, widget: Widget, lines: Sequence[int]) -> Iterable[Strip]:
        below, background = widget.background_colors
        paper = Style(background=below + background).rich_style
        filters = widget.get_line_filters()
        for y in lines:
            line = widget.render_line(y).adjust_cell_length(self._width, paper)
            for one in filters:
                line = line.apply_filter(one, background)
            yield line
