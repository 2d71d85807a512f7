"""All keys of the screen below, each with a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.content import Content

from fleet_tui.theme import Tone
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.told import Told

KEYS_WIDTH = 10
Explained = tuple[str, str, bool]
"""A key, what it does, and whether it does it now."""
IN_LISTS = (
    ("j k ↑ ↓", "Move down and up."),
    ("g G", "Go to the first and the last."),
    ("Enter", "Lead into what is under the cursor."),
    ("Tab", "Go to the next list, where there are several."),
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
        """The keys with their sentences beside them; those that cannot act now are dim."""
        lines = [*self._lines, ("", "", True), *((key, sentence, True) for key, sentence in IN_LISTS)]
        yield KeyTable(tuple(lines))


class KeyTable(Told[tuple[Explained, ...]]):
    """A column of keys, and a column of sentences that break within it."""

    DEFAULT_CSS = "KeyTable { height: auto; }"

    def draw(self, value: tuple[Explained, ...], width: int) -> Content:
        """One line a key, or more where the sentence is long."""
        return Content("\n").join(line for one in value for line in _lines(*one, max(1, width - KEYS_WIDTH)))


def _lines(key: str, sentence: str, enabled: bool, width: int) -> Iterator[Content]:
    tone = "" if enabled else Tone.OLD
    for words in wrap(sentence if enabled else f"{sentence} (not now)", width) or [""]:
        yield Content.assemble((key.ljust(KEYS_WIDTH), Tone.ACCENT), (words, tone))
        key = ""
