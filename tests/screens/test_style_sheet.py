"""What is kept of what was drawn, and what is not."""

from __future__ import annotations

import gc
from weakref import ref

from textual.color import Color
from textual.style import Style
from textual.widgets import Static

from fleet_tui.style_sheet import grounds
from tests.screens.app_factory import picture

BLACK, VEIL, GREY = Color(0, 0, 0), Color(255, 255, 255, 0.2), Color(51, 51, 51)


def test_the_grounds_are_the_colours_one_on_the_other() -> None:
    assert grounds(BLACK, VEIL) == (Style(background=GREY), Style(background=BLACK))


async def test_a_dialog_that_was_closed_takes_with_it_what_it_has_drawn() -> None:
    async with picture() as on:
        await on.press("question_mark")
        drawn = [ref(one._styles_cache) for one in on.app.screen.query(Static) if one._styles_cache._cache]
        assert drawn
        await on.press("escape")
        gc.collect()
        assert [one() for one in drawn if one()] == []
