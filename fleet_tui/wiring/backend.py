"""The services and feeds of one run, built from the settings: common clients, then area by area."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from fleet_tui.actions import Actions
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import Feed, Reading
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.wiring.keeper import Keeper
from fleet_tui.wiring.kinds import KINDS, NEEDS, stored_readings
from fleet_tui.wiring.source import Area, Common, Source

ACCOUNT_EVERY = 3600.0


class Backend:
    """Imports the network libraries when it is made: do so after the first paint."""

    def __init__(
        self,
        config: Config,
        tokens: Mapping[str, Secret],
        store: Store,
        *,
        now: Callable[[], datetime],
        read_only: bool = False,
        impatient: bool = False,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        from fleet_tui.services.calendars import Calendars
        from fleet_tui.services.github import GitHub, github_service
        from fleet_tui.services.github_writer import GitHubWriter
        from fleet_tui.services.http import Http
        from fleet_tui.services.slack import Webhook
        from fleet_tui.services.zenhub import ZenHub, zenhub_service
        from fleet_tui.wiring.bugs import BugsArea
        from fleet_tui.wiring.certificates import CertificatesArea
        from fleet_tui.wiring.freeze import FreezeArea
        from fleet_tui.wiring.on_call import OnCallArea
        from fleet_tui.wiring.release import ReleaseArea
        from fleet_tui.wiring.release_qa import ReleaseQaArea

        self._keeper = Keeper(store)
        self.http = Http(store, now=now)
        self.github = GitHub(self.http, github_service(config, tokens.get("github")), config.team.repository)
        self.writer = GitHubWriter(
            config.addresses.github, tokens.get("github"), config.team.repository, written=self.http.written
        )
        board_token = tokens.get("zenhub")
        self.zenhub = ZenHub(self.http, zenhub_service(config, board_token)) if board_token else None
        webhook = tokens.get("slack-webhook")
        self.slack = Webhook(self.http, webhook) if webhook else None
        self.actions = Actions(store, now=now, who=lambda: self.login, read_only=read_only)
        first = stored_readings(store)
        self._first = first
        self.feeds: dict[str, Feed[Any]] = {}
        self._has_answered = {name: asyncio.Event() for name in KINDS}
        common = Common(
            config,
            tokens,
            store,
            now,
            self.http,
            self.github,
            self.writer,
            self.zenhub,
            Calendars(self.http, tokens, config.team.zone, store),
            self.value,
            self.need,
            self.wake,
            changed,
            read_only,
        )
        self.freeze = FreezeArea(common, impatient=impatient)
        self.release_qa = ReleaseQaArea(common)
        self.bugs = BugsArea(common)
        self.certificates = CertificatesArea(common)
        self.on_call = OnCallArea(common)
        self.release = ReleaseArea(common, self.freeze, impatient=impatient)
        self._areas: tuple[Area, ...] = (
            self.freeze,
            self.release_qa,
            self.bugs,
            self.certificates,
            self.on_call,
            self.release,
        )
        sources = {"me": Source(self.github.login, lambda: ACCOUNT_EVERY)}
        for area in self._areas:
            sources |= area.sources()
        for name, source in sources.items():
            self.feeds[name] = Feed(name, KINDS[name][0], source.fetch, source.every, now=now, first=first[name])

    @property
    def login(self) -> str:
        """Whom the GitHub token belongs to; empty until GitHub has said it."""
        return str(self.value("me") or "")

    def value(self, name: str) -> Any:
        """The last value of a feed; None before there is one."""
        return self._reading(name).value

    def need(self, name: str) -> Any:
        """The last value of a feed that another is not read without. Raises `Failure` before there is one."""
        reading, title = self._reading(name), KINDS[name][0]
        if reading.at is None:
            raise Failure(reading.problem or Problem(title, Cause.MISSING, f"{title}: not read yet."))
        return reading.value

    def _reading(self, name: str) -> Reading[Any]:
        return self.feeds[name].reading if name in self.feeds else self._first[name]

    async def run(self, name: str, publish: Callable[[str, Reading[Any]], None]) -> None:
        """Poll one feed until cancelled, publishing each reading; not before what it needs has answered."""
        from fleet_tui.services.http import purpose

        purpose.set(name)
        for other in NEEDS.get(name, ()):
            if self._reading(other).at is None:
                await self._has_answered[other].wait()
        feed = self.feeds[name]
        former = feed.reading.value

        def take(reading: Reading[Any]) -> None:
            nonlocal former
            if reading.value is not former and reading.problem is None:
                for area in self._areas:
                    area.react(name, former, reading.value)
                self.wake(tuple(other for other, needs in NEEDS.items() if name in needs))
                former = reading.value
                self._keeper.keep(name, reading)
            self._has_answered[name].set()
            publish(name, reading)

        await feed.run(take)

    def wake(self, names: tuple[str, ...]) -> None:
        """Poll these feeds now."""
        for name in names:
            self.feeds[name].wake()

    async def aclose(self) -> None:
        """Keep the readings and close all connections."""
        for name, feed in self.feeds.items():
            if not feed.reading.stored:
                self._keeper.keep(name, feed.reading)
        await self._keeper.aclose()
        for area in self._areas:
            area.close()
        await self.http.aclose()
