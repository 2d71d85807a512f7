"""The server that all simulated services run in."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from fleet_tui.simulator import (
    calendars,
    cisa,
    control,
    docker_hub,
    fleet_server,
    github,
    go_downloads,
    merge_freeze,
    slack,
    zenhub,
)
from fleet_tui.simulator.app_keys import WORLD
from fleet_tui.simulator.faults import Faults
from fleet_tui.simulator.journal import Journal
from fleet_tui.simulator.status_pusher import StatusPusher
from fleet_tui.simulator.world import World

SERVICES: dict[str, Callable[[World], web.Application]] = {
    "github": github.application,
    "mergefreeze": merge_freeze.application,
    "zenhub": zenhub.application,
    "fleet": fleet_server.application,
    "calendar": calendars.application,
    "go": go_downloads.application,
    "dockerhub": docker_hub.application,
    "cisa": cisa.application,
    "slack": slack.application,
}
"""Each service by the first segment of its addresses."""

HOST = "127.0.0.1"
LARGEST_REQUEST = 4 * 1024 * 1024

TlsFlaw = Literal["self-signed", "wrong-host"]


class Simulator:
    """The simulated services on a port of loopback, in the running event loop.

    >>> async with Simulator(world) as simulator:
    ...     client.get(f"{simulator.url}/github/user")
    """

    def __init__(self, world: World, *, port: int = 0, tls: TlsFlaw | None = None) -> None:
        self.world = world
        self.faults = Faults()
        self.requests = Journal()
        self.url = ""
        self.certificate: Path | None = None
        """The certificate that it shows, for a client that is told to trust it."""
        self.application: web.Application | None = None
        """What answers, while it runs."""
        self._port = port
        self._tls = tls
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            starting.enter_context(StatusPusher(self.world))
            context = self._ssl_context(starting)
            self.application = self._assembled()
            runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=0.1)
            starting.push_async_callback(runner.cleanup)
            await runner.setup()
            await web.TCPSite(runner, HOST, self._port, ssl_context=context).start()
            self.url = f"{'https' if context else 'http'}://{HOST}:{runner.addresses[0][1]}"
            self._resources = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._resources.aclose()

    def _assembled(self) -> web.Application:
        """All services and the control addresses as one application."""
        root = web.Application(
            middlewares=[self.requests.middleware, self.faults.middleware], client_max_size=LARGEST_REQUEST
        )
        root[WORLD] = self.world
        for name, application in SERVICES.items():
            root.add_subapp(f"/{name}", application(self.world))
        root.add_subapp("/control", control.application(self.world, self.faults, self.requests))
        return root

    def _ssl_context(self, resources: AsyncExitStack) -> ssl.SSLContext | None:
        if self._tls is None:
            return None
        # cryptography takes 50 ms to load, and is needed for this alone
        from fleet_tui.simulator.certificates import make_certificate

        folder = Path(resources.enter_context(TemporaryDirectory(prefix="fleet-tui-simulator-")))
        self.certificate, key = make_certificate(folder, HOST if self._tls == "self-signed" else "elsewhere.example")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        return context
