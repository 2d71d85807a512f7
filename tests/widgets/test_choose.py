"""A choice among a few things."""

from __future__ import annotations

import pytest

from fleet_tui.widgets.choose import Choose
from tests.widgets.host import Host


async def choose(count: int, *keys: str) -> list[str | None]:
    """What was chosen of `count` things after `keys`; nothing while it is open."""
    app = Host()
    chosen: list[str | None] = []
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Choose("Which?", [(f"[b]No. {n}", f"v{n}") for n in range(1, count + 1)]), chosen.append)
        await pilot.pause()
        assert f"[b]No. {count}" in "\n".join(app.screen_lines()) or count > 9
        await pilot.press(*keys)
        await pilot.pause()
    return chosen


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("1", ["v1"]),
        ("3", ["v3"]),
        ("escape", [None]),
        ("enter", ["v1"]),
        ("tab enter", ["v2"]),
        ("right right left enter", ["v2"]),
        ("4", []),
        ("x", []),
    ],
)
async def test_a_digit_or_the_focus_chooses_and_esc_does_not(keys: str, chosen: list[str | None]) -> None:
    assert await choose(3, *keys.split()) == chosen


async def test_there_are_nine_at_most() -> None:
    assert await choose(12, "9") == ["v9"]


async def test_words_that_are_too_long_are_seen_to_be_cut() -> None:
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Choose("Which?", [("Include any notes on whether issues should block release or not", 1)]))
        await pilot.pause()
        line = next(line for line in app.screen_lines() if "Include" in line)
        assert line.rstrip(" │").endswith("…")
