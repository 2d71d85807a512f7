"""What keys are for as the user has them, and how sentences call them: never by one that does something else there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fleet_tui.keys import ALL, BY_SCREEN, Key

NAMES = {"slash": "/", "question_mark": "?", "exclamation_mark": "!", "space": "Space", "enter": "Enter"}


def spelled(key: str) -> str:
    """One key or several, separated by commas, as people write them."""
    return ", ".join(NAMES.get(one.strip(), one.strip()) for one in key.split(","))


def key_of(action: str, keymap: Mapping[str, str], screen: str = "") -> str:
    """The key of the action with the id `action`, as people write it.

    Of several it is the first that the keys of `screen` leave to it: `p` pauses, but passes a test on Release QA.
    """
    own = list(pressed([key for key in ALL if key.id == action], keymap))
    there = pressed(BY_SCREEN.get(screen, ()), keymap)
    return spelled(next((one for one in own if one not in there or there[one].id == action), own[0]))


def pressed(keys: Sequence[Key], keymap: Mapping[str, str]) -> dict[str, Key]:
    """What each key of the keyboard is for; what the user has moved there goes before what stood there."""
    kept = {one: key for key in keys if key.id not in keymap for one in key.key.split(",")}
    moved = {one.strip(): key for key in keys if key.id in keymap for one in keymap[key.id].split(",")}
    return kept | moved
