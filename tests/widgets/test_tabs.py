"""The names of the screens."""

from __future__ import annotations

import pytest
from textual import on

from fleet_tui.keys import SCREENS, SHORT
from fleet_tui.widgets.tabs import ScreenTabs, Tab, labels
from tests.widgets.host import Host

TABS = (Tab("1", "Today"), Tab("2", "Freeze"), Tab("3", "Release QA", "QA"), Tab("4", "Certificates", "Certs"))


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, "1 Today|2 Freeze|3 Release QA|4 Certificates"),
        (45, "1 Today|2 Freeze|3 QA|4 Certs"),
        (34, "1 Today|2 Freeze|3 QA|4 Certs"),
        (33, "1|2 Freeze|3|4"),
        (24, "1|2 Freeze|3|4"),
        (12, "1|2|3|4"),
    ],
)
def test_names_become_shorter(width: int, line: str) -> None:
    assert "|".join(label for _, label in labels(TABS, "2", width)) == line


@pytest.mark.parametrize("number", [number for number, _ in SCREENS.values()])
def test_all_screens_of_the_program_have_their_names_on_eighty_columns(number: str) -> None:
    tabs = [Tab(key, title, SHORT.get(name, "")) for name, (key, title) in SCREENS.items()]
    assert "8 Activity" in dict(labels(tabs, number, 80)).values()


def test_the_current_screen_is_marked_without_colour_too() -> None:
    spans = ScreenTabs(TABS, "2").draw("2", 80).spans
    assert [span.start for span in spans if "underline" in str(span.style)] == [len(" 1 Today ")]


class Listener(Host):
    """Keeps which screen was asked for."""

    picked = ""

    @on(ScreenTabs.Picked)
    def keep(self, event: ScreenTabs.Picked) -> None:
        self.picked += event.key


async def test_a_click_asks_for_the_screen() -> None:
    tabs = ScreenTabs(TABS, "1")
    app = Listener(tabs)
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.click(tabs, offset=(2, 0))
        await pilot.click(tabs, offset=(22, 0))
        await pilot.click(tabs, offset=(58, 0))
        assert app.picked == "13"


async def test_the_current_screen_can_change() -> None:
    tabs = ScreenTabs(TABS, "1")
    app = Host(tabs)
    async with app.run_test(size=(45, 5)) as pilot:
        tabs.show("4")
        await pilot.pause()
        assert app.screen_lines()[0] == " 1 Today  2 Freeze  3 QA  4 Certs"
