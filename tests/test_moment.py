"""What is said within a moment is handed over together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet_tui.feed import Reading
from fleet_tui.moment import LENGTH, Heard, Moment
from tests.helpers import NOW

ONE, OTHER = Reading("a", NOW), Reading("b", NOW)


class Told:
    """A moment on a clock that is moved on by hand, and what came of it."""

    def __init__(self, *awaited: str) -> None:
        self.handed_over: list[tuple[dict[str, Reading[Any]], bool]] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.moment = Moment(lambda *timer: self.timers.append(timer), self._take)
        self.moment.awaited = set(awaited)

    def _take(self, heard: Heard, changed: bool) -> None:
        self.handed_over.append((dict(heard), changed))

    def goes_by(self) -> None:
        """All timers that were set run down."""
        timers, self.timers = self.timers, []
        for _, ends in timers:
            ends()


def test_what_is_said_within_it_comes_together_and_the_last_word_of_a_feed_counts() -> None:
    told = Told()
    told.moment.hear("pulls", ONE)
    told.moment.hear("bugs", ONE)
    told.moment.hear("pulls", OTHER)
    assert told.handed_over == []
    assert [seconds for seconds, _ in told.timers] == [LENGTH]
    told.goes_by()
    assert told.handed_over == [({"pulls": OTHER, "bugs": ONE}, False)]


def test_another_change_comes_with_what_was_said_or_alone() -> None:
    told = Told()
    told.moment.change()
    told.moment.hear("bugs", ONE)
    told.goes_by()
    told.moment.change()
    told.goes_by()
    assert told.handed_over == [({"bugs": ONE}, True), ({}, True)]


def test_with_the_last_that_is_awaited_it_ends_early_and_only_then() -> None:
    told = Told("pulls", "bugs")
    told.moment.hear("roster", ONE)
    told.moment.hear("pulls", ONE)
    assert told.handed_over == []
    told.moment.hear("bugs", ONE)
    assert told.handed_over == [({"roster": ONE, "pulls": ONE, "bugs": ONE}, False)]
    assert told.moment.awaited == set()
    told.moment.hear("roster", OTHER)
    assert len(told.handed_over) == 1
    told.goes_by()
    assert told.handed_over[1:] == [({"roster": OTHER}, False)]


def test_those_that_are_awaited_may_speak_in_several_moments() -> None:
    told = Told("pulls", "bugs")
    told.moment.hear("pulls", ONE)
    told.goes_by()
    assert told.moment.awaited == {"bugs"}
    told.moment.hear("bugs", ONE)
    assert [list(heard) for heard, _ in told.handed_over] == [["pulls"], ["bugs"]]


def test_nothing_said_is_nothing_handed_over() -> None:
    told = Told()
    told.moment.end()
    assert told.handed_over == []
