"""ZenHub: who may ask, and what is wrong with a question."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.boards import COLUMNS
from tests.simulator.support import client

BOARD = "query ($id: ID!) { workspace(id: $id) { pipelinesConnection(first: 50) { totalCount nodes { id name } } } }"
MOVE = "mutation ($input: MoveIssueInput!) { moveIssue(input: $input) { pipeline { name } } }"


async def ask(simulator: Simulator, json: Any, token: str = "sim-zenhub") -> httpx.Response:
    async with client(f"{simulator.url}/zenhub", headers={"Authorization": f"Bearer {token}"}) as zenhub:
        return await zenhub.post("/public/graphql", json=json)


@pytest.mark.parametrize("group", ["#g-mdm", "#g-endpoint-ops"])
async def test_every_world_has_the_boards_of_the_groups(simulator: Simulator, world: World, group: str) -> None:
    variables = {"id": world.boards.board(group).id}
    pipelines = (await ask(simulator, {"query": BOARD, "variables": variables})).json()["data"]["workspace"]
    nodes = pipelines["pipelinesConnection"]["nodes"]
    assert tuple(node["name"] for node in nodes) == COLUMNS
    assert len({node["id"] for node in nodes}) == len(COLUMNS)


async def test_refusals(simulator: Simulator) -> None:
    assert (await ask(simulator, {"query": BOARD}, token="guess")).status_code == 401
    assert (await ask(simulator, {})).status_code == 400
    assert (await ask(simulator, [])).status_code == 400
    unknown = (await ask(simulator, {"query": BOARD, "variables": {"id": "?"}})).json()
    assert unknown["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    nowhere = {"input": {"issueId": "?", "pipelineId": "?", "position": 0}}
    assert (await ask(simulator, {"query": MOVE, "variables": nowhere})).json()["data"] == {"moveIssue": None}


ISSUES = (
    "query ($id: ID!, $filters: IssueSearchFiltersInput!, $after: String) {"
    " searchIssuesByPipeline(pipelineId: $id, filters: $filters, first: 2, after: $after) {"
    " totalCount nodes { number repository { id ghId } } pageInfo { hasNextPage endCursor } } }"
)


async def test_the_issues_in_a_column(simulator: Simulator, world: World) -> None:
    repo, board = world.repo(), world.boards.board("#g-mdm")
    issues = [repo.open_issue(f"Bug {number}", by="mna") for number in range(4)]
    issues[1].close(by="mna")
    columns = (await ask(simulator, {"query": BOARD, "variables": {"id": board.id}})).json()
    first = columns["data"]["workspace"]["pipelinesConnection"]["nodes"][0]["id"]

    async def page(after: str | None = None, **filters: Any) -> Any:
        variables = {"id": first, "filters": filters, "after": after}
        return (await ask(simulator, {"query": ISSUES, "variables": variables})).json()["data"][
            "searchIssuesByPipeline"
        ]

    found = await page()
    assert [(node["number"], node["repository"]["ghId"]) for node in found["nodes"]] == [(1, repo.id), (3, repo.id)]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await page(found["pageInfo"]["endCursor"])
    assert ([node["number"] for node in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == ([4], False)
    assert (await page(repositoryIds=["elsewhere"]))["nodes"] == []
    assert len((await page(repositoryIds=[found["nodes"][0]["repository"]["id"]]))["nodes"]) == 2
    unknown = (await ask(simulator, {"query": ISSUES, "variables": {"id": "?", "filters": {}}})).json()
    assert unknown["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
