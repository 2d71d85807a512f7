"""What is said of a source that is failing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.widgets.freshness import FreshnessLine, Trouble, sentences
from tests.widgets.host import Host

NOW = datetime(2024, 11, 22, 22, 32, tzinfo=UTC)
REFUSED = Problem("Merge Freeze", Cause.OFFLINE, "Merge Freeze refused the connection.", "Check the network.")
TOKEN = Problem("GitHub", Cause.TOKEN, "GitHub does not accept the token.", "Set a new one: fleet-tui auth set github")
TROUBLE = Trouble(
    REFUSED,
    since=NOW - timedelta(minutes=30),
    last_good=NOW - timedelta(minutes=31),
    next_try=NOW + timedelta(seconds=30),
    now=NOW,
    zone=ZoneInfo("America/Los_Angeles"),
)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (
            TROUBLE,
            "Merge Freeze has not answered since 14:02 (refused the connection). Shown: 14:01. Next try in 30 s.",
        ),
        (
            replace(TROUBLE, last_good=None, next_try=NOW),
            "Merge Freeze has not answered since 14:02 (refused the connection). Nothing to show yet. Trying now.",
        ),
        (
            replace(TROUBLE, problem=TOKEN, next_try=None, last_good=NOW - timedelta(days=1)),
            "GitHub does not accept the token, since 14:02. Set a new one: fleet-tui auth set github Shown: Thu 14:32.",
        ),
        (
            replace(
                TROUBLE,
                problem=replace(REFUSED, sentence="The connection to Merge Freeze broke off."),
                next_try=NOW + timedelta(minutes=5),
            ),
            "Merge Freeze has not answered since 14:02 (the connection to Merge Freeze broke off). "
            "Shown: 14:01. Next try in 5 min.",
        ),
    ],
)
def test_the_whole_sentence(trouble: Trouble, sentence: str) -> None:
    assert sentences(trouble)[0] == sentence


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (120, "✖ Merge Freeze has not answered since 14:02 (refused the connection). Shown: 14:01. Next try in 30 s."),
        (80, "✖ Merge Freeze has not answered since 14:02. Shown: 14:01. Next try in 30 s."),
        (68, "✖ Merge Freeze has not answered since 14:02. Next try in 30 s."),
        (60, "✖ Merge Freeze has not answered since 14:02."),
        (20, "✖ Merge Freeze has …"),
    ],
)
def test_it_says_what_there_is_room_for(width: int, line: str) -> None:
    assert FreshnessLine().draw(TROUBLE, width).plain == line


async def test_it_takes_room_only_in_trouble() -> None:
    line = FreshnessLine()
    async with Host(line).run_test() as pilot:
        heights = [line.size.height]
        line.show(TROUBLE)
        await pilot.pause()
        heights.append(line.size.height)
        assert heights == [0, 1]
        line.show(None)
        await pilot.pause()
        assert not line.display
