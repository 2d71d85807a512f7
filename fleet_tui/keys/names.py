"""Which names of keys there are."""

from __future__ import annotations

import re

NAMED_KEYS = frozenset(
    "enter escape tab space backspace delete insert home end pageup pagedown up down left right slash question_mark "
    "comma full_stop minus plus equals_sign colon semicolon underscore asterisk number_sign at percent_sign "
    "ampersand exclamation_mark dollar_sign left_square_bracket right_square_bracket less_than_sign "
    "greater_than_sign vertical_line tilde grave_accent quotation_mark apostrophe backslash".split()
)


def is_key(name: str) -> bool:
    """Whether `name` is a key, or several separated by commas, as Textual names them: `u`, `ctrl+r`, `f5`."""
    return all(_is_one_key(part.strip()) for part in name.split(","))


def _is_one_key(name: str) -> bool:
    *modifiers, key = name.split("+")
    known = (len(key) == 1 and key.isalnum()) or key in NAMED_KEYS or re.fullmatch(r"f([1-9]|1\d|2[0-4])", key)
    return bool(known) and set(modifiers) <= {"ctrl", "alt", "shift", "super"}
