"""ZenHub: moving a ticket, and what the deed of a group that is ready says of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.actions import Deed
from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.problem import Cause, Failure, Unconfirmed
from fleet_tui.domain.qa import QaIssue
from fleet_tui.screens.qa_deeds import board_of, group_ready
from fleet_tui.services.github import GitHub
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import Board, FixedClock, World
from fleet_tui.wiring import Backend
from tests.helpers import GITHUB_TOKEN, NOW, answer, config, server

GROUP, NUMBER, READY = "#g-mdm", 17270, "✅ Ready for release"
TOKEN = "sim-zenhub"


def connect(http: Http, settings: Config, token: str = TOKEN) -> ZenHub:
    return ZenHub(http, zenhub_service(settings, Secret(token)))


@pytest.fixture
def zenhub(http: Http, settings_there: Config) -> ZenHub:
    return connect(http, settings_there)


@pytest.fixture
def board(world: World) -> Board:
    """The group's board, with the release QA issue in its first column."""
    world.repo().open_issue("Release QA: 4.45.0", by="lukeheath", number=NUMBER)
    return world.boards.board(GROUP)


@pytest.fixture
def repository(world: World) -> int:
    return world.repo().id


def mutations(simulator: Simulator) -> list[Any]:
    bodies = [json.loads(entry.body) for entry in simulator.requests.select("zenhub", "POST")]
    return [body["variables"]["input"] for body in bodies if "mutation" in body["query"]]


# Moving --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Ready for release", READY, "ready for RELEASE ", "readyForRelease"])
async def test_it_moves_to_the_column_that_is_meant(zenhub: ZenHub, board: Board, repository: int, column: str) -> None:
    assert await zenhub.move(board.id, repository, NUMBER, column) == READY
    assert board.placed == {NUMBER: READY}


async def test_the_name_to_the_letter_wins(zenhub: ZenHub, board: Board, repository: int) -> None:
    board.columns.append("Ready for release")
    assert await zenhub.move(board.id, repository, NUMBER, "Ready for release") == "Ready for release"


async def test_emoji_alone_is_a_name_too(zenhub: ZenHub, board: Board, repository: int) -> None:
    board.columns += ["🎉", "✅"]
    assert await zenhub.move(board.id, repository, NUMBER, "✅") == "✅"


async def test_what_is_there_already_is_not_moved(
    simulator: Simulator, zenhub: ZenHub, board: Board, repository: int
) -> None:
    board.placed[NUMBER] = READY
    assert await zenhub.move(board.id, repository, NUMBER, "Ready for release") == READY
    assert mutations(simulator) == []


async def test_the_number_of_the_repository_is_githubs(github: GitHub, repository: int, simulator: Simulator) -> None:
    assert [await github.repository_id(), await github.repository_id()] == [repository, repository]
    assert [entry.status for entry in simulator.requests.select("github")] == [200, 304]


# Refusals ------------------------------------------------------------------------------------------------------------


async def refused(zenhub: ZenHub, workspace: str, repository: int, column: str = "Ready for release") -> Failure:
    with pytest.raises(Failure) as caught:
        await zenhub.move(workspace, repository, NUMBER, column)
    assert caught.value.problem.source == "ZenHub"
    return caught.value


async def test_an_unknown_column_is_named_with_those_that_there_are(
    simulator: Simulator, zenhub: ZenHub, board: Board, repository: int
) -> None:
    problem = (await refused(zenhub, board.id, repository, "Shipped")).problem
    assert (problem.cause, problem.sentence) == (Cause.MISSING, "The board has no column “Shipped”.")
    assert READY in problem.detail
    assert mutations(simulator) == []


async def test_an_unknown_board(zenhub: ZenHub, board: Board, repository: int) -> None:
    problem = (await refused(zenhub, "abc", repository)).problem
    assert problem.text == "ZenHub does not know the board abc. Check `workspace` of the group."


async def test_an_issue_that_is_not_on_the_board(zenhub: ZenHub, board: Board, repository: int, world: World) -> None:
    board.absent.add(NUMBER)
    assert (await refused(zenhub, board.id, repository)).problem.sentence == "#17270 is not on the board."
    world.repo().delete(NUMBER)
    assert (await refused(zenhub, board.id, repository)).problem.sentence == "#17270 is not on the board."
    assert (await refused(zenhub, board.id, 1)).problem.cause is Cause.MISSING


async def test_a_bad_token(http: Http, settings_there: Config, board: Board, repository: int) -> None:
    problem = (await refused(connect(http, settings_there, "guess"), board.id, repository)).problem
    assert problem.cause is Cause.TOKEN
    assert "auth set zenhub" in problem.remedy


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("secondary_limit", Cause.LIMITED),
        ("primary_limit", Cause.LIMITED),
        ("forbidden", Cause.PERMISSION),
        ("status", Cause.SERVER),
        ("not_json", Cause.UNREADABLE),
        ("wrong_shape", Cause.UNREADABLE),
        ("empty", Cause.UNREADABLE),
        ("drop", Cause.OFFLINE),
    ],
)
async def test_faults_are_told_apart(
    simulator: Simulator, zenhub: ZenHub, board: Board, repository: int, fault: str, cause: Cause
) -> None:
    simulator.faults.add(fault, service="zenhub")
    failure = await refused(zenhub, board.id, repository)
    assert failure.problem.cause is cause
    assert (failure.problem.retry_at is not None) is (cause is Cause.LIMITED)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ({"extensions": {"code": "UNAUTHENTICATED"}}, "ZenHub does not accept the token."),
        ({"extensions": {"code": "FORBIDDEN"}}, "The ZenHub token may not do this."),
        ({"message": "field\nunknown"}, "ZenHub refused: field unknown."),
        ({}, "ZenHub refused: it gave no reason."),
    ],
)
async def test_errors_of_a_query_are_sentences(http: Http, error: dict[str, Any], sentence: str) -> None:
    with server(answer(json.dumps({"data": None, "errors": [error]}).encode())) as (url, _):
        failure = await refused(connect(http, config(addresses={"zenhub": url})), "abc", 1)
    assert failure.problem.sentence == sentence


# Moves whose answer says something else, or is lost ------------------------------------------------------------------


class SpoilMove:
    """Spoils the answers from the second request on: the first reads the board."""

    def __init__(self, simulator: Simulator, times: int = 1, *, after: bool = True) -> None:
        simulator.faults.add("slow", service="zenhub", times=1, seconds=0.01)
        simulator.faults.add("drop", service="zenhub", times=times, after=after)


async def test_an_accepted_move_that_did_not_happen(
    zenhub: ZenHub, board: Board, repository: int, world: World
) -> None:
    world.boards.ignores_moves = True
    problem = (await refused(zenhub, board.id, repository)).problem
    assert problem.sentence == "ZenHub took the move of #17270 but did not carry it out. It is in 🆕 New."


async def test_a_lost_answer_is_looked_for_and_the_move_not_sent_again(
    simulator: Simulator, zenhub: ZenHub, board: Board, repository: int
) -> None:
    SpoilMove(simulator)
    assert await zenhub.move(board.id, repository, NUMBER, "Ready for release") == READY
    assert len(mutations(simulator)) == 1


async def test_a_move_that_never_arrived(simulator: Simulator, zenhub: ZenHub, board: Board, repository: int) -> None:
    SpoilMove(simulator, after=False)
    failure = await refused(zenhub, board.id, repository)
    assert failure.problem.cause is Cause.OFFLINE
    assert not isinstance(failure, Unconfirmed)
    assert len(mutations(simulator)) == 1


async def test_when_nothing_can_be_seen_it_is_not_known(
    simulator: Simulator, zenhub: ZenHub, board: Board, repository: int
) -> None:
    SpoilMove(simulator, times=2)
    failure = await refused(zenhub, board.id, repository)
    assert isinstance(failure, Unconfirmed)
    assert failure.problem.sentence.startswith("Whether #17270 was moved is not known: ")


async def test_an_issue_that_leaves_meanwhile(http: Http) -> None:
    column = {"id": "P", "name": READY}
    board = {"workspace": {"pipelinesConnection": {"nodes": [column]}}, "issueByInfo": {"id": "I"}}
    error = {"message": "gone", "extensions": {"code": "NOT_FOUND"}}
    bodies = [{"data": board}, {"data": None, "errors": [error]}]
    with server(lambda handler: answer(json.dumps(bodies.pop(0)).encode())(handler)) as (url, _):
        failure = await refused(connect(http, config(addresses={"zenhub": url})), "abc", 1)
    assert failure.problem.sentence == "#17270 is not on the board."


# A group is ready ----------------------------------------------------------------------------------------------------


@pytest.fixture
async def backend(settings_there: Config, clock: FixedClock) -> AsyncIterator[Backend]:
    tokens = {"github": Secret(GITHUB_TOKEN), "zenhub": Secret(TOKEN)}
    made = Backend(settings_there, tokens, Store(None), now=clock)
    yield made
    await made.aclose()


def ready(backend: Backend, settings: Config) -> Deed:
    url = f"https://github.com/fleetdm/fleet/issues/{NUMBER}"
    issue = QaIssue(NUMBER, "Release QA: 4.45.0", url, "open", (), frozenset(), NOW, locked=False)
    return group_ready(GROUP, issue, Progress(3, 3, 0, 0, 0), backend, settings, override=False)


async def test_the_dri_is_told_and_the_ticket_moved(
    backend: Backend, settings_there: Config, world: World, board: Board
) -> None:
    said: list[str] = []
    sentence = await ready(backend, settings_there).run(said.append)
    assert sentence == "lukeheath has been told; #17270 is in ✅ Ready for release."
    assert said == ["Telling lukeheath …", "Moving #17270 …"]
    assert board.placed == {NUMBER: READY}
    assert len(world.issue(NUMBER).comments) == 1


async def test_the_comment_stands_when_the_move_fails(
    backend: Backend, settings_there: Config, world: World, board: Board
) -> None:
    board.absent.add(NUMBER)
    with pytest.raises(Failure) as caught:
        await ready(backend, settings_there).run(print)
    assert caught.value.problem.text == (
        "The comment to lukeheath stands. #17270 was not moved: #17270 is not on the board. Check in ZenHub that the "
        "repository is connected to it. Move it to “Ready for release” in ZenHub; g would comment again."
    )
    assert len(world.issue(NUMBER).comments) == 1


async def test_a_move_that_nobody_saw_is_not_called_failed(
    backend: Backend, settings_there: Config, simulator: Simulator, board: Board
) -> None:
    SpoilMove(simulator, times=2)
    with pytest.raises(Unconfirmed) as caught:
        await ready(backend, settings_there).run(print)
    assert "The comment to lukeheath stands. Whether #17270 was moved is not known" in caught.value.problem.text


async def test_without_a_board_nothing_is_said_of_one(
    backend: Backend, settings_there: Config, simulator: Simulator, board: Board
) -> None:
    groups = tuple(replace(group, workspace="") for group in settings_there.groups)
    boardless = replace(settings_there, groups=groups)
    assert await ready(backend, boardless).run(print) == "lukeheath has been told."
    assert board_of(GROUP, backend, settings_there) == board.id
    backend.zenhub = None
    assert board_of(GROUP, backend, settings_there) == ""
    assert await ready(backend, settings_there).run(print) == "lukeheath has been told."
    assert simulator.requests.select("zenhub") == []
