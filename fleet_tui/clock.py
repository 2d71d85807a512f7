"""The minute that the screens show, and noticing that the machine has slept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

LOOK_EVERY = 10.0
JUMP = timedelta(seconds=30)


async def follow(
    now: Callable[[], datetime], on_minute: Callable[[datetime], None], on_jump: Callable[[], None]
) -> None:
    """Call `on_minute` when a new minute begins, and `on_jump` when the clock moved much more than was slept.

    The loop's own clock stands still while a laptop sleeps, so a feed would wait out the rest of its interval.
    """
    minute = now().replace(second=0, microsecond=0)
    while True:
        before = now()
        pause = min(LOOK_EVERY, 60.05 - before.second - before.microsecond / 1e6)
        await asyncio.sleep(pause)
        after = now()
        if abs(after - before - timedelta(seconds=pause)) > JUMP:
            on_jump()
        if (started := after.replace(second=0, microsecond=0)) != minute:
            minute = started
            on_minute(minute)
