"""From a key to the paint that follows it, without a terminal: the board with many bugs, and an empty program."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from fleet_tui.app import FleetApp
from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store

SIZE = (120, 40)
KEYS = [*"jjjjjjjjjj", *"kkkkkkkkkk", "pagedown", "pageup", "l", *"jjjjj", *"kkkkk", "h"] * 3
LONGEST = 10.0


class Empty(App[None]):
    """As little as a program can do with a key: a line changes."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("0")

    def on_key(self) -> None:
        """Change it."""
        self.query_one(Static).update(str(time.perf_counter()))


async def empty_seconds() -> float:
    """The median of the empty program."""
    return await _median(Empty(), [])


async def board_seconds(bugs: Sequence[Bug]) -> float:
    """The median of the board with these bugs, all read and at rest."""
    now = datetime.now(UTC)
    readings: dict[str, Reading[Any]] = {
        "bugs": Reading(tuple(bugs), now),
        "columns": Reading({}, now),
        "me": Reading("mna", now),
    }
    store = Store(None)
    try:
        return await _median(FleetApp(Config(), store, {}, screen="bugs", connect=None), list(readings.items()))
    finally:
        store.close()


async def _median(app: App[Any], readings: Sequence[tuple[str, Reading[Any]]]) -> float:
    painted = asyncio.Event()
    display = app._display

    def displayed(*given: Any) -> None:
        display(*given)
        painted.set()

    app._display = displayed  # type: ignore[assignment]
    async with app.run_test(size=SIZE) as pilot:
        for name, reading in readings:
            app.take(name, reading)  # type: ignore[attr-defined]
        await pilot.pause()
        seconds = []
        for key in KEYS:
            await asyncio.sleep(0.12)  # what is left over of one key is not the time of the next
            painted.clear()
            seconds.append(await _press(app, key, painted))
    return median(seconds)


async def _press(app: App[Any], key: str, painted: asyncio.Event) -> float:
    event = events.Key(key, key if len(key) == 1 else None)
    event.set_sender(app)
    started = time.perf_counter()
    app.post_message(event)
    try:
        async with asyncio.timeout(LONGEST):
            await painted.wait()
    except TimeoutError:
        raise RuntimeError(f"the key {key} painted nothing") from None
    return time.perf_counter() - started
