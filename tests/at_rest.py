"""When an app under test has nothing left to do. Textual looks each fiftieth of a second; most rest long before."""

from __future__ import annotations

import asyncio
from time import process_time
from typing import Any

from textual.timer import Timer

LOOK, WORK, SOON = 0.002, 0.0004, 0.02
"""Seconds: between two looks; of work that is too much in between for rest; until a timer is due that is waited for."""


async def wait_until_at_rest(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """In place of `textual._wait.wait_for_idle`: until no task and no thread works, and no timer is about to go off."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() - begun < max_sleep:
        worked = process_time()
        await asyncio.sleep(LOOK)
        at_rest = process_time() - worked < WORK and not _comes_soon(loop)
        if at_rest and loop.time() - begun >= min_sleep:
            return


def _comes_soon(loop: Any) -> bool:
    soon = loop.time() + SOON
    due = (timer for timer in loop._scheduled if timer.when() < soon and not timer.cancelled())
    return bool(loop._ready) or not all(map(_does_nothing, due))


def _does_nothing(due: Any) -> bool:
    """A timer of Textual's that was paused sleeps on until its beat, and then waits to be resumed."""
    sleeping = due._args[0] if due._args else None
    for wake, _ in getattr(sleeping, "_callbacks", None) or ():
        frame = wake.__self__.get_coro().cr_frame if isinstance(getattr(wake, "__self__", None), asyncio.Task) else None
        timer = frame and frame.f_locals.get("self")
        if isinstance(timer, Timer):
            return not timer._active.is_set()
    return False
