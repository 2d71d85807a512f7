"""A moment: what is said within it is worked out and shown together. At the start nearly all feeds speak at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fleet_tui.feed import Reading

LENGTH = 0.1
"""Seconds."""

Heard = Mapping[str, Reading[Any]]


class Moment:
    """Gathers readings and other changes, and hands them over at its end."""

    def __init__(
        self, after: Callable[[float, Callable[[], None]], object], take: Callable[[Heard, bool], None]
    ) -> None:
        """`after` calls something so many seconds later. `take` gets what was heard, and whether more has changed."""
        self.awaited: set[str] = set()
        """Feeds that have not spoken yet; with the last of them the moment ends early."""
        self._after = after
        self._take = take
        self._heard: dict[str, Reading[Any]] = {}
        self._has_changed = self._is_on = False

    def hear(self, name: str, reading: Reading[Any]) -> None:
        """A feed has spoken."""
        self._begin()
        self._heard[name] = reading
        if self.awaited and self.awaited <= self._heard.keys():
            self.end()

    def change(self) -> None:
        """Something else has changed."""
        self._begin()
        self._has_changed = True

    def end(self) -> None:
        """Hand over what there is."""
        heard, changed = self._heard, self._has_changed
        self._heard, self._has_changed, self._is_on = {}, False, False
        self.awaited -= heard.keys()
        if heard or changed:
            self._take(heard, changed)

    def _begin(self) -> None:
        if not self._is_on:
            self._is_on = True
            self._after(LENGTH, self.end)
