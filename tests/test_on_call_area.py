"""The feeds of on-call: what is missing is no failure, what is broken is one, and the roster decides whose issues."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.config.on_call import Calendar, Person
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause
from fleet_tui.domain.rituals import Rituals
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed.rosters import RITUALS
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.wiring import Backend
from tests.helpers import GITHUB_TOKEN, ago

PEOPLE = (Person(name="Martin", login="mna"), Person(name="Victor", login="getvictor"))


@pytest.fixture
def connect(settings_there: Config, clock: FixedClock) -> Callable[..., Any]:
    @asynccontextmanager
    async def connect(**on_call: Any) -> AsyncIterator[Backend]:
        settings = replace(settings_there, on_call=replace(settings_there.on_call, **on_call))
        backend = Backend(settings, {"github": Secret(GITHUB_TOKEN)}, Store(None), now=clock)
        yield backend
        await backend.aclose()

    return connect


async def read(backend: Backend, *names: str) -> list[Any]:
    """Poll feeds one after another, as the first run does; gives their values."""
    for name in names:
        backend.feeds[name].reading = await backend.feeds[name].poll()
    return [backend.feeds[name].reading.value for name in names]


async def test_a_team_without_roster_and_rituals_has_no_failing_feed(connect: Callable[..., Any]) -> None:
    async with connect() as backend:
        roster, rituals, assigned = await read(backend, "roster", "rituals", "assigned")
        assert (roster.shifts, rituals, assigned) == ((), Rituals(()), ())
        assert all(feed.reading.problem is None for feed in backend.feeds.values())


@pytest.mark.parametrize(
    ("on_call", "feed", "cause"),
    [
        ({"calendars": (Calendar(),)}, "roster", Cause.TOKEN),
        ({"rituals_file": "nowhere.yml"}, "rituals", Cause.MISSING),
    ],
    ids=["a calendar without address", "a file that is not there"],
)
async def test_what_is_configured_and_cannot_be_read_is_told(
    connect: Callable[..., Any], on_call: dict[str, Any], feed: str, cause: Cause
) -> None:
    async with connect(**on_call) as backend:
        await read(backend, feed)
        assert backend.feeds[feed].reading.problem.cause is cause


async def test_the_issues_are_those_of_whoever_is_on_call(
    connect: Callable[..., Any], world: World, clock: FixedClock
) -> None:
    world.repo().files[RITUALS] = "- task: A\n  startedOn: 2025-06-02\n  frequency: Daily\n"
    for number, login in enumerate(("mna", "getvictor"), 1):
        world.repo().open_issue("Thread", by="lukeheath", assignees=[login], number=number, at=ago(days=1))
    async with connect(people=PEOPLE, first_week=date(2025, 6, 4)) as backend:
        _, rituals, assigned = await read(backend, "roster", "rituals", "assigned")
        assert [one.task for one in rituals.entries] == ["A"]
        assert [one.number for one in assigned] == [1]
        clock.advance(days=7)
        assert [one.number for one in (await read(backend, "assigned"))[0]] == [2]
