"""What was worked out of a text from outside, kept with a fingerprint of it: the same text is not worked out twice.

Not even by the next run of the program, which need not load the library that does it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct

from fleet_tui import __version__
from fleet_tui.services.store import Store

T = TypeVar("T")


class Worked(Struct, Generic[T], frozen=True):
    """A value, and what it was worked out of."""

    fingerprint: str
    value: T


class Memo:
    """Keeps the last value of each name in the state file; without one it keeps nothing."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store

    async def value(
        self, name: str, text: bytes, type_: type[T], work: Callable[[], Awaitable[T]], *beside: object
    ) -> T:
        """What `work` makes of `text` and of what is given `beside`, or made of the same the last time."""
        if self._store is None:
            return await work()
        key, made_of = f"worked out: {name}", fingerprint(text, *beside)
        known = self._store.recall(key, Worked[type_], None)  # type: ignore[valid-type]
        if known is None or known.fingerprint != made_of:
            known = Worked(made_of, await work())
            self._store.remember(key, known)
        return known.value


def fingerprint(text: bytes, *beside: Any) -> str:
    """Tells whether a text, or what it is read with, this program among it, has changed."""
    return hashlib.sha256(b"\0".join((repr((__version__, *beside)).encode(), text))).hexdigest()
