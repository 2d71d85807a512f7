"""`python -m fleet_tui.simulator`: the simulator as a process, which ends with its parent."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from fleet_tui.simulator.lively import live
from fleet_tui.simulator.seed import demo_world, empty_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World, real_time

WORLDS = {"demo": demo_world, "empty": empty_world}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the end of standard input, or a signal."""
    options = _parser().parse_args(arguments)
    asyncio.run(serve(make_world(options), port=options.port, stay=options.stay, lively=options.lively))


def make_world(options: argparse.Namespace) -> World:
    """The world that the options ask for. With `--now` its clock stands still, else it is the machine's."""
    world = WORLDS[options.world](options.now or datetime.now(UTC), options.seed)
    if options.now is None:
        world.now = real_time
    world.merge_freeze.status_delay = options.status_delay
    world.merge_freeze.requests_per_second = options.merge_freeze_rate or None
    return world


async def serve(world: World, *, port: int, stay: bool, lively: bool) -> None:
    """Serve; say on standard output where."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if not stay:
        threading.Thread(target=_wait_for_parent, args=(loop, ended), daemon=True).start()
    async with Simulator(world, port=port) as simulator:
        sys.stdout.write(json.dumps({"url": simulator.url}) + "\n")
        sys.stdout.flush()
        life = asyncio.create_task(live(world)) if lively else None
        await ended.wait()
        if life:
            life.cancel()


def _wait_for_parent(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    # os.read rather than sys.stdin: a thread that holds the lock of sys.stdin would abort the interpreter at its end
    stdin = 0
    while os.read(stdin, 4096):
        pass
    loop.call_soon_threadsafe(ended.set)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fleet_tui.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of 127.0.0.1; 0: any that is free")
    parser.add_argument("--world", choices=sorted(WORLDS), default="demo")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--now", type=_moment, help="let the world's clock stand at this time (ISO 8601)")
    parser.add_argument("--stay", action="store_true", help="do not end with standard input")
    parser.add_argument("--lively", action="store_true", help="let something happen every half minute")
    parser.add_argument("--status-delay", type=float, default=0.3, help="seconds from one commit status to the next")
    parser.add_argument("--merge-freeze-rate", type=float, default=1.0, help="requests a second; 0: any number")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
