"""A terminal that is too small."""

from __future__ import annotations

import pytest
from textual.geometry import Size

from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.too_small import TooSmall, is_too_small
from tests.widgets.host import Host, row
from tests.widgets.test_keyed_table import ONE_COLUMN


@pytest.mark.parametrize(("size", "small"), [((60, 20), False), ((59, 20), True), ((60, 19), True), ((200, 60), False)])
def test_what_is_too_small(size: tuple[int, int], small: bool) -> None:
    assert is_too_small(Size(*size)) is small


async def test_it_covers_everything_takes_the_keys_and_goes_by_itself() -> None:
    table = KeyedTable(ONE_COLUMN)
    app = Host(table)
    async with app.run_test(size=(40, 10)) as pilot:
        table.sync([row("alpha"), row("beta")])
        app.push_screen(TooSmall())
        await pilot.pause()
        shown = " ".join(" ".join(app.screen_lines()).split())
        assert shown == "fleet-tui needs at least 60×20; this terminal is 40×10."
        await pilot.press("j")
        assert table.selected_key == "alpha"
        await pilot.resize_terminal(50, 12)
        assert "50×12" in " ".join(app.screen_lines())
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not isinstance(app.screen, TooSmall)
        await pilot.press("j")
        assert table.selected_key == "beta"
