"""Containers that show nothing of their own.

For each key Textual draws whatever shares a line with what changed, containers as well, line by line. These give it the
same blank line again and again: on the bug board a seventh of what is done for a key.
"""

from __future__ import annotations

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


def blank_lines(self: Widget, crop: Region) -> list[Strip]:
    """How a widget without border and words draws its lines.

    Textual's own `BLANK` is of no use: it forgets `NO_COLOR`, and terminals with colours of their own.
    """
    below, background = self.background_colors
    strip = Strip.blank(crop.width, Style(background=below + background).rich_style)
    for line_filter in self.get_line_filters():
        strip = strip.apply_filter(line_filter, background)
    return [strip] * crop.height


class Across(Horizontal):
    """Its children beside each other."""

    render_lines = blank_lines


class Down(Vertical):
    """Its children below each other."""

    render_lines = blank_lines
