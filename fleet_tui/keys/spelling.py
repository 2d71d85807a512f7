"""How a sentence calls the key of an action: as the user has it, and never by one that does something else there."""

from __future__ import annotations

from collections.abc import Mapping

from fleet_tui.keys import ALL, BY_SCREEN, Key

NAMES = {"slash": "/", "question_mark": "?", "exclamation_mark": "!", "space": "Space", "enter": "Enter"}


def spelled(key: str) -> str:
    """One key or several, separated by commas, as people write them."""
    return ", ".join(NAMES.get(one.strip(), one.strip()) for one in key.split(","))


def key_of(action: str, keymap: Mapping[str, str], screen: str = "") -> str:
    """The key of the action with the id `action`, as people write it.

    Of several it is the first that the keys of `screen` leave to it: `p` pauses, but passes a test on Release QA.
    """
    own = _keys(next(key for key in ALL if key.id == action), keymap)
    taken = {one for key in BY_SCREEN.get(screen, ()) if key.id != action for one in _keys(key, keymap)}
    return spelled(next((one for one in own if one not in taken), own[0]))


def _keys(key: Key, keymap: Mapping[str, str]) -> list[str]:
    return [one.strip() for one in keymap.get(key.id, key.key).split(",")]
