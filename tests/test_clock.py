"""The minute that the screens show, and noticing that the machine has slept."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from fleet_tui.clock import follow
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import Feed
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.wiring import Backend
from tests.faults import SOURCES, TROUBLES, scene_of
from tests.helpers import NOW, leap, moment, until

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


# Feeds over a jump ---------------------------------------------------------------------------------------------------

EVERY = {"freeze": 20.0, "pulls": 45.0, "certificates": 900.0, "me": 3600.0}
NIGHT = timedelta(hours=9)


class Polled:
    """Feeds of several intervals that run for a while, as the app runs them; when each polled, in seconds."""

    def __init__(self, *, problem: Problem | None = None) -> None:
        self.watch = Watch()
        self.polls: dict[str, list[float]] = {name: [] for name in EVERY}
        self.feeds = {name: self._feed(name, every, problem) for name, every in EVERY.items()}

    def _feed(self, name: str, every: float, problem: Problem | None) -> Feed[int]:
        async def fetch() -> int:
            self.polls[name].append(asyncio.get_running_loop().time())
            if problem and len(self.polls[name]) == 1:
                raise Failure(problem)
            return len(self.polls[name])

        return Feed(name, name, fetch, lambda: every, now=self.watch, jitter=lambda: 1.0)

    def jump(self, by: timedelta, at: float, until: float) -> None:
        """Run them until so many seconds have passed; at one of those the clock jumps."""
        leap(self._run(by, at, until))

    async def _run(self, by: timedelta, at: float, until: float) -> None:
        running = [asyncio.create_task(feed.run(lambda _: None)) for feed in self.feeds.values()]
        following = asyncio.create_task(follow(self.watch, lambda _: None, self._wake))
        await asyncio.sleep(at)
        self.watch.set_on(by)
        await asyncio.sleep(until - at)
        for task in (*running, following):
            task.cancel()

    def _wake(self) -> None:
        for feed in self.feeds.values():
            feed.wake()


@pytest.mark.parametrize("by", [NIGHT, -NIGHT], ids=["slept", "set back"])
def test_after_a_jump_of_nine_hours_each_feed_polls_once_and_goes_on_in_its_interval(by: timedelta) -> None:
    polled = Polled()
    polled.jump(by, at=1003.0, until=1014.0)
    for name, polls in polled.polls.items():
        after = [seconds for seconds in polls if seconds > 1003.0]
        assert len(after) == 1, name
        left = polled.feeds[name].reading.next_try
        assert left == NOW + by + timedelta(seconds=after[0] + EVERY[name])
        assert polled.feeds[name].reading.problem is None


def test_after_a_jump_nothing_is_caught_up_with() -> None:
    polled = Polled()
    polled.jump(NIGHT, at=1003.0, until=4600.0)
    for name, polls in polled.polls.items():
        gaps = [after - before for before, after in pairwise(polls)]
        short = [gap for gap in gaps if gap < EVERY[name] - 0.001]
        assert len(short) <= 1, name  # the one that the jump cut short


@pytest.mark.parametrize(
    ("by", "waited"),
    [
        pytest.param(NIGHT, 10.0, id="over during the sleep"),
        pytest.param(timedelta(minutes=1), 240.0, id="not over yet"),
    ],
)
def test_a_limit_counts_by_the_clock_and_not_by_the_time_awake(by: timedelta, waited: float) -> None:
    until = NOW + timedelta(minutes=5)
    polled = Polled(problem=Problem("GitHub", Cause.LIMITED, "Too many requests.", retry_at=until))
    polled.jump(by, at=5.0, until=310.0)
    for name, polls in polled.polls.items():
        assert polls[1] - 5.0 == pytest.approx(waited, abs=11.0), name
        assert polled.watch.start + timedelta(seconds=polls[1]) >= until


# The whole backend ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [NIGHT, -NIGHT], ids=["slept", "set back"])
async def test_after_a_night_the_whole_backend_polls_once(
    by: timedelta, world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All feeds against all services: none wakes another, and nothing is caught up with."""
    monkeypatch.setattr("fleet_tui.clock.LOOK_EVERY", 0.02)
    async with scene_of(SOURCES["ZenHub"], TROUBLES["500"], world, clock, {}) as scene:
        backend, polls = scene.backend, Counter[str]()
        running = [
            asyncio.create_task(backend.run(name, lambda name, _: polls.update([name]))) for name in backend.feeds
        ]
        running.append(asyncio.create_task(follow(clock, lambda _: None, lambda: backend.wake(tuple(backend.feeds)))))
        await settled(polls, backend)
        before = {name: feed.reading.value for name, feed in backend.feeds.items()}
        polls.clear()

        clock.advance(seconds=by.total_seconds())
        await until(lambda: len(polls) == len(backend.feeds))
        await settled(polls, backend)
        assert dict(polls) == dict.fromkeys(backend.feeds, 1)
        for name, feed in backend.feeds.items():
            assert (name, feed.reading.problem) == (name, None)
            assert feed.reading.at == clock()
            assert feed.reading.next_try == clock() + timedelta(seconds=feed.every())
            assert feed.reading.value == before[name]
        for task in running:
            task.cancel()


async def settled(polls: Counter[str], backend: Backend) -> None:
    """Wait until each feed has polled and none polls any more."""
    await until(lambda: len(polls) == len(backend.feeds))
    while True:
        before = polls.total()
        await asyncio.sleep(0.5)
        if polls.total() == before:
            return
