"""What stands on the screen is what would, if all of it were drawn anew."""

from __future__ import annotations

from rich.segment import Segment
from textual.widget import Widget

from tests.screens.app_factory import Stage, picture

KEYS = ("down", "end", "slash", "escape", "question_mark", "escape", "up")
SCREENS = "1247"
SIZES = ((80, 24), (160, 40))
THEMES = ("ansi-dark", "fleet-light", "fleet-dark")


def lines(on: Stage) -> list[list[Segment]]:
    """Each line on the screen."""
    return [list(strip.simplify()) for strip in on.app.screen._compositor.render_strips()]


def drawn_anew(on: Stage) -> list[list[Segment]]:
    """The same, when nothing is used that was drawn before."""
    for one in on.app.screen.walk_children(Widget, with_self=True):
        for widget in filter(None, (one, one._vertical_scrollbar, one._horizontal_scrollbar)):
            widget._styles_cache = type(widget._styles_cache)()
    return lines(on)


async def test_after_keys_sizes_and_themes_no_line_is_an_old_one() -> None:
    async with picture() as on:
        for screen in SCREENS:
            for key in (screen, *KEYS):
                await on.press(key)
                assert lines(on) == drawn_anew(on), (screen, key)
            for width, height in SIZES:
                await on.pilot.resize_terminal(width, height)
                await on.pilot.pause()
                assert lines(on) == drawn_anew(on), (screen, width, height)
        for theme in THEMES:
            on.app.theme = theme
            await on.pilot.pause()
            assert lines(on) == drawn_anew(on), theme
