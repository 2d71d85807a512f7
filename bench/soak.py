"""A week of the dashboard in fifteen minutes: polls, changes, faults, resizes, other screens, and what is left over.

    python -m bench.soak                    50,000 polls over seven simulated days
    python -m bench.soak --polls 2000

The program runs headless against the simulator, which is a process of its own. Its clock is moved on by hand; each step
polls every feed once. The exit status is 1 when something grew that must not: widgets, tasks, threads, open files, or
memory (by 2 % from the third quarter to the last). Log and state file are told, and have limits of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import random
import resource
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from textual.pilot import Pilot
from textual.widget import Widget

from fleet_tui.app import FleetApp
from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.cli.simulation import simulation
from fleet_tui.feed import Reading
from fleet_tui.keys import SCREENS
from fleet_tui.services.log import start_log
from fleet_tui.services.store import Store

WEEK = timedelta(days=7)
LOOKS = 20
"""How often it is looked at what there is."""
GROWTH = 0.02
"""How much more memory the last quarter may have than the third."""
SIZES = ((120, 40), (80, 24), (200, 60), (40, 12), (100, 30))
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 502, "service": "github"},
    {"kind": "not_json"},
    {"kind": "status", "status": 500},
)
LONGEST_STEP = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """What there was at one moment."""

    polls: int
    memory: float
    """MiB resident, after the garbage was collected."""
    widgets: int
    tasks: int
    threads: int
    files: int
    """Open files and sockets, without idle connections that are kept for the next request."""
    log: int
    """Bytes of log and state file."""


class Soak:
    """One run."""

    def __init__(self, address: str, directory: Path, polls: int, seed: int = 7) -> None:
        self.looks: list[Look] = []
        self.polls = 0
        self._directory = directory
        self._wanted = polls
        self._chance = random.Random(seed)
        self._now = datetime.now(UTC)
        self._simulator = httpx.AsyncClient(base_url=address, timeout=10)
        self._store = Store(directory / "state.db")
        self._app = FleetApp(demo_config(address), self._store, demo_tokens(address), now=lambda: self._now)
        self._hear = self._app.hear

    async def run(self) -> None:
        """A week, step by step."""
        self._app.hear = self._count  # type: ignore[method-assign]
        async with self._simulator, self._app.run_test(size=SIZES[0]) as pilot:
            while self._app.backend is None:
                await pilot.pause()
            feeds = tuple(self._app.backend.feeds)
            for number, _ in SCREENS.values():  # each is built when it is first shown, and then stays
                await pilot.press(number)
            steps = max(LOOKS, self._wanted // len(feeds))
            for step in range(steps):
                self._now += WEEK / steps
                await self._step(pilot, step, feeds)
                if (step + 1) % (steps // LOOKS) == 0:
                    await self._look(pilot)
        self._store.close()

    def _count(self, name: str, reading: Reading[Any]) -> None:
        self.polls += 1
        self._hear(name, reading)

    async def _step(self, pilot: Pilot[Any], step: int, feeds: tuple[str, ...]) -> None:
        """Something happens, everything is read, and the person does something."""
        assert self._app.backend
        await self._happen(step)
        before, started = self.polls, time.monotonic()
        self._app.backend.wake(feeds)
        while self.polls < before + len(feeds) and time.monotonic() < started + LONGEST_STEP:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        if step % 5 == 0:
            await pilot.press(self._chance.choice([number for number, _ in SCREENS.values()]))
        if step % 7 == 0:
            await pilot.press(self._chance.choice(["j", "k", "down", "up", "pagedown", "pageup"]))
        if step % 11 == 0:
            await pilot.resize_terminal(*self._chance.choice(SIZES))
        if step % 13 == 0:
            await pilot.press("question_mark", "escape")

    async def _happen(self, step: int) -> None:
        number = self._chance.choice((16736, 16940, 16963))
        if step % 3 == 0:
            await self._change(op="comment", number=number, body=f"Seen again, {step}")
        if step % 17 == 0:
            labels = ["bug", self._chance.choice([":reproduce", ":product", ":release"])]
            await self._change(op="set_labels", number=number, labels=labels)
        if step % 29 == 0:
            await self._simulator.post("/control/faults", json=self._chance.choice(FAULTS))
        if step % 29 == 2:
            await self._simulator.delete("/control/faults")

    async def _change(self, **deed: Any) -> None:
        (await self._simulator.post("/control/world", json=deed)).raise_for_status()

    async def _look(self, pilot: Pilot[Any]) -> None:
        """With nothing under way, on the first screen, at the first size: the same each time."""
        await self._simulator.delete("/control/faults")
        await pilot.resize_terminal(*SIZES[0])
        await pilot.press("escape", "1")
        await asyncio.sleep(0.3)
        gc.collect()
        self.looks.append(
            look := Look(
                polls=self.polls,
                memory=round(_resident(), 1),
                widgets=sum(isinstance(one, Widget) and one.is_attached for one in gc.get_objects()),
                tasks=len(asyncio.all_tasks()),
                threads=threading.active_count(),
                files=len(os.listdir("/proc/self/fd")),
                log=sum(path.stat().st_size for path in self._directory.iterdir() if path.is_file()),
            )
        )
        sys.stderr.write(line(look) + "\n")  # it takes its time: somebody may want to know how far it is

    def faults(self) -> list[str]:
        """What grew that must not. The first half of the run may fill what is kept."""
        quarter = len(self.looks) // 4
        third, last = self.looks[2 * quarter : 3 * quarter], self.looks[3 * quarter :]
        found = [
            f"{name}: {max(getattr(look, name) for look in third)} became {max(getattr(look, name) for look in last)}"
            for name in ("widgets", "tasks", "threads", "files")
            if min(getattr(look, name) for look in last) > max(getattr(look, name) for look in third)
        ]
        growth = mean(look.memory for look in last) / mean(look.memory for look in third) - 1
        if growth > GROWTH:
            found.append(f"memory grew by {growth:.1%}")
        return found


def _resident() -> float:
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def table(looks: Sequence[Look]) -> str:
    """A line for each look."""
    names = [field.name for field in fields(Look)]
    return "\n".join(["".join(name.rjust(12) for name in names), *map(line, looks)])


def line(look: Look) -> str:
    """The figures of one look."""
    return "".join(f"{getattr(look, field.name):,}".rjust(12) for field in fields(Look))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print what there was."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="A week in a few minutes.")
    parser.add_argument("--polls", type=int, default=50_000)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as name, TemporaryDirectory() as beside, simulation(Path(beside)) as address:
        start_log(Path(name) / "fleet-tui.log")
        started = time.monotonic()
        soak = Soak(address, Path(name), options.polls)
        asyncio.run(soak.run())
        logging.shutdown()
    sys.stdout.write(table(soak.looks) + "\n")
    faults = soak.faults()
    sys.stdout.write(f"{soak.polls:,} polls in {time.monotonic() - started:.0f} s. ")
    sys.stdout.write("\n".join(faults or ["Nothing grew."]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
