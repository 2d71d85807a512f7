"""Any value of a type: each text in it is hostile, each list may be empty, each optional may be missing."""

from __future__ import annotations

import inspect
import types
import typing
from collections import abc
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
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

PARTS = [text[:400] for text in TEXTS]
ALL = [" ".join(PARTS[start:] + PARTS[:start]) for start in range(len(PARTS))]
"""All of them, and each once in front: so that few examples are enough."""
TEXT = st.one_of(st.sampled_from(ALL), st.sampled_from(PARTS), st.text(max_size=20))
"""Whatever somebody may have written."""
MOMENT = st.integers(-(60 * 24 * 60), 60 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
SINGLE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(0, 2_000),
    float: st.floats(0, 1e6),
    bytes: st.binary(max_size=20),
    datetime: MOMENT,
    date: MOMENT.map(datetime.date),
    time: st.times(),
    timedelta: st.integers(0, 90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    ZoneInfo: st.sampled_from([ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu")]),
    Config: st.just(config()),
    Certificates: st.just(Certificates()),
    Path: st.just(Path("/x")),
    Content: TEXT.map(Content),
    type(None): st.none(),
    None: st.none(),
    Any: TEXT,
}
COUNTS = st.fixed_dictionaries({state.value: st.integers(0, 2_000) for state in State})
KEPT = TEXT.map(clean)
"""Names under which something is kept in the state file, where half a surrogate pair has no place."""
FIELDS: Mapping[tuple[type, str], st.SearchStrategy[Any]] = {
    (BugFigures, "states"): COUNTS,
    (BugFigures, "overdue"): COUNTS,
    (Procedure, "name"): KEPT,
    (Certificate, "id"): KEPT,
    (Roster, "rotations"): st.lists(TEXT, min_size=1, max_size=3).map(tuple),
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
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of the type `hint`."""
    if hint in SINGLE:
        return SINGLE[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return values(inner[0])
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(one) for one in sorted(inner, key=lambda one: one is not type(None))])
    if origin in (abc.Mapping, dict):
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if origin is abc.Callable:
        return values(inner[1]).map(lambda answer: lambda *_, **__: answer)
    if origin is tuple and inner[-1] is not Ellipsis:
        return st.tuples(*map(values, inner))
    if origin in LISTS:
        return st.lists(values(inner[0]), max_size=3).map(LISTS[origin])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(origin or hint, type) and issubclass(origin or hint, Struct):
        return st.builds(hint, **arguments(origin or hint))
    if isinstance(hint, typing.TypeVar):
        return TEXT
    raise NotImplementedError(f"say in tests/values.py what values {hint!r} has")


def arguments(of: Any) -> dict[str, st.SearchStrategy[Any]]:
    """Values for each field of a struct, and for each parameter of a function but `*these`."""
    named = inspect.Parameter.VAR_POSITIONAL
    names = [name for name, one in inspect.signature(of).parameters.items() if one.kind is not named]
    hints = typing.get_type_hints(of)
    return {name: FIELDS[of, name] if (of, name) in FIELDS else values(hints[name]) for name in names}


FEW = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def some(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """A few of its values, always the same; not the first, which is the emptiest."""
    found: list[Any] = []

    @FEW
    @given(strategy)
    def keep(one: Any) -> None:
        found.append(one)

    keep()
    return found[1:]
