"""The settings' types in people's words, for error messages and for the reference."""

from __future__ import annotations

from datetime import date, datetime, time
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta

from fleet_tui.config import toml
from fleet_tui.config.section import Section

SHOWN = 40
"""Characters of a wrong value that a message repeats."""


def plain(hint: Any) -> Any:
    """The type inside `Annotated`, or `hint` itself."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def meta(hint: Any, attribute: str) -> Any:
    """What the innermost `Meta` of `hint` that has it says on `attribute` (`ge`, `title`, `description`); else None."""
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    said = (getattr(note, attribute) for note in notes if isinstance(note, Meta))
    return next((value for value in said if value is not None), None)


def item(hint: Any) -> Any:
    """The type of the entries, when `hint` is a list; else None."""
    base = plain(hint)
    return get_args(base)[0] if get_origin(base) is tuple else None


def kind(hint: Any) -> str:
    """What a value of this type is, as the end of a sentence "it must be …"."""
    base = plain(hint)
    if title := meta(hint, "title"):
        return str(title)
    if base is bool:
        return "`true` or `false`"
    if base is int:
        return _number(meta(hint, "ge"), meta(hint, "le"))
    if base is str:
        return "text that is not empty" if meta(hint, "min_length") else "text"
    if base is time:
        return "an hour such as `09:00:00`, with seconds and without quotes"
    if base is date:
        return "a day such as `2026-01-31`, without quotes"
    if get_origin(base) is Literal:
        return "one of " + ", ".join(f"`{toml.literal(choice)}`" for choice in get_args(base))
    if get_origin(base) in (Union, UnionType):
        return " or ".join(kind(part) for part in get_args(base) if part is not NoneType)
    if item(hint) is not None:
        return "a list, not empty" if meta(hint, "min_length") else "a list"
    if isinstance(base, type) and issubclass(base, Section):
        return "a table with " + ", ".join(f"`{name}`" for name in base.__struct_fields__)
    return "a table"


def kind_with_entries(hint: Any) -> str:
    """As `kind`; for a list also what its entries are."""
    return kind(hint) if item(hint) is None else f"{kind(hint)}; each entry: {kind(item(hint))}"


def shown(value: Any) -> str:
    """A wrong value as a message repeats it: short, on one line, and harmless to a terminal."""
    match value:
        case dict():
            return "a table"
        case list() if not value:
            return "an empty list"
        case list():
            return "a list"
        case int() if value.bit_length() > 64:
            return "a number that long"
        case str() if len(value) > SHOWN:
            return toml.literal(value[:SHOWN] + "…")
        case datetime():
            return f"the moment {value.isoformat()}"
    return toml.literal(value)


def _number(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"a whole number from {least} to {most}"
    return f"a whole number of at least {least}" if least is not None else "a whole number"
