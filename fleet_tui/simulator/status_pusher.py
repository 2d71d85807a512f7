"""Merge Freeze's slow hand: commit statuses reported one by one."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from fleet_tui.simulator.world import FrozenBranch, World


class StatusPusher:
    """Reports the statuses of all open pull requests whenever a branch changed, `status_delay` seconds apart.

    A change during a round starts a new round.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._rounds: dict[FrozenBranch, asyncio.Task[None]] = {}

    def __enter__(self) -> Self:
        self._world.merge_freeze.on_change.append(self._changed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._world.merge_freeze.on_change.remove(self._changed)
        for task in self._rounds.values():
            task.cancel()

    def _changed(self, branch: FrozenBranch) -> None:
        if not self._world.merge_freeze.status_delay:
            return
        if running := self._rounds.get(branch):
            running.cancel()
        self._rounds[branch] = asyncio.create_task(self._round(branch))

    async def _round(self, branch: FrozenBranch) -> None:
        merge_freeze = self._world.merge_freeze
        for pull in merge_freeze.pulls(branch):
            await asyncio.sleep(merge_freeze.status_delay)
            merge_freeze.report(pull)
