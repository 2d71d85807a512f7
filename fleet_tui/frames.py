"""What a screen looks like, as it is kept for the next start."""

from __future__ import annotations

import os

from fleet_tui import terminal
from fleet_tui.last_frame import PALE, Frame, terminal_kind
from fleet_tui.screens.feed_screen import FeedScreen


def frame_of(screen: FeedScreen) -> Frame:
    """The frame of `screen`: its words alone, and the colours of ink and paper that the theme gives them."""
    app, host = screen.app, screen.host
    theme = app.theme_variables
    colours = terminal.colours(app.console, theme["foreground"], theme["background"])
    lines = tuple(_words(strip.text) for strip in screen._compositor.render_strips())
    look = ";".join((PALE, *colours))
    return Frame(host.now(), lines, app.size.width, host.config.team.repository, look, terminal_kind(os.environ))


def _words(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in terminal.harmless(text))
