"""What was told is told once, by this run and by the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fleet_tui.domain.alert import Alert
from fleet_tui.services.alert_log import KEPT, AlertLog
from fleet_tui.services.store import Store
from fleet_tui.simulator.world import FixedClock
from tests.helpers import NOW


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(None)
    yield made
    made.close()


def alert(key: str) -> Alert:
    return Alert(key, "bug", f"{key} is late", "bugs", key)


def test_each_is_told_once_across_restarts_newest_first(store: Store, clock: FixedClock) -> None:
    log = AlertLog(store, clock)
    assert log.take([alert("a"), alert("b"), alert("a")]) == (alert("a"), alert("b"))
    assert log.take([alert("a"), alert("c")]) == (alert("c"),)
    again = AlertLog(store, clock)
    assert again.take([alert("a"), alert("b"), alert("c"), alert("d")]) == (alert("d"),)
    assert [one.alert.key for one in again.told] == ["d", "c", "b", "a"]
    assert {one.at for one in again.told} == {NOW}


def test_what_nobody_has_looked_at_is_counted(store: Store, clock: FixedClock) -> None:
    log = AlertLog(store, clock)
    log.take([alert("a")], seen=True)
    log.take([alert("b"), alert("c")])
    assert log.unseen == 2
    log.see_all()
    assert (log.unseen, AlertLog(store, clock).unseen) == (0, 0)
    log.take([alert("d")])
    assert AlertLog(store, clock).unseen == 1


def test_more_than_are_listed_are_not_told_again(store: Store, clock: FixedClock) -> None:
    log = AlertLog(store, clock)
    many = [alert(str(number)) for number in range(KEPT + 10)]
    assert len(log.take(many)) == KEPT + 10
    assert log.take(many) == ()
    assert len(log.told) == KEPT
