"""Feeds polled once, for a command: which waits for which."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import Feed, Reading
from fleet_tui.wiring import Backend
from fleet_tui.wiring.once import poll_once
from tests.helpers import NOW


class Wired:
    """The feeds `roster`, which answers late, and `assigned`, which is asked for whoever is on it."""

    def __init__(self, last_run: str | None, now: str | None) -> None:
        self.asked: list[str] = []
        self._now = now
        self._last = Reading(last_run, NOW, stored=True) if last_run else Reading[str]()

    async def roster(self) -> str:
        """Answers when whoever would not wait has been asked."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.asked.append("the roster")
        if self._now is None:
            raise Failure(Problem("The calendar", Cause.SLOW, "It did not answer in time."))
        return self._now

    async def assigned(self) -> str:
        """What is assigned to whoever is on call."""
        self.asked.append(f"assigned to {self.feeds['roster'].reading.value}")
        return self.asked[-1]

    async def polled(self) -> str | None:
        """What `assigned` says at the end."""
        self.feeds: dict[str, Feed[Any]] = {
            "roster": Feed("roster", "Roster", self.roster, lambda: 60.0, first=self._last),
            "assigned": Feed("assigned", "Assigned", self.assigned, lambda: 60.0),
        }
        backend = SimpleNamespace(feeds=self.feeds, value=lambda name: self.feeds[name].reading.value)
        await poll_once(cast("Backend", backend), self.feeds)
        value: str | None = self.feeds["assigned"].reading.value
        return value


@pytest.mark.parametrize(
    ("last_run", "now", "asked"),
    [
        (None, "Lucas", ["the roster", "assigned to Lucas"]),
        ("Lucas", "Lucas", ["assigned to Lucas", "the roster"]),
        ("Lucas", "Martin", ["assigned to Lucas", "the roster", "assigned to Martin"]),
        ("Lucas", None, ["assigned to Lucas", "the roster"]),
        (None, None, ["the roster", "assigned to None"]),
    ],
)
async def test_with_the_last_run_nothing_waits_and_what_is_out_of_date_is_asked_again(
    last_run: str | None, now: str | None, asked: list[str]
) -> None:
    wired = Wired(last_run, now)
    assert await wired.polled() == [one for one in asked if one.startswith("assigned")][-1]
    assert wired.asked == asked
