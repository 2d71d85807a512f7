"""Textual's bindings, made from the tables in `fleet_tui.keys`."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from fleet_tui.keys import ALL, Key

WRITING = frozenset(key.action.partition("(")[0] for key in ALL if key.writes)
"""Actions that read-only mode takes away."""


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """A binding for each key; its tooltip is the sentence that help and palette show."""
    return [
        Binding(key.key, key.action, key.word, show=key.footer, tooltip=key.sentence, id=key.id, key_display=None)
        for key in keys
    ]
