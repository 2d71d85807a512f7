"""All keys of the screen below, each with a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.widgets import Static

from fleet_tui.theme import Tone
from fleet_tui.widgets.dialog import Answer, Dialog

KEYS_WIDTH = 10
IN_LISTS = (
    ("j k ↑ ↓", "Move down and up."),
    ("g G", "Go to the first and the last."),
    ("Enter", "Lead into what is under the cursor."),
    ("Esc", "Lead back out."),
    ("Ctrl+P", "The palette: every action by its name."),
)


class Help(Dialog[None]):
    """Shows keys and sentences; any key that closes a dialog closes it."""

    def __init__(self, title: str, active: Iterable[tuple[str, ActiveBinding]]) -> None:
        super().__init__(title, [Answer("q", "Close", None)])
        found = [(key, one) for key, one in active if one.binding.id and one.binding.tooltip]
        # One line an action, whatever number of keys it has.
        keys: dict[str | None, list[str]] = {}
        for key, one in found:
            keys.setdefault(one.binding.id, []).append(key)
        actions = {one.binding.id: one for _, one in found}
        self._lines = [(" ".join(keys[id_]), str(one.binding.tooltip), one.enabled) for id_, one in actions.items()]

    def compose_body(self) -> ComposeResult:
        """One line a key; those that cannot act now are dim."""
        lines = [_line(key, sentence, enabled) for key, sentence, enabled in self._lines]
        lines += [Content(""), *(_line(key, sentence, True) for key, sentence in IN_LISTS)]
        yield Static(Content("\n").join(lines))


def _line(key: str, sentence: str, enabled: bool) -> Content:
    words = sentence if enabled else f"{sentence} (not now)"
    return Content.assemble((key.ljust(KEYS_WIDTH), Tone.ACCENT), (words, "" if enabled else Tone.OLD))
