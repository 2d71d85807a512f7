"""The simulator in a thread of its own, for callers that block (PyGithub, a subprocess)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from fleet_tui.simulator.faults import Faults
from fleet_tui.simulator.journal import Journal
from fleet_tui.simulator.server import Simulator, TlsFlaw
from fleet_tui.simulator.world import World

T = TypeVar("T")


class SimulatorThread:
    """Like `Simulator`, as an ordinary context manager. Change the world through `call`, which runs in its thread."""

    def __init__(self, world: World, *, port: int = 0, tls: TlsFlaw | None = None) -> None:
        self._simulator = Simulator(world, port=port, tls=tls)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulator", daemon=True)

    @property
    def url(self) -> str:
        """Its address."""
        return self._simulator.url

    @property
    def world(self) -> World:
        """The world; to be changed in the simulator's thread only."""
        return self._simulator.world

    @property
    def faults(self) -> Faults:
        """The fault rules."""
        return self._simulator.faults

    @property
    def requests(self) -> Journal:
        """What was asked of it."""
        return self._simulator.requests

    def call(self, function: Callable[[], T]) -> T:
        """Run `function` in the simulator's thread: `call(lambda: world.issue(7).close(by="mna"))`."""

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._simulator.__aenter__(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        await self._simulator.__aexit__(None, None, None)
        still_held = asyncio.all_tasks() - {asyncio.current_task()}  # requests that a fault lets hang
        for task in still_held:
            task.cancel()
        await asyncio.gather(*still_held, return_exceptions=True)
