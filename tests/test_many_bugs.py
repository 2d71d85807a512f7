"""The whole way: each of 300 bugs, read from the simulated GitHub and ZenHub, in its state with its clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import BugDesk
from fleet_tui.domain.bug_clock import Clock, Demand, clock_of, since_of
from fleet_tui.domain.bugs import Bug, state_of
from fleet_tui.feed import Reading
from fleet_tui.services.board_columns import BoardColumns
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_bugs import OpenBugs
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from fleet_tui.simulator.seed.many_bugs import Answer, many_bugs
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock
from tests.helpers import NOW, addresses, config

COUNT = 300
Found = tuple[tuple[Bug, ...], dict[int, str], Config]


@pytest.fixture
def answers() -> tuple[Answer, ...]:
    return many_bugs(COUNT, NOW)[1]


@pytest.fixture
async def found() -> AsyncIterator[Found]:
    """The bugs with their timelines, the board's columns, and the settings."""
    world, _ = many_bugs(COUNT, NOW)
    async with Simulator(world) as simulator:
        settings, http = config(addresses=addresses(simulator.url)), Http(now=FixedClock(NOW))
        github = GitHub(http, github_service(settings, Secret("sim-mna")), settings.team.repository)
        bugs, zenhub = (
            OpenBugs(github, settings, lambda: NOW),
            ZenHub(http, zenhub_service(settings, Secret("sim-zenhub"))),
        )
        columns = BoardColumns(zenhub, github, settings.groups, settings.bugs.awaiting_qa_column)
        read = await bugs.read()
        while bugs.is_unsettled:
            read = await bugs.read()
        yield read, await columns.read(), settings
        await http.aclose()


def clock_words(clock: Clock | None) -> str:
    if clock is None:
        return "none"
    if not clock.is_overdue(NOW):
        return "running"
    return "ping" if clock.demand is Demand.PING else "late"


async def test_each_stands_in_the_right_column_with_the_right_clock(found: Found, answers: tuple[Answer, ...]) -> None:
    bugs, columns, settings = found
    told = []
    for bug in bugs:
        state = state_of(bug, columns.get(bug.number, ""), settings)
        told.append((bug.number, state.value, clock_words(clock_of(bug, state, NOW, settings))))
    assert told == [(answer.number, answer.state, answer.clock) for answer in answers]


async def test_the_board_shows_each_in_that_column_with_that_clock(found: Found, answers: tuple[Answer, ...]) -> None:
    bugs, columns, settings = found
    readings: dict[str, Reading[Any]] = {"bugs": Reading(bugs, NOW), "columns": Reading(columns, NOW)}
    with closing(Store(None)) as store:
        desk = BugDesk(settings, store, lambda name: readings.get(name, Reading()), lambda _: None, lambda: NOW)
        placed = desk.board.by_number
    shown = {number: (one.state.value, clock_words(one.clock)) for number, one in placed.items()}
    assert shown == {one.number: (one.state, one.clock) for one in answers if one.state != "closed"}


async def test_each_has_been_there_since_the_right_moment(found: Found, answers: tuple[Answer, ...]) -> None:
    bugs, columns, settings = found
    for bug, answer in zip(bugs, answers, strict=True):
        state = state_of(bug, columns.get(bug.number, ""), settings)
        if answer.state != "orphan":  # nothing on the timeline says since when
            assert since_of(bug, state, settings).at == answer.since, answer
