"""Makes the pictures of the screens in docs/pictures/, from the demo's world at one moment: the same each time.

`python docs/make_pictures.py` writes them, `python docs/make_pictures.py --check` names those that are out of date.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from fleet_tui.app import FleetApp
from fleet_tui.cli.demo import demo_certificates, demo_config, demo_tokens
from fleet_tui.config.schema import Config
from fleet_tui.feed import Reading
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.wiring import Backend
from fleet_tui.wiring.once import poll_once

FOLDER = Path(__file__).parent / "pictures"
NOW = datetime(2025, 6, 5, 21, 32, tzinfo=UTC)
"""A Thursday afternoon in San Francisco, in the middle of a freeze."""
SIZE = (120, 36)
SCREENS = ("today", "freeze", "release_qa", "bugs", "oncall", "certificates", "release")
CHANGING = {r"127\.0\.0\.1:\d{5}": "127.0.0.1:40000", r"\bterminal-\d+-": "terminal-"}
"""What differs from make to make, and how it is written instead: the simulator's port, and a number made of it."""


class NeverAnswers(Backend):
    """Services and feeds that are there, and never say anything."""

    async def run(self, name: str, publish: object) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


async def pictures() -> dict[str, str]:
    """The SVG of each screen, by its file's name."""
    async with _demo() as (config, tokens):
        backend = Backend(config, tokens, Store(None), now=lambda: NOW)
        await poll_once(backend, backend.feeds)
        while backend.bugs.open_bugs.is_unsettled:  # their timelines come with the reads that follow
            await poll_once(backend, ["bugs"])
        readings = {name: feed.reading for name, feed in backend.feeds.items()}
        await backend.aclose()
        return {f"{name}.svg": await _picture(name, config, tokens, readings) for name in SCREENS}


@contextlib.asynccontextmanager
async def _demo() -> AsyncIterator[tuple[Config, dict[str, Secret]]]:
    world = demo_world(NOW)
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        async with Simulator(world) as simulator:
            certificates = demo_certificates(Path("certificates"), NOW)  # a path that is the same each time
            yield replace(demo_config(simulator.url), certificates=certificates), demo_tokens(simulator.url)


async def _picture(
    name: str, config: Config, tokens: Mapping[str, Secret], readings: Mapping[str, Reading[Any]]
) -> str:
    app = FleetApp(config, Store(None), tokens, now=lambda: NOW, connect=NeverAnswers, screen=name)
    app.animation_level = "none"
    async with app.run_test(size=SIZE, notifications=False) as pilot:
        await pilot.pause()
        for feed, reading in readings.items():
            app.take(feed, reading)
        await pilot.pause()
        await pilot.pause()
        svg = app.export_screenshot(title="fleet-tui demo")
    for pattern, instead in CHANGING.items():
        svg = re.sub(pattern, instead, svg)
    return svg


def main(arguments: list[str]) -> int:
    """Write the pictures, or compare them; the exit code."""
    made = asyncio.run(pictures())
    if arguments == ["--check"]:
        old = [name for name, svg in made.items() if not is_current(name, svg)]
        sys.stdout.writelines(f"docs/pictures/{name} is out of date: make pictures\n" for name in old)
        return bool(old)
    FOLDER.mkdir(exist_ok=True)
    for name, svg in made.items():
        (FOLDER / name).write_text(svg, encoding="utf-8")
    return 0


def is_current(name: str, svg: str) -> bool:
    """Whether the file of that name is this picture."""
    file = FOLDER / name
    return file.exists() and file.read_text(encoding="utf-8") == svg


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
