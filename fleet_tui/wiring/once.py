"""Feeds polled once, for a command: all at the same time.

One that needs another's value asks with that of the last run, and once more if it proves to be a different one.
Without a last run it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from fleet_tui.services.http import purpose
from fleet_tui.wiring.backend import Backend
from fleet_tui.wiring.kinds import NEEDS

USES = {"assigned": ("me",), "members": ("me",), "deployments": ("release",), "dependencies": ("roster",)}
"""What each of these asks another feed besides. The areas' `react` tells the same to feeds that run for long."""


async def poll_once(backend: Backend, names: Iterable[str]) -> None:
    """Poll the feeds `names` once; what they say is in their readings."""
    tasks: dict[str, asyncio.Task[None]] = {}

    async def poll(name: str) -> None:
        purpose.set(name)
        feed, others = backend.feeds[name], (*NEEDS.get(name, ()), *USES.get(name, ()))
        needed = [other for other in others if other in tasks]
        asked_with = known = [backend.value(other) for other in needed]
        if None not in known:
            feed.reading = await feed.poll()
        if needed:
            await asyncio.wait([tasks[other] for other in needed])
            known = [backend.value(other) for other in needed]
        if None in asked_with or any(one is not other for one, other in zip(asked_with, known, strict=True)):
            feed.reading = await feed.poll()

    async with asyncio.TaskGroup() as group:
        for name in names:  # none of them begins before all are there
            tasks[name] = group.create_task(poll(name))
