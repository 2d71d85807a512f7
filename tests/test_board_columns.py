"""Which issues wait in a column of the groups' boards."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services.board_columns import BoardColumns
from fleet_tui.services.github import GitHub
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import Issue, World
from fleet_tui.simulator.world.boards import AWAITING_QA


@pytest.fixture
def zenhub(http: Http, settings_there: Config) -> ZenHub:
    return ZenHub(http, zenhub_service(settings_there, Secret("sim-zenhub")))


@pytest.fixture
def columns(zenhub: ZenHub, github: GitHub, settings_there: Config) -> BoardColumns:
    return BoardColumns(zenhub, github, settings_there.groups, settings_there.bugs.awaiting_qa_column)


def waiting(world: World, count: int, group: str = "#g-mdm") -> list[int]:
    issues = [world.repo().open_issue(f"Bug {number}", by="mna") for number in range(count)]
    world.boards.board(group).placed |= {issue.number: AWAITING_QA for issue in issues}
    return [issue.number for issue in issues]


async def test_the_open_issues_of_the_repository_in_the_column_of_any_board(
    world: World, columns: BoardColumns
) -> None:
    mdm, done = waiting(world, 2)
    (endpoint,) = waiting(world, 1, "#g-endpoint-ops")
    world.repo().open_issue("Somewhere else", by="mna")
    world.issue(done).close(by="mna")
    other: Issue = world.add_repo("fleetdm/confidential").open_issue("A secret", by="mna", number=99)
    world.boards.board("#g-mdm").placed[other.number] = AWAITING_QA
    assert await columns.read() == {mdm: AWAITING_QA, endpoint: AWAITING_QA}


async def test_a_board_in_pages_and_its_columns_asked_for_once(
    world: World, columns: BoardColumns, simulator: Simulator
) -> None:
    numbers = waiting(world, 230)
    assert list(await columns.read()) == numbers
    assert len(simulator.requests.select("zenhub")) == 2 + 3 + 1
    simulator.requests.clear()
    world.boards.board("#g-mdm").placed.clear()
    assert await columns.read() == {}
    assert len(simulator.requests.select("zenhub")) == 2


async def test_a_column_that_was_made_anew_is_found_by_the_next_read(world: World, columns: BoardColumns) -> None:
    numbers = waiting(world, 1)
    assert list(await columns.read()) == numbers
    board = world.boards.board("#g-mdm")
    board.columns[:] = ["Awaiting QA"]  # an id is made of the place
    board.placed = dict.fromkeys(numbers, "Awaiting QA")
    with pytest.raises(Failure):
        await columns.read()
    board.absent.update(number for number in world.repo().issues if number not in numbers)
    assert await columns.read() == dict.fromkeys(numbers, "Awaiting QA")


async def test_groups_without_a_board_are_passed_over(
    zenhub: ZenHub, github: GitHub, settings_there: Config, world: World, simulator: Simulator
) -> None:
    waiting(world, 1)
    groups = [replace(group, workspace="") for group in settings_there.groups]
    assert await BoardColumns(zenhub, github, groups, "Awaiting QA").read() == {}
    assert simulator.requests.select("zenhub") == []


async def test_a_board_without_the_column_is_said(zenhub: ZenHub, github: GitHub, settings_there: Config) -> None:
    with pytest.raises(Failure) as caught:
        await BoardColumns(zenhub, github, settings_there.groups, "Testing").read()
    assert caught.value.problem.cause is Cause.MISSING
    assert caught.value.problem.sentence == "The board has no column “Testing”."
