"""Feeds poll without overlapping, back off, obey limits, and never lose the last good value."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import FIRST_RETRY, LONGEST_RETRY, Feed, Reading
from tests.helpers import NOW, leap

EVERY = 60.0
OFFLINE = Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.")


def limited(seconds: float) -> Problem:
    return Problem("GitHub", Cause.LIMITED, "Too many requests.", retry_at=NOW + timedelta(seconds=seconds))


@dataclass
class Story:
    """What happened while a feed ran: when it fetched, and what it published when. Seconds since `NOW`."""

    fetched: list[float] = field(default_factory=list)
    published: list[tuple[float, Reading[object]]] = field(default_factory=list)
    busiest: int = 0

    @property
    def readings(self) -> list[Reading[object]]:
        return [reading for _, reading in self.published]

    @property
    def gaps(self) -> list[float]:
        return [round(after - before, 6) for before, after in zip(self.fetched, self.fetched[1:], strict=False)]


Step = Callable[[Feed[object]], None]
Outcome = object | Exception


def play(
    outcomes: Sequence[Outcome],
    seconds: float,
    steps: Mapping[float, Step] | None = None,
    *,
    lasting: float = 0.0,
    every: Callable[[], float] = lambda: EVERY,
    jitter: Callable[[], float] = lambda: 1.0,
    first: Reading[object] | None = None,
) -> Story:
    """Run a feed for so many seconds. Its fetches end one by one as `outcomes` say, the last of which lasts."""
    story, running = Story(), 0

    async def scenario() -> Story:
        clock = asyncio.get_running_loop().time

        async def fetch() -> object:
            nonlocal running
            outcome = outcomes[min(len(story.fetched), len(outcomes) - 1)]
            story.fetched.append(clock())
            running += 1
            story.busiest = max(story.busiest, running)
            await asyncio.sleep(lasting)
            running -= 1
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        def now() -> datetime:
            return NOW + timedelta(seconds=clock())

        feed: Feed[object] = Feed("pulls", "Pull requests", fetch, every, now=now, jitter=jitter, first=first)
        task = asyncio.create_task(feed.run(lambda reading: story.published.append((clock(), reading))))
        for moment, step in sorted((steps or {}).items()):
            await asyncio.sleep(moment - clock())
            step(feed)
        await asyncio.sleep(seconds - clock())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return story

    return leap(scenario())


# When it polls -------------------------------------------------------------------------------------------------------


def test_it_polls_at_once_and_then_at_intervals() -> None:
    assert play(["value"], 200).fetched == [0, 60, 120, 180]


def test_the_interval_counts_from_the_end_of_the_fetch() -> None:
    assert play(["value"], 200, lasting=7).fetched == [0, 67, 134]


def test_a_slow_fetch_never_overlaps_with_the_next() -> None:
    story = play(["value"], 1000, dict.fromkeys(range(0, 1000, 5), Feed.wake), lasting=90)
    assert story.busiest == 1
    assert story.fetched[:4] == [0, 90, 180, 270]


def test_the_interval_may_change_from_poll_to_poll() -> None:
    intervals = iter([10.0, 50.0, 30.0, EVERY])
    assert play(["value"], 95, every=lambda: next(intervals)).fetched == [0, 10, 60, 90]


def test_woken_it_polls_at_once_and_counts_anew() -> None:
    assert play(["value"], 130, {25: Feed.wake}).fetched == [0, 25, 85]


def test_woken_several_times_it_polls_once() -> None:
    def thrice(feed: Feed[object]) -> None:
        feed.wake()
        feed.wake()
        feed.wake()

    assert play(["value"], 80, {25: thrice}).fetched == [0, 25]


def test_woken_during_a_fetch_it_polls_again_right_after() -> None:
    assert play(["value"], 60, {3: Feed.wake}, lasting=7).fetched == [0, 7]


def test_paused_it_does_not_poll_and_resumed_it_polls_at_once() -> None:
    assert play(["value"], 600, {25: Feed.pause, 500: Feed.resume}).fetched == [0, 500, 560]


def test_resumed_before_its_interval_is_over_it_polls_at_once_too() -> None:
    assert play(["value"], 80, {5: Feed.pause, 25: Feed.resume}).fetched == [0, 25]


def test_paused_during_a_fetch_it_still_publishes_what_comes() -> None:
    story = play(["value"], 600, {3: Feed.pause}, lasting=7)
    assert story.fetched == [0]
    assert [(moment, reading.value) for moment, reading in story.published] == [(7, "value")]


def test_paused_it_does_not_wake() -> None:
    assert play(["value"], 600, {25: Feed.pause, 100: Feed.wake}).fetched == [0]


def test_it_says_whether_it_is_paused() -> None:
    said: list[bool] = []
    step: Step = lambda feed: said.append(feed.paused)  # noqa: E731
    play(["value"], 60, {1: step, 2: Feed.pause, 3: step, 4: Feed.resume, 5: step})
    assert said == [False, True, False]


# Failures ------------------------------------------------------------------------------------------------------------


def test_it_backs_off_twice_as_long_each_time_up_to_five_minutes() -> None:
    story = play([Failure(OFFLINE)], 2000)
    assert story.gaps[:7] == [10, 20, 40, 80, 160, 300, 300]


def test_a_success_ends_the_backing_off() -> None:
    bad = Failure(OFFLINE)
    story = play([bad, bad, "value", bad, "value"], 200)
    assert story.gaps[:4] == [10, 20, 60, 10]


@given(st.floats(0.8, 1.2), st.integers(1, 12))
def test_the_wait_is_jittered(jitter: float, failures: int) -> None:
    story = play([Failure(OFFLINE)], 4000, jitter=lambda: jitter)
    usual = min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
    assert story.gaps[failures - 1] == pytest.approx(usual * jitter, abs=1e-3)


def test_by_default_no_two_programs_wait_equally_long() -> None:
    gaps: set[float] = set()
    for _ in range(10):
        feed: Feed[object] = Feed("x", "X", _fail, lambda: EVERY, now=lambda: NOW)
        reading = leap(feed.poll())
        assert reading.next_try is not None
        gaps.add((reading.next_try - NOW).total_seconds())
    assert len(gaps) == 10
    assert all(0.8 * FIRST_RETRY <= gap <= 1.2 * FIRST_RETRY for gap in gaps)


async def _fail() -> object:
    raise Failure(OFFLINE)


def test_woken_it_does_not_wait_for_the_end_of_the_backing_off() -> None:
    assert play([Failure(OFFLINE)], 9, {4: Feed.wake}).fetched == [0, 4]


@pytest.mark.parametrize(
    ("steps", "fetched"),
    [
        pytest.param({}, [0, 100], id="not woken"),
        pytest.param({5: Feed.wake, 50: Feed.wake}, [0, 100], id="woken all the same"),
        pytest.param({5: Feed.pause, 6: Feed.resume}, [0, 100], id="paused and resumed"),
    ],
)
def test_a_limit_is_obeyed_whoever_asks(steps: Mapping[float, Step], fetched: list[float]) -> None:
    assert play([Failure(limited(100)), "value"], 150, steps).fetched == fetched


def test_the_next_try_is_told_as_after_the_limit() -> None:
    (reading,) = play([Failure(limited(100)), "value"], 50).readings
    assert reading.next_try == NOW + timedelta(seconds=100)


def test_a_limit_that_is_over_soon_does_not_shorten_the_backing_off() -> None:
    assert play([Failure(limited(3)), "value"], 40).fetched == [0, 10]


def test_a_failure_leaves_the_value_and_says_since_when_and_until_when() -> None:
    bad = Failure(OFFLINE)
    good, first, second, again = play(["value", bad, bad, "new"], 95).readings
    assert (good.value, good.at, good.problem, good.failing_since) == ("value", NOW, None, None)
    assert (first.value, first.at) == ("value", NOW)
    assert first.problem is OFFLINE
    assert first.failing_since == NOW + timedelta(seconds=60)
    assert first.next_try == NOW + timedelta(seconds=70)
    assert second.failing_since == first.failing_since
    assert second.next_try == NOW + timedelta(seconds=90)
    assert (again.value, again.at) == ("new", NOW + timedelta(seconds=90))
    assert (again.problem, again.failing_since) == (None, None)


def test_a_good_reading_says_when_the_next_comes() -> None:
    (reading,) = play(["value"], 30).readings
    assert reading.next_try == NOW + timedelta(seconds=EVERY)


def test_a_mistake_of_ours_is_logged_and_becomes_a_problem(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        story = play(["value", ZeroDivisionError("secret-looking text"), "new"], 100)
    failed = story.readings[1]
    assert failed.value == "value"
    assert failed.problem is not None
    assert failed.problem.cause is Cause.UNREADABLE
    assert failed.problem.text == "fleet-tui made a mistake while reading Pull requests."
    assert "secret-looking text" not in failed.problem.detail
    assert story.readings[2].value == "new"
    (record,) = caplog.records
    assert "pulls" in record.getMessage()
    assert record.exc_info is not None


# Values --------------------------------------------------------------------------------------------------------------


def test_an_equal_value_is_the_same_object_with_a_new_time() -> None:
    former, latter = play([(1, [2]), (1, [2])], 70).readings
    assert latter.value is former.value
    assert latter.at == NOW + timedelta(seconds=60)


def test_a_value_of_an_earlier_run_stays_marked_until_this_run_confirms_it() -> None:
    first: Reading[object] = Reading("old", NOW - timedelta(days=1), stored=True)
    failed, confirmed = play([Failure(OFFLINE), "old"], 15, first=first).readings
    assert (failed.value, failed.at, failed.stored) == ("old", first.at, True)
    assert (confirmed.value, confirmed.at, confirmed.stored) == ("old", NOW + timedelta(seconds=10), False)


@pytest.mark.parametrize(
    ("reading", "stale"),
    [
        pytest.param(Reading(), True, id="nothing yet"),
        pytest.param(Reading(1, NOW), False, id="just read"),
        pytest.param(Reading(1, NOW - timedelta(seconds=120)), False, id="twice its interval old"),
        pytest.param(Reading(1, NOW - timedelta(seconds=121)), True, id="older than that"),
        pytest.param(Reading(1, NOW, stored=True), True, id="of an earlier run"),
    ],
)
def test_a_reading_grows_stale(reading: Reading[int], stale: bool) -> None:
    assert reading.is_stale(NOW, EVERY) is stale


@pytest.mark.parametrize(
    ("former", "reading", "news"),
    [
        (Reading(), Reading("a", NOW), True),
        (Reading(), Reading(None, NOW), True),
        (Reading("a", NOW, stored=True), Reading("a", NOW), True),
        (Reading("a", NOW), Reading("b", NOW), True),
        (Reading("a", NOW), Reading("a", NOW, OFFLINE), True),
        (Reading("a", NOW, OFFLINE), Reading("a", NOW, OFFLINE), True),  # its next try is at another time
        (Reading("a", NOW, OFFLINE), Reading("a", NOW), True),
        (Reading("a", NOW), Reading("a", NOW + timedelta(seconds=30)), False),
        (Reading(None, NOW), Reading(None, NOW + timedelta(seconds=30)), False),
    ],
)
def test_a_poll_that_finds_all_as_before_is_no_news(former: Reading[str], reading: Reading[str], news: bool) -> None:
    assert reading.is_news_after(former) is news
