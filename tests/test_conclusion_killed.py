"""A program that concludes a milestone is killed at 20 random points: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from fleet_tui.simulator.seed.milestone_world import open_milestone, standing_of
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World

KILLS = 20
SETTLE = 0.15
"""Seconds; a write that the simulator has taken is carried out much sooner."""

# Imports everything once, then forks for each line: a program that starts anew in a few milliseconds.
PROGRAM = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path

import github, httpx  # noqa: F401

from fleet_tui.services.conclusion_run import Pace
from fleet_tui.services.http import Http
from fleet_tui.services.store import Store
from tests.conclusions import bench, systems
from tests.helpers import addresses, config

url, state, settle = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])


async def conclude():
    settings, http = config(addresses=addresses(url)), Http()
    with bench(systems(http, settings), settings, Store(state), lambda: datetime.now(UTC)) as program:
        if program.journal.rows(1) and program.journal.unfinished() is None:
            return
        run = await program.run(Pace(an_hour=500, apart=0.0, settle=settle))
        await run.run(lambda progress: print("step", progress.over, flush=True))


for _ in sys.stdin:
    pid = os.fork()
    if pid == 0:
        asyncio.run(conclude())
        os._exit(0)
    print("pid", pid, flush=True)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Programs:
    """Starts the program again and again, on the same state file."""

    def __init__(self, url: str, state: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(state), str(SETTLE)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1],
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def lines(self) -> Iterator[tuple[str, int]]:
        """What it says of one run: `pid`, each `step`, `ended` with the exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            word, _, number = line.partition(" ")
            yield word, int(number)
            if word == "ended":
                return


@pytest.fixture
def there(world: World) -> Iterator[SimulatorThread]:
    world.limits.points_per_minute = world.limits.creations_per_minute = 100_000
    with SimulatorThread(world) as running:
        running.call(lambda: running.faults.latency.update({"*": (0, 3)}))
        yield running


def kill_after(programs: Programs, steps: int, delay: float) -> int:
    """Start it and kill it so many steps and seconds later; gives how it ended."""
    pid, seen = 0, 0
    for word, number in programs.lines():
        if word == "pid":
            pid = number
        elif word == "step":
            seen += 1
        if pid and seen == steps:
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            seen += 1  # once
        if word == "ended":
            return number
    raise AssertionError("the program that starts the others is gone")


def test_killed_at_20_random_points_it_ends_in_the_same_state_with_no_step_done_twice(
    there: SimulatorThread, world: World, tmp_path: Path
) -> None:
    right = there.call(lambda: open_milestone(world))
    chance = random.Random()
    with Programs(there.url, tmp_path / "state.db") as programs:
        for _ in range(KILLS):
            assert kill_after(programs, chance.randint(0, 5), chance.uniform(0, 0.02)) == -signal.SIGKILL
        assert kill_after(programs, -1, 0.0) == 0

    state = there.call(lambda: {number: standing_of(world, number) for number in right})
    assert state == {number: one.after for number, one in right.items()}
    milestones = there.call(lambda: [(one.title, one.state) for one in world.repo().milestones.values()])
    assert milestones == [("4.45.0", "closed"), ("4.44.1", "open"), ("4.46.0-tentative", "open")]
    assert not there.call(lambda: world.merge_freeze.branch().frozen)
    writes = Counter(
        (entry.service, entry.method, entry.path, entry.body)
        for entry in there.requests
        if (entry.service == "github" and entry.method != "GET")
        or (entry.service == "mergefreeze" and entry.method == "POST")
        or (entry.service == "zenhub" and "mutation" in entry.body)
    )
    assert [what for what, times in writes.items() if times > 1] == []
