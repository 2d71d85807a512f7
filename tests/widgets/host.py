"""A bare application around the widgets under test."""

from __future__ import annotations

from typing import Any

import pyte
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget

from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT
from fleet_tui.widgets.rows import Kind, Row


def row(key: str, *cells: str, kind: Kind = Kind.PLAIN) -> Row:
    """A row with plain cells; the key alone stands for itself."""
    return Row(key, tuple(map(Content, cells or (key,))), kind)


class Host(App[object]):
    """Shows the given widgets one below the other in our theme, and keeps what it writes when told to listen."""

    def __init__(self, *widgets: Widget, theme: str = FLEET_DARK.name) -> None:
        super().__init__()
        self._children = widgets
        self._listening = False
        self._written: list[str] = []
        self.animation_level = "none"
        self.register_theme(FLEET_DARK)
        self.register_theme(FLEET_LIGHT)
        self.theme = theme

    def compose(self) -> ComposeResult:
        """The widgets."""
        yield from self._children

    @property
    def is_headless(self) -> bool:
        """A headless application writes nothing, so one that is listened to must not look like one."""
        return not self._listening and super().is_headless

    async def listen(self, pilot: Pilot[object]) -> None:
        """Keep everything written to the terminal from now on, when the first picture is done."""
        driver: Any = self._driver
        driver.write = self._written.append
        self._listening = True
        await self.written(pilot)

    async def written(self, pilot: Pilot[object]) -> str:
        """What was written since the last call, until nothing comes any more."""
        quiet, seen = 0, -1
        while quiet < 2:
            await pilot.pause()
            quiet, seen = (quiet + 1 if len(self._written) == seen else 0), len(self._written)
        text = "".join(self._written)
        self._written.clear()
        return text

    def screen_lines(self) -> list[str]:
        """What ought to be on the screen."""
        lines = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in line).rstrip() for line in lines]


class Terminal:
    """A terminal that shows what it was sent."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)

    def feed(self, written: str) -> None:
        """Obey what the program wrote."""
        self._stream.feed(written)

    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self._screen.display]
