"""What the hours on the screens depend on: the clock and the team's zone, nothing of the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from fleet_tui.keys import SCREENS
from fleet_tui.wiring.kinds import KINDS
from tests.helpers import until
from tests.screens.app_factory import LARGE, Stage, stage


@pytest.fixture
def zone_of_the_machine() -> Iterator[None]:
    """Whatever a test makes of it, afterwards it is as before."""
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def move_to(zone: str) -> None:
    """What a person at an airport does."""
    os.environ["TZ"] = zone
    time.tzset()


async def screens(on: Stage) -> dict[str, str]:
    """Every screen, shown anew."""
    shown = {}
    for number, name in enumerate(SCREENS, 1):
        await on.press(str(number))
        on.app._look_again()
        await on.pilot.pause()
        shown[name] = on.text
    return shown


@pytest.mark.usefixtures("zone_of_the_machine")
async def test_another_zone_of_the_machine_changes_no_screen_and_a_night_all_that_counts_down() -> None:
    move_to("UTC")
    async with stage(size=LARGE, screen="today", feeds=KINDS) as on:
        await until(lambda: all(on.app.reading(name).at for name in KINDS if name != "assigned"))
        await on.press("p")  # asking costs calls, and they are shown
        before = await screens(on)
        before = await screens(on)  # the first look at a screen builds it
        move_to("Asia/Kathmandu")
        assert time.localtime().tm_gmtoff == 20_700
        after = await screens(on)
        for name in SCREENS:
            assert after[name] == before[name], name
        assert "deep freeze in 3 d 1 h" in before["release"]
        assert "08:00 PT" in before["release"]

        on.clock.advance(hours=9)
        night_later = await screens(on)
        for name in SCREENS:
            assert "deep freeze in 2 d 16 h" in night_later[name], name
            assert "17:00 PT" in night_later[name], name
        assert "Mon 9:00          in 3 d 16 h" in night_later["release"]
