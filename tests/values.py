"""Any value of a type: each text in it is hostile, each list may be empty, each optional may be missing.

Hypothesis would do it, and take twice as long as all that is done with the values.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections import abc
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from textual.content import Content

from fleet_tui.config.certificates import Certificates
from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import State
from fleet_tui.domain.certificates import Certificate
from fleet_tui.domain.overview import BugFigures
from fleet_tui.domain.procedures import Procedure
from fleet_tui.domain.roster import Roster
from fleet_tui.domain.text import clean
from tests.helpers import NOW, config
from tests.hostile import TEXTS

Make = Callable[[Random], Any]
"""Makes a value; the same again of the same chance."""
PARTS = [text[:400] for text in TEXTS]
ALL = [" ".join(PARTS[start:] + PARTS[:start]) for start in range(len(PARTS))]
"""All of them, and each once in front: so that few examples are enough."""
RANGES = ((0x20, 0x7E), (0x00, 0x2FF), (0x300, 0xD7FF), (0xE000, 0x10FFFF))


def any_text(chance: Random) -> str:
    """Whatever somebody may have written."""
    if texts := chance.choice((ALL, PARTS, None)):
        return chance.choice(texts)
    return "".join(chr(chance.randint(*chance.choice(RANGES))) for _ in range(chance.randint(0, 20)))


def whole(least: int, most: int) -> Make:
    """A number between these, now and then one of them."""
    return lambda chance: chance.choice((least, most, *(chance.randint(least, most) for _ in range(4))))


def several(one: Make, least: int = 0) -> Make:
    """At most three."""
    return lambda chance: [one(chance) for _ in range(chance.randint(least, 3))]


def struct(kind: Any, fields: Mapping[str, Make]) -> Make:
    """One of a kind, each field made by itself."""
    return lambda chance: kind(**{name: make(chance) for name, make in fields.items()})


def one_of(*these: Any) -> Make:
    """One of these."""
    return lambda chance: chance.choice(these)


def moment(chance: Random) -> datetime:
    """Within two months of now."""
    return NOW + timedelta(minutes=whole(-(60 * 24 * 60), 60 * 24 * 60)(chance))


SINGLE: Mapping[Any, Make] = {
    str: any_text,
    bool: one_of(False, True),
    int: whole(0, 2_000),
    float: lambda chance: chance.choice((0.0, 1e6, chance.uniform(0, 1e6), chance.random())),
    bytes: lambda chance: chance.randbytes(chance.randint(0, 20)),
    datetime: moment,
    date: lambda chance: moment(chance).date(),
    time: lambda chance: time(*(whole(0, most)(chance) for most in (23, 59, 59, 999_999))),
    timedelta: lambda chance: timedelta(minutes=whole(0, 90 * 24 * 60)(chance)),
    ZoneInfo: one_of(ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu")),
    Config: one_of(config()),
    Certificates: one_of(Certificates()),
    Path: one_of(Path("/x")),
    Content: lambda chance: Content(any_text(chance)),
    type(None): one_of(None),
    None: one_of(None),
    Any: any_text,
}


def counts(chance: Random) -> dict[str, int]:
    """How many bugs are in each state."""
    return {state.value: whole(0, 2_000)(chance) for state in State}


def kept(chance: Random) -> str:
    """A name under which something is kept in the state file, where half a surrogate pair has no place."""
    return clean(any_text(chance))


FIELDS: Mapping[tuple[type, str], Make] = {
    (BugFigures, "states"): counts,
    (BugFigures, "overdue"): counts,
    (Procedure, "name"): kept,
    (Certificate, "id"): kept,
    (Roster, "rotations"): lambda chance: tuple(several(any_text, 1)(chance)),
}
"""What is never just any value of its type."""
LISTS: Mapping[Any, Any] = {
    abc.Iterable: tuple,
    abc.Sequence: tuple,
    abc.Collection: tuple,
    tuple: tuple,
    list: list,
    frozenset: frozenset,
    set: set,
}


@cache
def values(hint: Any) -> Make:
    """Values of the type `hint`."""
    if hint in SINGLE:
        return SINGLE[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return values(inner[0])
    if origin is typing.Literal:
        return one_of(*inner)
    if origin in (typing.Union, types.UnionType):
        makes = [values(one) for one in sorted(inner, key=lambda one: one is not type(None))]
        return lambda chance: chance.choice(makes)(chance)
    if origin in (abc.Mapping, dict):
        entries = several(struct(dict, {"key": values(inner[0]), "value": values(inner[1])}))
        return lambda chance: {one["key"]: one["value"] for one in entries(chance)}
    if origin is abc.Callable:
        return lambda chance: _always(values(inner[1])(chance))
    if origin is tuple and inner[-1] is not Ellipsis:
        parts = [values(one) for one in inner]
        return lambda chance: tuple(make(chance) for make in parts)
    if origin in LISTS:
        listed = several(values(inner[0]))
        return lambda chance: LISTS[origin](listed(chance))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return one_of(*hint)
    if isinstance(origin or hint, type) and issubclass(origin or hint, Struct):
        return struct(hint, arguments(origin or hint))
    if isinstance(hint, typing.TypeVar):
        return any_text
    raise NotImplementedError(f"say in tests/values.py what values {hint!r} has")


def _always(answer: Any) -> Callable[..., Any]:
    return lambda *_, **__: answer


def arguments(of: Any) -> dict[str, Make]:
    """Values for each field of a struct, and for each parameter of a function but `*these`."""
    named = inspect.Parameter.VAR_POSITIONAL
    names = [name for name, one in inspect.signature(of).parameters.items() if one.kind is not named]
    hints = typing.get_type_hints(of)
    return {name: FIELDS[of, name] if (of, name) in FIELDS else values(hints[name]) for name in names}


class Least(Random):
    """Always the first, the least, and none."""

    def random(self) -> float:
        """Nothing."""
        return 0.0

    def getrandbits(self, k: int, /) -> int:
        """Nothing."""
        return 0


def examples(make: Make, count: int) -> Iterator[Any]:
    """So many values, always the same; the first is the emptiest."""
    for number in range(count):
        yield make(Random(number) if number else Least())


def some(make: Make) -> list[Any]:
    """A few of its values, always the same, and none of them the emptiest."""
    return list(examples(make, 3))[1:]
