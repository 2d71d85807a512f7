"""The countdown: what it says, and when it ticks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.screen import Screen
from textual.widgets import Digits, Static

from fleet_tui.simulator.world import FixedClock
from fleet_tui.widgets import countdown
from fleet_tui.widgets.countdown import Countdown, figures_of
from tests.helpers import NOW, until
from tests.widgets.host import Host

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def said(shown: Countdown) -> str:
    """Figures and words."""
    return f"{shown.query_one(Digits).value} {shown.query_one(Static).content}".strip()


@pytest.mark.parametrize(
    ("left", "figures"),
    [
        (52 * HOUR + 4 * MINUTE, ("52:04", "hours")),
        (HOUR + SECOND, ("1:00", "hours")),
        (HOUR, ("60:00", "minutes")),
        (59 * MINUTE + 12 * SECOND, ("59:12", "minutes")),
        (9 * SECOND, ("0:09", "minutes")),
    ],
)
def test_minutes_of_many_hours_and_seconds_of_the_last(left: timedelta, figures: tuple[str, str]) -> None:
    assert figures_of(left) == figures


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """A clock that is looked at all the time."""
    monkeypatch.setattr(countdown, "TICK", 0.01)
    return FixedClock(NOW)


async def test_the_last_hour_ticks(clock: FixedClock) -> None:
    shown = Countdown()
    async with Host(shown).run_test() as pilot:
        shown.show(NOW + HOUR + 2 * SECOND, "deep freeze", clock)
        clock.advance(seconds=2)
        await pilot.pause(0.1)
        assert said(shown) == "1:00 hours until deep freeze", "nothing ticks before"
        shown.show(NOW + HOUR + 2 * SECOND, "deep freeze", clock)
        clock.advance(seconds=48)
        await until(lambda: said(shown) == "59:12 minutes until deep freeze")
        clock.advance(hours=1)
        await until(lambda: said(shown) == "")


async def test_nothing_ticks_on_a_hidden_screen(clock: FixedClock) -> None:
    shown = Countdown()
    app = Host(shown)
    async with app.run_test() as pilot:
        shown.show(NOW + 30 * MINUTE, "deep freeze", clock)
        app.add_mode("other", Screen)
        await app.switch_mode("other")
        await pilot.pause(0.1)
        clock.advance(minutes=1)
        await pilot.pause(0.1)
        assert said(shown) == "30:00 minutes until deep freeze"


async def test_without_a_moment_it_is_empty() -> None:
    shown = Countdown()
    async with Host(shown).run_test():
        shown.show(None, "", lambda: NOW)
        assert said(shown) == ""
