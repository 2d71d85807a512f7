"""Textual's bindings, made from the tables in `fleet_tui.keys`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


def pressed(keys: Sequence[Key], keymap: Mapping[str, str]) -> dict[str, Key]:
    """What each key of the keyboard is for; what the user has moved there goes before what stood there."""
    kept = {one: key for key in keys if key.id not in keymap for one in key.key.split(",")}
    moved = {one.strip(): key for key in keys if key.id in keymap for one in keymap[key.id].split(",")}
    return kept | moved
