"""The base of the small widgets that show one value."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.content import Content
from textual.widget import Widget

from fleet_tui.widgets.kept_lines import KeptLines

V = TypeVar("V")


class Told(Widget, Generic[V]):
    """Draws one frozen value. Told a value that looks the same, it writes nothing."""

    def __init__(self, value: V, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._styles_cache = KeptLines()
        self._value = value
        self._drawn = Content()

    @property
    def value(self) -> V:
        """What is shown."""
        return self._value

    def show(self, value: V) -> None:
        """Show `value` from now on."""
        self._value = value
        width = self.size.width
        if not (width and self._drawn.is_same(self.draw(value, width))):
            self.refresh()

    def draw(self, value: V, width: int) -> Content:
        """`value` in at most `width` cells a line. A pure function."""
        raise NotImplementedError

    def render(self) -> Content:
        """What is on the screen."""
        self._drawn = self.draw(self._value, self.size.width)
        return self._drawn
