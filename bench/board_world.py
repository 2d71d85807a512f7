"""The simulated GitHub of the bug board's bench: so many bugs, and no rate limits."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from fleet_tui.simulator.seed.many_bugs import many_bugs
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import real_time

TOKEN = "sim-mna"


@contextmanager
def simulator(bugs: int) -> Iterator[str]:
    """The simulator as a process of its own; gives its address."""
    command = [sys.executable, "-m", "bench.board_world", str(bugs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.communicate()


async def _serve(bugs: int) -> None:
    world, _ = many_bugs(bugs, datetime.now(UTC))
    world.now = real_time
    async with Simulator(world) as running:
        sys.stdout.write(json.dumps({"url": running.url}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
