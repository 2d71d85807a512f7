"""The alerts that were told, kept between runs so that none is told twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from fleet_tui.domain.alert import Alert, Told
from fleet_tui.services.store import Store

KEPT = 500
NAME = "alerts"


class AlertLog:
    """What was told, newest first."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._told = store.recall(NAME, tuple[Told, ...], ())
        self._keys = {one.alert.key for one in self._told}

    @property
    def told(self) -> tuple[Told, ...]:
        """All that are remembered, newest first."""
        return self._told

    @property
    def unseen(self) -> int:
        """How many nobody has looked at."""
        return sum(not one.seen for one in self._told)

    def take(self, alerts: Iterable[Alert], *, seen: bool = False) -> tuple[Alert, ...]:
        """Remember `alerts`, as `seen` if nobody is to be told; gives those that were not told before."""
        news = tuple({one.key: one for one in alerts if one.key not in self._keys}.values())
        if news:
            now = self._now()
            self._keep((*(Told(one, now, seen) for one in reversed(news)), *self._told))
        return news

    def see_all(self) -> None:
        """Somebody has looked at them."""
        if self.unseen:
            self._keep(tuple(replace(one, seen=True) for one in self._told))

    def _keep(self, told: tuple[Told, ...]) -> None:
        self._told = told[:KEPT]
        self._keys |= {one.alert.key for one in told}  # those that are too old to be listed are not told again either
        self._store.remember(NAME, self._told)
