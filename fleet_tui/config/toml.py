"""Values written as TOML. The standard library only reads it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def literal(value: Any) -> str:
    """`value` as TOML. Raises `TypeError` for what TOML cannot express, such as None."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return _text(value)
        case ZoneInfo():
            return _text(value.key)
        case datetime() | date() | time():
            return value.isoformat()
        case tuple() | list():
            return f"[{', '.join(map(literal, value))}]"
        case msgspec.Struct():
            return literal(msgspec.structs.asdict(value))
        case dict():
            return f"{{ {', '.join(f'{key(name)} = {literal(entry)}' for name, entry in value.items())} }}"
    raise TypeError(f"TOML has no {type(value).__name__}")


def key(name: str) -> str:
    """`name` as one part of a dotted key, quoted where TOML asks for it."""
    return name if BARE_KEY.fullmatch(name) else _basic(name)


def _text(value: str) -> str:
    # Regular expressions read better in single quotes, where a backslash is a backslash.
    return f"'{value}'" if "\\" in value and "'" not in value and value.isprintable() else _basic(value)


def _basic(value: str) -> str:
    return '"' + "".join(map(_character, value)) + '"'


def _character(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
