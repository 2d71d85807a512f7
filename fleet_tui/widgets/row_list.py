"""The rows of a list and the cursor among them; knows nothing of the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Something in a list. Two are equal when nobody could see a difference."""

    @property
    def key(self) -> str:
        """By which it is known again."""

    @property
    def selectable(self) -> bool:
        """Whether the cursor stops at it."""


R = TypeVar("R", bound=Keyed)


class RowList(Generic[R]):
    """Rows with keys, and a cursor that stays on its key.

    When the row under the cursor goes away, the cursor lies loosely on a neighbour until somebody takes hold of it.
    """

    def __init__(self) -> None:
        self.rows: tuple[R, ...] = ()
        self.cursor: str | None = None
        self.loose = False
        self._positions: dict[str, int] = {}

    @property
    def held(self) -> str | None:
        """The key under the cursor, unless it is loose."""
        return None if self.loose else self.cursor

    @property
    def here(self) -> int | None:
        """The position of the cursor."""
        return None if self.cursor is None else self._positions[self.cursor]

    def position(self, key: str) -> int | None:
        """Where the row `key` is."""
        return self._positions.get(key)

    def put(self, position: int) -> None:
        """Take hold of the row at `position`."""
        self.cursor, self.loose = self.rows[position].key, False

    def find(self, start: int, step: int) -> int | None:
        """The first position from `start` on, in the direction of `step`, where the cursor may stop."""
        within = range(start, len(self.rows) if step > 0 else -1, step)
        return next((position for position in within if self.rows[position].selectable), None)

    def replace(self, rows: Iterable[R]) -> bool:
        """Take over `rows`; True when they differ. Of rows with the same key the last one counts."""
        new = tuple({row.key: row for row in rows}.values())
        if new == self.rows:
            return False
        old, here = self.rows, self.here
        self.rows, self._positions = new, {row.key: position for position, row in enumerate(new)}
        alive = {row.key for row in new if row.selectable}
        if here is not None and self.cursor not in alive:
            # The nearest below takes its place, as the rows below move up; or else the nearest above.
            around = (*old[here + 1 :], *reversed(old[:here]))
            self.cursor = next((row.key for row in around if row.key in alive), None)
            self.loose = self.cursor is not None
        if self.cursor is None and (first := self.find(0, 1)) is not None:
            self.put(first)
        return True
