"""The base of all desks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from fleet_tui.config.schema import Config
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.problem import Failure
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store
from fleet_tui.wiring import Backend


class Desk:
    """Shows stored readings before there is a backend; with one, also does what is asked."""

    FEEDS: tuple[str, ...] = ()
    """What it stands on: there are no alerts before each of these has been read in this run."""

    def __init__(
        self,
        config: Config,
        store: Store,
        reading: Callable[[str], Reading[Any]],
        say: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self.backend: Backend | None = None
        self.config = config
        self.store = store
        self.reading = reading
        self.say = say
        self.now = now

    @property
    def login(self) -> str:
        """Whom the GitHub token belongs to; empty until GitHub has said it."""
        return str(self.reading("me").value or "")

    @property
    def is_settled(self) -> bool:
        """Whether every feed that it stands on has been read in this run."""
        readings = [self.reading(name) for name in self.FEEDS]
        return all(one.at is not None and not one.stored for one in readings)

    @property
    def tells_at_start(self) -> bool:
        """Whether what it tells at the start is news too: it knows by itself what was told before."""
        return False

    def alerts(self) -> Iterable[Alert]:
        """All that holds now and that somebody should know; each is told once."""
        return ()

    async def template(self, path: str) -> str | None:
        """A file of the repository; None, said in words, when it cannot be read."""
        if self.backend is None:
            return None
        try:
            return await self.backend.github.file(path, self.config.team.branch)
        except Failure as failure:
            self.say(f"The template {path} cannot be read. {failure.problem.text}")
            return None
