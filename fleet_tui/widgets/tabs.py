"""The line that names the screens."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message

from fleet_tui.theme import Tone
from fleet_tui.widgets.told import Told


class Tab(Struct, frozen=True):
    """A screen: the key that leads to it and its name."""

    key: str
    name: str
    short: str = ""
    """For narrow terminals, where it differs."""

    @property
    def label(self) -> str:
        """`1 Today`"""
        return f"{self.key} {self.name}"

    @property
    def short_label(self) -> str:
        """`3 QA`"""
        return f"{self.key} {self.short or self.name}"


class ScreenTabs(Told[str]):
    """Names the screens and marks the current one, whose key is the value; a click on one asks for it."""

    class Picked(Message):
        """Somebody clicked on the name of a screen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    DEFAULT_CSS = "ScreenTabs { height: 1; }"

    def __init__(self, tabs: Sequence[Tab], current: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(current, id=id, classes=classes)
        self._tabs = tuple(tabs)

    def draw(self, value: str, width: int) -> Content:
        """The names, with `value` as the current one."""
        parts = [Content.styled(f" {label} ", _style(key, value)) for key, label in labels(self._tabs, value, width)]
        return Content("").join(parts).truncate(width)

    def on_click(self, event: events.Click) -> None:
        """Ask for the screen clicked at."""
        offset = event.get_content_offset(self)
        end = 0
        for key, label in labels(self._tabs, self.value, self.size.width):
            end += len(label) + 2
            if offset is not None and offset.x < end:
                self.post_message(self.Picked(key))
                return


def _style(key: str, current: str) -> str:
    # Underlined, so that the current one stands out without colours too.
    return f"bold underline {Tone.ACCENT}" if key == current else Tone.OLD


def labels(tabs: Sequence[Tab], current: str, width: int) -> list[tuple[str, str]]:
    """Key and label of each tab: whole names, or short ones, or numbers, the current one's with its name if it fits."""
    forms = [
        [tab.label for tab in tabs],
        [tab.short_label for tab in tabs],
        [tab.label if tab.key == current else tab.key for tab in tabs],
        [tab.key for tab in tabs],
    ]
    fitting = (form for form in forms if sum(len(label) + 2 for label in form) <= width)
    return list(zip((tab.key for tab in tabs), next(fitting, forms[-1]), strict=True))
