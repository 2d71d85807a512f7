"""A source that is polled: `Feed` fetches and waits, `Reading` is what it has to say. Pure asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.domain.problem import Cause, Failure, Problem

T = TypeVar("T")

FIRST_RETRY = 10.0
LONGEST_RETRY = 300.0

log = logging.getLogger(__name__)


class Reading(Struct, Generic[T], frozen=True):
    """What a source said last, and what has gone wrong since."""

    value: T | None = None
    at: datetime | None = None
    """When `value` was last read or confirmed (UTC)."""
    problem: Problem | None = None
    failing_since: datetime | None = None
    next_try: datetime | None = None
    stored: bool = False
    """True for a value of an earlier run that this run has not confirmed yet."""

    def is_news_after(self, former: Reading[T]) -> bool:
        """Whether it says more than that all is as before. Of an equal value a feed keeps the former object."""
        if self.problem or former.problem or self.value is not former.value:
            return True
        return (self.at is None, self.stored) != (former.at is None, former.stored)

    def is_stale(self, now: datetime, every: float) -> bool:
        """Whether the value is older than twice its interval (seconds), or from an earlier run."""
        return self.at is None or self.stored or now - self.at > timedelta(seconds=2 * every)


def failures(readings: Iterable[Reading[Any]]) -> list[tuple[datetime, Problem]]:
    """Since when those of `readings` fail that do, and of what; the longest first."""
    found = [(one.failing_since, one.problem) for one in readings if one.failing_since and one.problem]
    return sorted(found, key=lambda one: one[0])


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class Feed(Generic[T]):
    """Polls `fetch` for ever and publishes a `Reading` after each try.

    Sleeps after the fetch, so polls never overlap. `every` gives the seconds to the next poll and may change.
    """

    def __init__(
        self,
        name: str,
        title: str,
        fetch: Callable[[], Awaitable[T]],
        every: Callable[[], float],
        *,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = lambda: random.uniform(0.8, 1.2),
        first: Reading[T] | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.reading: Reading[T] = first or Reading()
        self.every = every
        self._fetch = fetch
        self._now = now
        self._jitter = jitter
        self._failures = 0
        self._awake = asyncio.Event()
        self._running = asyncio.Event()
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether polling is stopped for the moment."""
        return not self._running.is_set()

    def wake(self) -> None:
        """Poll now instead of at the end of the interval; a limit that the source set is still obeyed."""
        self._awake.set()

    def pause(self) -> None:
        """Stop polling after the fetch under way; the last reading stays."""
        self._running.clear()

    def resume(self) -> None:
        """Poll again, at once."""
        self._awake.set()
        self._running.set()

    async def run(self, publish: Callable[[Reading[T]], None]) -> None:
        """Poll until cancelled."""
        while True:
            await self._running.wait()
            self._awake.clear()
            self.reading = await self.poll()
            publish(self.reading)
            await self._wait()

    async def poll(self) -> Reading[T]:
        """Fetch once. A failure leaves the value and its time as they were."""
        try:
            value = await self._fetch()
        except Failure as failure:
            return self._failed(failure.problem)
        except Exception as error:  # a mistake of ours in one source must not end the others
            log.exception("feed %s", self.name)
            sentence = f"fleet-tui made a mistake while reading {self.title}."
            return self._failed(Problem(self.title, Cause.UNREADABLE, sentence, detail=type(error).__name__))
        self._failures = 0
        kept = self.reading.value if value == self.reading.value else value
        return Reading(kept, self._now(), next_try=self._now() + timedelta(seconds=self.every()))

    def _failed(self, problem: Problem) -> Reading[T]:
        self._failures += 1
        return replace(
            self.reading,
            problem=problem,
            failing_since=self.reading.failing_since or self._now(),
            next_try=self._next_try(problem),
        )

    def _next_try(self, problem: Problem) -> datetime:
        backoff = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(self._failures - 1, 10)) * self._jitter()
        return max(self._now() + timedelta(seconds=backoff), problem.retry_at or self._now())

    async def _wait(self) -> None:
        """Until the next try is due or somebody wakes the feed; a limit that the source set is sat out first.

        Whoever wakes it has it look at the clock: during sleep the loop's stood still, and the limit may be over.
        """
        problem, woken = self.reading.problem, False
        while problem and problem.retry_at and (left := self._seconds_until(problem.retry_at)):
            woken = await self._woken_within(left) or woken
        if self.reading.next_try and not woken:
            await self._woken_within(self._seconds_until(self.reading.next_try))

    async def _woken_within(self, seconds: float) -> bool:
        # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes just when the feed is woken.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        woken = self._awake.is_set()
        self._awake.clear()
        return woken

    def _seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self._now()).total_seconds())
