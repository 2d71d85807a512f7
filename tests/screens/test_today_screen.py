"""The first screen over the simulated services: what it says, where it leads, how it looks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from fleet_tui.app import FleetApp
from fleet_tui.cli.demo import demo_certificates, demo_config, demo_tokens
from fleet_tui.domain.bugs import State
from fleet_tui.screens.today import NAMES, TodayScreen
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.widgets.tile import Tile
from fleet_tui.wiring import Backend
from tests.helpers import NOW, config, until
from tests.screens.app_factory import TOKENS, NeverAnswers

Compare = Callable[..., bool]
FAILED_TEST, CRITICAL, BLOCKER, ORPHAN = "Query flow", 16963, 16940, 16968


@pytest.fixture
def services() -> Iterator[SimulatorThread]:
    with SimulatorThread(demo_world(NOW)) as running:
        yield running


def program(services: SimulatorThread, folder: Path, **given: Any) -> FleetApp:
    """The program as the demo starts it, at the moment of the tests."""
    settings = replace(demo_config(services.url), certificates=demo_certificates(folder, NOW))
    made = FleetApp(
        settings,
        given.pop("store", None) or Store(None),
        demo_tokens(services.url),
        now=services.world.now,
        connect=partial(Backend, impatient=True),
        **given,
    )
    made.animation_level = "none"
    return made


async def loaded(pilot: Pilot[Any]) -> None:
    """Wait until everything has been read, the timelines of the bugs included."""
    app: Any = pilot.app
    await until(lambda: app.backend and all(desk.is_settled for desk in app.desks.all))
    feeds = app.backend.feeds.values()
    await until(lambda: all(feed.reading.at or feed.reading.problem for feed in feeds))
    await until(lambda: all(app.reading(feed.name) is feed.reading for feed in feeds))
    await pilot.pause()


async def pictured(pilot: Pilot[Any]) -> None:
    """Loaded, with a set number of calls left: how many it took depends on which feed came first."""
    await loaded(pilot)
    app: Any = pilot.app
    for name, limit in app.backend.http.limits.items():
        app.backend.http.limits[name] = replace(limit, remaining=4959)
    app.changed()
    app._moment.end()
    await pilot.pause()


@asynccontextmanager
async def running(
    services: SimulatorThread, folder: Path, size: tuple[int, int] = (120, 40), **given: Any
) -> AsyncIterator[tuple[Any, Pilot[Any]]]:
    """The program, when everything has been read."""
    app = program(services, folder, **given)
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        yield app, pilot


def lines(app: FleetApp) -> str:
    """What stands on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


async def test_it_is_the_first_screen_and_its_figures_are_those_of_the_other_screens(
    services: SimulatorThread, tmp_path: Path
) -> None:
    async with running(services, tmp_path) as (app, pilot):
        assert isinstance(app.screen, TodayScreen)
        shown = app.desks.overview
        board = app.desks.bugs.board
        assert shown.bugs.states == {state.value: len(board.of(state)) for state in State if state is not State.CLOSED}
        assert [line.key for line in shown.bugs.critical] == [str(CRITICAL)]
        assert [line.key for line in shown.bugs.blockers] == [str(BLOCKER)]
        assert shown.freeze.waiting == len(app.desks.outlook.candidates)
        assert next(shift.login for shift in shown.on_call.now) == "lucasmrod"
        assert shown.on_call.is_me
        text = lines(app)
        assert f"#{CRITICAL}" in text
        assert "1 critical bug" in text
        assert "you are on call" in text
        await pilot.press("4")
        await pilot.pause()
        assert f"Inbox {shown.bugs.states['inbox']}" in lines(app)


async def test_every_tile_can_be_reached_by_keys_and_leads_to_its_object(
    services: SimulatorThread, tmp_path: Path
) -> None:
    async with running(services, tmp_path) as (app, pilot):
        reached = {app.focused.id}
        for key in ("right", "left", *["down"] * 60):
            await pilot.press(key)
            reached.add(app.focused.id)
        assert reached == {f"tile-{name}" for name in NAMES if name in {"freeze", "urgent", "qa", "certificates"}} | {
            "tile-oncall"
        }
        await pilot.press("slash")
        assert [toast.message for toast in app._notifications] == ["There is nothing to filter on this screen."]
        keys = lines(app).splitlines()[-1]
        await pilot.press("question_mark")
        await pilot.pause()
        assert lines(app).splitlines()[-1] == keys, "those of the screen, below a dialog too"
        await pilot.press("escape")
        tile = app.screen.query_one("#tile-urgent", Tile)
        tile.put(0)
        tile.focus()
        await pilot.press("enter")
        await until(lambda: app.current_mode == "bugs")
        await pilot.pause()
        assert app.screen.link.endswith(f"/{CRITICAL}")


async def test_an_alert_rings_once_is_counted_and_leads_to_what_it_is_about(
    services: SimulatorThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, rung = Store(None), list[bool]()
    monkeypatch.setattr(FleetApp, "bell", lambda self: rung.append(True))
    async with running(services, tmp_path, size=(160, 40), store=store) as (app, pilot):
        assert rung == []
        assert app.alerts.unseen == 0
        labels = ["bug", ":reproduce", "~critical bug"]
        bug = services.call(
            lambda: services.world.repo().open_issue("Hosts vanish", by="mna", labels=labels, number=17900)
        )
        app.backend.wake(("bugs",))
        await until(lambda: app.alerts.unseen == 1)
        await pilot.pause()
        assert rung == [True]
        assert "! 1 " in lines(app).splitlines()[0]
        assert f"critical bug #{bug.number}" in lines(app)
        await pilot.press("a")
        await pilot.pause()
        assert "Hosts vanish" in lines(app)
        await pilot.press("enter")
        await until(lambda: app.current_mode == "bugs")
        assert app.alerts.unseen == 0
        assert app.screen.link.endswith(str(bug.number))
    async with running(services, tmp_path, store=store) as (app, pilot):
        assert rung == [True], "the next run does not tell it again"


async def test_a_source_that_went_away_is_named_on_one_line(services: SimulatorThread, tmp_path: Path) -> None:
    async with running(services, tmp_path) as (app, pilot):
        services.faults.add("status", service="github")
        app.backend.wake(("pulls", "bugs"))
        await until(lambda: app.reading("pulls").problem and app.reading("bugs").problem)
        await pilot.pause()
        told = [line for line in lines(app).splitlines() if "GitHub has a fault of its own" in line]
        assert len(told) == 1
        assert f"#{CRITICAL}" in lines(app), "what was known stays"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
def test_today(services: SimulatorThread, tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(program(services, tmp_path), run_before=pictured, terminal_size=size)


def test_today_before_anything_is_known(snap_compare: Compare) -> None:
    app = FleetApp(config(), Store(None), TOKENS, now=lambda: NOW, connect=NeverAnswers)
    assert snap_compare(app, terminal_size=(120, 40))
