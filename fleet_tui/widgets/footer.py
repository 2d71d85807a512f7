"""The keys at the bottom of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from fleet_tui.widgets.told import Told


class FooterKey(Struct, frozen=True):
    """A key and what it does now."""

    key: str
    """As Textual names it: `question_mark`"""
    label: str
    """As people know it: `?`"""
    word: str
    enabled: bool = True

    @property
    def width(self) -> int:
        """Cells, with the gaps before, between and after."""
        return cell_len(self.label) + cell_len(self.word) + 3


class KeyFooter(Told[tuple[FooterKey, ...]]):
    """Shows the keys in one line. Textual's makes a widget of each, which costs more than all the rest of a screen."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "KeyFooter { dock: bottom; height: 1; background: $footer-background; }"

    def __init__(self) -> None:
        super().__init__(())

    def on_mount(self) -> None:
        """Be told when keys come, go, or become unable to act."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[Any]) -> None:
        # Below a dialog the keys are those of the dialog, so which ones can act here is not asked.
        if screen.app.app_focus and self.is_attached and screen is self.screen is screen.app.screen:
            self.show(active(screen))

    def draw(self, value: tuple[FooterKey, ...], width: int) -> Content:
        """The keys for which there is room."""
        return Content.assemble(*map(_drawn, fitting(value, width))).truncate(width)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click on a key presses it."""
        end = 0
        for key in fitting(self.value, self.size.width):
            end += key.width
            if event.x < end:
                self.app.simulate_key(key.key) if key.enabled else self.app.bell()
                return


def active(screen: Screen[Any]) -> tuple[FooterKey, ...]:
    """The keys of a screen that the footer shows, one for each action. While text is typed, only those of its line."""
    line = screen.focused if isinstance(screen.focused, Input) else None
    shown: dict[str, FooterKey] = {}
    for node, binding, enabled, _ in screen.active_bindings.values():
        if binding.show and line in {None, node}:
            label = screen.app.get_key_display(binding)
            shown.setdefault(binding.action, FooterKey(binding.key, label, binding.description, enabled))
    return tuple(shown.values())


def fitting(keys: Sequence[FooterKey], width: int) -> Sequence[FooterKey]:
    """As many of `keys` as `width` cells take; the last one always: it leads to the help, which names all others."""
    room = width - sum(key.width for key in keys[-1:])
    shown: list[FooterKey] = []
    for key in keys[:-1]:
        room -= key.width
        if room < 0:
            break
        shown.append(key)
    return [*shown, *keys[-1:]]


def _drawn(key: FooterKey) -> Content:
    label = Content.styled(f" {key.label} ", "bold $footer-key-foreground on $footer-key-background")
    word = Content.styled(f"{key.word} ", "$footer-description-foreground")
    return Content.assemble(label, word).stylize("" if key.enabled else "dim")
