"""Readings are kept in a thread: the newest counts, in the end all are there, and the event loop does not wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from fleet_tui.feed import Reading
from fleet_tui.services.store import Store
from fleet_tui.wiring.keeper import Keeper
from tests.helpers import NOW, until


class Slow(Store):
    """A state file on which the first write takes until `go`."""

    def __init__(self) -> None:
        super().__init__(None)
        self.go = threading.Event()
        self.saved: list[tuple[str, Any]] = []
        self.begun = 0

    def save_reading(self, name: str, at: datetime, value: Any) -> None:
        self.begun += 1
        if self.begun == 1:
            self.go.wait(10)
        self.saved.append((name, value))
        super().save_reading(name, at, value)


@pytest.fixture
def store() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go.set()
    made.close()


def reading(value: Any) -> Reading[Any]:
    return Reading(value, NOW)


async def test_the_loop_does_not_wait_and_values_between_are_left_out(store: Slow) -> None:
    keeper = Keeper(store)
    for value in range(5):
        keeper.keep("bugs", reading(value))
        await asyncio.sleep(0.002)  # the first is in the thread meanwhile
    assert store.saved == []
    store.go.set()
    await until(lambda: len(store.saved) == 2)
    assert store.saved == [("bugs", 0), ("bugs", 4)]
    await keeper.aclose()
    assert len(store.saved) == 2


async def test_a_small_reading_does_not_wait_while_a_big_one_rests(
    store: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that is killed loses no more than it has to."""
    monkeypatch.setattr("fleet_tui.wiring.keeper.REST", 1000)
    keeper = Keeper(store)
    keeper.keep("bugs", reading("old"))
    await asyncio.sleep(0.05)  # so long does the write take, and a thousand times as long comes no other
    store.go.set()
    await until(lambda: store.saved)
    keeper.keep("bugs", reading("new"))
    keeper.keep("checklist", reading("ticked"))
    await until(lambda: ("checklist", "ticked") in store.saved)
    assert ("bugs", "new") not in store.saved
    await keeper.aclose()
    assert ("bugs", "new") in store.saved


async def test_closing_writes_what_waits_after_what_is_under_way(store: Slow) -> None:
    keeper = Keeper(store)
    keeper.keep("bugs", reading("old"))
    await asyncio.sleep(0.002)
    keeper.keep("bugs", reading("new"))
    keeper.keep("me", reading("mna"))
    closing = asyncio.create_task(keeper.aclose())
    await asyncio.sleep(0.002)
    assert not closing.done()
    store.go.set()
    await closing
    assert store.saved[0] == ("bugs", "old")
    assert sorted(store.saved[1:]) == [("bugs", "new"), ("me", "mna")]
    assert store.reading("bugs", str) == ("new", NOW)


async def test_a_reading_without_a_value_leaves_what_is_kept(store: Slow) -> None:
    store.go.set()
    keeper = Keeper(store)
    keeper.keep("me", Reading())
    await keeper.aclose()
    assert store.saved == []
