"""The activity screen: the health of the sources."""

from __future__ import annotations

from typing import Any

from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.feed import Reading
from fleet_tui.screens.activity_view import Health, feed_rows
from tests.helpers import NOW, config

DOWN = Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.", "Wait.")


def test_sources_that_fail_stand_first_and_all_others_in_their_order() -> None:
    bad = {"bugs", "roster"}
    names = ("freeze", "bugs", "pulls", "roster", "me")
    readings = (Reading[Any](1, NOW, problem=DOWN if name in bad else None) for name in names)
    feeds = [Health(name, name, one, 60.0, 1, 0, paused=False) for name, one in zip(names, readings, strict=True)]
    assert [row.key for row in feed_rows(feeds, NOW, config().team.zone)] == ["bugs", "roster", "freeze", "pulls", "me"]
