"""The minute that the screens show, and noticing that the machine has slept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from fleet_tui.clock import follow
from tests.helpers import NOW, leap, moment

LONG_SLEEP = timedelta(hours=8)


class Watch:
    """A clock that goes with the event loop's, and can be set; what `follow` said of it."""

    def __init__(self, start: datetime = NOW) -> None:
        self.start = start
        self.minutes: list[datetime] = []
        self.jumps: list[datetime] = []

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())

    async def follow(self, seconds: float, then: Callable[[], None] = lambda: None, more: float = 0.0) -> None:
        """Follow it for some seconds, do something, and follow it for some more."""
        following = asyncio.create_task(follow(self, self.minutes.append, lambda: self.jumps.append(self())))
        await asyncio.sleep(seconds)
        then()
        await asyncio.sleep(more)
        following.cancel()

    def set_on(self, by: timedelta) -> None:
        """The machine slept, or somebody set its clock."""
        self.start += by


def test_each_minute_is_told_once_when_it_begins() -> None:
    watch = Watch(moment("2025-06-05 15:00") + timedelta(seconds=42))
    leap(watch.follow(3 * 60))
    assert [f"{minute:%H:%M:%S}" for minute in watch.minutes] == ["15:01:00", "15:02:00", "15:03:00"]
    assert watch.jumps == []


def test_a_minute_is_told_within_a_tenth_of_a_second() -> None:
    told: list[float] = []
    watch = Watch()

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        following = asyncio.create_task(follow(watch, lambda _: told.append(loop.time()), lambda: None))
        await asyncio.sleep(121)
        following.cancel()

    leap(scenario())
    assert len(told) == 2
    assert all(0 <= seconds % 60 < 0.1 for seconds in told)


@pytest.mark.parametrize("by", [LONG_SLEEP, -LONG_SLEEP], ids=["slept", "set back"])
def test_a_clock_that_jumped_is_told_once_with_its_new_minute(by: timedelta) -> None:
    watch = Watch()
    leap(watch.follow(25, lambda: watch.set_on(by), more=20))
    assert len(watch.jumps) == 1
    assert watch.minutes == [(NOW + by).replace(second=0)]


def test_a_loop_that_was_held_up_for_a_moment_is_no_sleep() -> None:
    watch = Watch()
    leap(watch.follow(25, lambda: watch.set_on(timedelta(seconds=20)), more=30))
    assert watch.jumps == []
