"""Keeps readings between runs without making anybody wait: in a thread, and the bigger they are, the less often."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from fleet_tui.feed import Reading
from fleet_tui.services.store import Store

REST = 20
"""After a write, so many times as long as it took nothing is written: turning bugs into text keeps Python busy."""


class Keeper:
    """Writes the newest reading of each feed, one write at a time, so that an older one never comes last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, Reading[Any]] = {}
        self._writing: asyncio.Task[None] | None = None

    def keep(self, name: str, reading: Reading[Any]) -> None:
        """Write `reading` soon, in the place of an earlier one that still waits."""
        self._waiting[name] = reading
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_on(), name="keep readings")

    async def aclose(self) -> None:
        """Write what still waits."""
        if self._writing:
            self._writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writing
        await asyncio.to_thread(self._write)

    async def _write_on(self) -> None:
        while self._waiting:
            started = time.monotonic()
            # Not cut off by `aclose`: the thread would go on by itself, and its older reading come last.
            await _to_its_end(asyncio.create_task(asyncio.to_thread(self._write)))
            await asyncio.sleep(REST * (time.monotonic() - started))

    def _write(self) -> None:
        while self._waiting:
            name, reading = self._waiting.popitem()
            if reading.value is not None and reading.at is not None:
                self._store.save_reading(name, reading.at, reading.value)


async def _to_its_end(task: asyncio.Task[None]) -> None:
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
