"""Merge Freeze: what it answers, its fault, and its commit statuses."""

from __future__ import annotations

import httpx
import pytest

from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import Repository, World
from tests.simulator.support import eventually

MAIN = "/fleetdm/fleet/main/"


@pytest.fixture
def pulls(repo: Repository) -> Repository:
    """Three open pull requests against main."""
    for number in (1, 2, 3):
        repo.open_pull(f"Change {number}", by="mna")
    return repo


def states(repo: Repository) -> list[str]:
    return [pull.head.latest_statuses()[-1].state for pull in repo.pulls()]


async def test_freezing_and_lifting(merge_freeze: httpx.AsyncClient, pulls: Repository) -> None:
    assert (await merge_freeze.get(MAIN)).json()["frozen"] is False
    frozen = await merge_freeze.post(MAIN, data={"frozen": "true", "user_name": "lukeheath", "note": "4.45.0"})
    assert frozen.json() == {
        "branch": "main",
        "repository": "fleetdm/fleet",
        "frozen": True,
        "frozen_by": "lukeheath",
        "frozen_at": "2026-11-19T20:00:00Z",
        "note": "4.45.0",
        "unblocked_prs": [],
    }
    assert states(pulls) == ["failure"] * 3
    assert pulls.pull(1).head.latest_statuses()[-1].description == "Blocked: main is frozen"
    await merge_freeze.post(MAIN, data={"frozen": "false"})
    assert states(pulls) == ["success"] * 3


async def test_the_list_replaces_the_former_one(merge_freeze: httpx.AsyncClient, pulls: Repository) -> None:
    frozen = {"frozen": "true", "user_name": "lukeheath", "note": "4.45.0"}
    await merge_freeze.post(MAIN, data=frozen | {"unblocked_prs": "[1, 2]"})
    assert states(pulls) == ["success", "success", "failure"]
    answer = await merge_freeze.post(MAIN, data={"frozen": "true", "user_name": "mna", "unblocked_prs": "[3]"})
    assert answer.json()["unblocked_prs"] == [3]
    assert (answer.json()["frozen_by"], answer.json()["note"]) == ("lukeheath", "4.45.0")
    assert states(pulls) == ["failure", "failure", "success"]


async def test_a_list_without_frozen_lifts_the_freeze_in_secret(
    merge_freeze: httpx.AsyncClient, pulls: Repository
) -> None:
    await merge_freeze.post(MAIN, data={"frozen": "true", "user_name": "lukeheath"})
    answer = await merge_freeze.post(MAIN, data={"user_name": "mna", "unblocked_prs": "[3]"})
    assert answer.json()["frozen"] is True
    assert (await merge_freeze.get(MAIN)).json()["frozen"] is True
    assert states(pulls) == ["success"] * 3
    await merge_freeze.post(MAIN, data={"frozen": "true", "user_name": "mna", "unblocked_prs": "[3]"})
    assert states(pulls) == ["failure", "failure", "success"]


async def test_a_freeze_that_gets_lost(merge_freeze: httpx.AsyncClient, world: World, pulls: Repository) -> None:
    world.merge_freeze.loses_freeze_on_next_post = True
    answer = await merge_freeze.post(MAIN, data={"frozen": "true", "unblocked_prs": "[3]"})
    assert answer.json()["frozen"] is False
    assert states(pulls) == ["success"] * 3
    assert (await merge_freeze.post(MAIN, data={"frozen": "true"})).json()["frozen"] is True


async def test_it_may_keep_the_list_to_itself(merge_freeze: httpx.AsyncClient, world: World) -> None:
    world.merge_freeze.lists_unblocked = False
    answer = await merge_freeze.post(MAIN, data={"frozen": "true", "unblocked_prs": "[3]"})
    assert answer.json().keys() == {"branch", "repository", "frozen", "frozen_by", "note"}


async def test_statuses_come_one_by_one(merge_freeze: httpx.AsyncClient, world: World, pulls: Repository) -> None:
    world.merge_freeze.status_delay = 0.01
    await merge_freeze.post(MAIN, data={"frozen": "true"})
    assert states(pulls) == ["success"] * 3
    await eventually(lambda: states(pulls)[0] == "failure")
    assert states(pulls)[2] == "success"
    await eventually(lambda: states(pulls) == ["failure"] * 3)


async def test_a_new_change_starts_a_new_round(
    merge_freeze: httpx.AsyncClient, world: World, pulls: Repository
) -> None:
    world.merge_freeze.status_delay = 0.01
    await merge_freeze.post(MAIN, data={"frozen": "true"})
    await merge_freeze.post(MAIN, data={"frozen": "true", "unblocked_prs": "[1]"})
    await eventually(lambda: states(pulls) == ["success", "failure", "failure"])
    assert pulls.pull(1).head.latest_statuses()[-1].description == "This pull request is unblocked"


async def test_new_commits_are_reported_on_at_once(merge_freeze: httpx.AsyncClient, pulls: Repository) -> None:
    await merge_freeze.post(MAIN, data={"frozen": "true"})
    pulls.pull(2).push()
    pulls.open_pull("Change 4", by="mna")
    assert states(pulls) == ["failure"] * 4


async def test_refusals(merge_freeze: httpx.AsyncClient) -> None:
    assert (await merge_freeze.get("/fleetdm/fleet/other/")).status_code == 404
    assert (await merge_freeze.get("/nobody")).status_code == 404
    bad = await merge_freeze.get(MAIN, params={"access_token": "guess"})
    assert (bad.status_code, bad.json()) == (401, {"error": "Invalid access token"})
    assert (await merge_freeze.post(MAIN, data={"user_name": "mna"})).status_code == 400
    assert (await merge_freeze.post(MAIN, data={"frozen": "true", "unblocked_prs": "3"})).status_code == 400
    assert (await merge_freeze.post(MAIN, data={"frozen": "true", "unblocked_prs": "["})).status_code == 400


async def test_overview(merge_freeze: httpx.AsyncClient) -> None:
    overview = (await merge_freeze.get("/fleetdm")).json()
    assert overview["frozen"] == []
    assert overview["unfrozen"][0]["name"] == "fleetdm/fleet/main"


async def test_about_one_request_a_second(merge_freeze: httpx.AsyncClient, world: World) -> None:
    world.merge_freeze.requests_per_second = 0.001
    answers = [(await merge_freeze.get(MAIN)).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


async def test_the_token_is_not_kept(merge_freeze: httpx.AsyncClient, simulator: Simulator) -> None:
    await merge_freeze.get(MAIN)
    (entry,) = simulator.requests
    assert entry.authorized
    assert "sim-mergefreeze" not in repr(entry)
