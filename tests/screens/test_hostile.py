"""Every screen with hostile text in every place that text has, past the edge where it would have been cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from typing import Any

from msgspec.structs import replace

from fleet_tui.app import FleetApp
from fleet_tui.domain.certificates import Inventory, Unreadable
from fleet_tui.domain.qa_history import QaView
from fleet_tui.domain.text import HARMFUL
from fleet_tui.feed import Reading
from fleet_tui.keys import SCREENS
from fleet_tui.services.store import Store
from fleet_tui.simulator.server import Simulator
from fleet_tui.wiring import KINDS, Backend
from tests.certificates import certificate
from tests.helpers import NOW, addresses, config, until
from tests.hostile import OWNED, TEXTS, spoilt
from tests.screens.app_factory import LARGE, TOKENS, NeverAnswers, Stage, demo, stage
from tests.values import some, struct, values

SHAPE = {"labels", "state", "status", "login", "author", "milestone", "assignees", "id"}
"""What decides on which screen something stands, and where."""
UNREADABLE = Unreadable("c", "c", "c", "It cannot be read.", "", "")


async def everything() -> Mapping[str, Reading[Any]]:
    """What all feeds say of the demo world."""
    async with Simulator(demo()) as simulator:
        backend = Backend(config(addresses=addresses(simulator.url)), TOKENS, Store(None), now=simulator.world.now)
        for feed in backend.feeds.values():
            feed.reading = await feed.poll()
        await backend.http.aclose()
        return {name: feed.reading for name, feed in backend.feeds.items()}


def texts(start: int) -> Iterator[str]:
    """All of them over and over, from another one each round: so that each comes to stand in each kind of place."""
    return islice(cycle(TEXTS), start, None)


def harm_on(app: FleetApp) -> list[str]:
    """What of the screen a terminal would obey, or would do something on a click."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style and (style.link or "@click" in style.meta):
                found.append(f"acts: {segment.text!r} {style.link} {style.meta}")
            if any(unicodedata.category(one) in HARMFUL and one != "\u200d" for one in segment.text):
                found.append(f"commands: {segment.text!r}")
    return found


async def show_all(on: Stage) -> set[str]:
    """Go through all screens; gives those on which hostile text stood."""
    reached = set()
    for name, (number, _) in SCREENS.items():
        await on.press(number)
        await on.pilot.pause()
        assert on.app.is_running, name
        assert on.app.current_mode == name
        reached |= {name} if OWNED in on.text or "xxxx" in on.text else set()
        await on.press("j")
        await on.pilot.pause()
        assert harm_on(on.app) == [], name
    return reached


def with_hostile_tests(view: QaView, texts: Iterator[str]) -> QaView:
    """The checklist with hostile names of tests."""
    body = re.sub("flow", lambda _: next(texts), view.body.body)
    return replace(view, body=replace(view.body, body=body))


def all_spoilt(heard: Mapping[str, Reading[Any]], start: int, *, shape: bool) -> dict[str, Reading[Any]]:
    """The readings with hostile text; with `shape` in names, titles and bodies only, so that all of it is shown."""
    found = {}
    for place, (name, one) in enumerate(heard.items()):
        keep = {
            *(SHAPE if shape else ()),
            *(("title", "body") if shape and name in {"release_qa", "checklist"} else ()),
        }
        value = spoilt(one.value, texts(start + place), keep)
        if shape and name == "checklist":
            value = with_hostile_tests(value, texts(start))
        found[name] = replace(one, value=value)
    return found


async def test_no_screen_obeys_what_it_shows_or_falls_over_it() -> None:
    heard = dict(await everything())
    assert len([one for one in heard.values() if one.at]) > len(KINDS) // 2, "there is something to spoil"
    heard["certificates"] = Reading(Inventory((certificate("a"), certificate("b")), (UNREADABLE,)), NOW)
    async with stage(size=LARGE, loaded=False, connect=NeverAnswers) as on:
        await until(lambda: on.app.backend)
        for shape in (False, True):
            values = all_spoilt(heard, 7 * shape, shape=shape)
            on.app._readings.update(values)
            for name, one in values.items():
                on.app.take(name, one)
            reached = await show_all(on)
        assert reached >= SCREENS.keys() - {"activity"}
        on.app.say("".join(TEXTS[:11]), bad=True)
        await on.pilot.pause()
        assert harm_on(on.app) == []
        assert on.app.is_running
        picture = on.app.export_screenshot()
        assert not [one for one in TOKENS.values() if one.reveal() in picture]


async def test_no_screen_falls_over_any_values_of_the_types_that_feeds_have() -> None:
    worlds = some(struct(dict, {name: values(type_) for name, (_, type_) in KINDS.items()}))
    async with stage(size=LARGE, loaded=False, connect=NeverAnswers) as on:
        await until(lambda: on.app.backend)
        reached: set[str] = set()
        for world in worlds:
            for name, value in world.items():
                on.app.take(name, Reading(value, NOW))
            reached |= await show_all(on)
        assert reached >= SCREENS.keys() - {"activity", "bugs"}  # whose text is not what a feed says, or seldom drawn
