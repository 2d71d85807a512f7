"""Keeps readings between runs without making anybody wait: in a thread, and the bigger one is, the less often."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from fleet_tui.feed import Reading
from fleet_tui.services.store import Store

REST = 20
"""After its write a feed rests so many times as long as that took: turning bugs into text keeps Python busy."""


class Keeper:
    """Writes the newest reading of each feed, one write at a time, so that an older one never comes last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, Reading[Any]] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._one_at_a_time = asyncio.Lock()

    def keep(self, name: str, reading: Reading[Any]) -> None:
        """Write `reading` soon, in the place of an earlier one that still waits."""
        self._waiting[name] = reading
        if name not in self._writing or self._writing[name].done():
            self._writing[name] = asyncio.create_task(self._write_on(name), name=f"keep {name}")

    async def aclose(self) -> None:
        """Write what still waits."""
        for task in self._writing.values():
            task.cancel()
        for task in self._writing.values():
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(self._write, *self._waiting)

    async def _write_on(self, name: str) -> None:
        while name in self._waiting:
            async with self._one_at_a_time:
                started = time.monotonic()
                # Not cut off by `aclose`: the thread would go on by itself, and its older reading come last.
                await _to_its_end(asyncio.create_task(asyncio.to_thread(self._write, name)))
            await asyncio.sleep(REST * (time.monotonic() - started))

    def _write(self, *names: str) -> None:
        for name in names:
            reading = self._waiting.pop(name)
            if reading.value is not None and reading.at is not None:
                self._store.save_reading(name, reading.at, reading.value)


async def _to_its_end(task: asyncio.Task[None]) -> None:
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
