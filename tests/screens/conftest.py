"""Of all that is drawn in a test only what stands still is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen


@pytest.fixture(autouse=True)
def drawn_when_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key and each pause the screen is drawn, and not up to sixty times a second: a fifth of the time."""
    draw, press, pause = Screen._compositor_refresh, App._press_keys, Pilot.pause

    def note(screen: Screen[Any]) -> None:
        if screen is not screen.app.screen:
            return draw(screen)
        screen._dirty_widgets.clear()  # what they have marked in the compositor stays
        return screen.app._update_mouse_over(screen)

    def draw_what_is_owed(app: App[Any]) -> None:
        if app._screen_stack and app.screen._compositor._dirty_regions:
            draw(app.screen)

    async def press_one_by_one(app: App[Any], keys: Any) -> None:
        for key in keys:
            await press(app, [key])
            draw_what_is_owed(app)

    async def pause_and_draw(pilot: Pilot[Any], delay: float | None = None) -> None:
        await pause(pilot, delay)
        draw_what_is_owed(pilot.app)

    monkeypatch.setattr(Screen, "_compositor_refresh", note)
    monkeypatch.setattr(App, "_press_keys", press_one_by_one)
    monkeypatch.setattr(Pilot, "pause", pause_and_draw)


@pytest.fixture(autouse=True)
def timelines_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second that the board leaves to everything else before it reads timelines passes in no time."""
    monkeypatch.setattr("fleet_tui.wiring.bugs.WHILE_UNSETTLED", 0.01)
