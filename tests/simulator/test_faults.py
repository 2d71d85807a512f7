"""Faults on demand, as a client meets them."""

from __future__ import annotations

import json

import httpx
import pytest

from fleet_tui.simulator.faults import Fault, Faults
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World

ISSUES = "/repos/fleetdm/fleet/issues"


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_server_errors(github: httpx.AsyncClient, simulator: Simulator, status: int) -> None:
    simulator.faults.add("status", status=status, times=1)
    spoilt = await github.get("/user")
    assert spoilt.status_code == status
    assert ("Unicorn" in spoilt.text) == (status == 502)
    assert (await github.get("/user")).status_code == 200
    assert [entry.fault for entry in simulator.requests] == ["status", None]


async def test_hanging(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("hang")
    with pytest.raises(httpx.ReadTimeout):
        await github.get("/user", timeout=0.05)


async def test_a_slow_answer_is_whole(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("slow", seconds=0.05)
    assert (await github.get("/user")).json()["login"] == "lucasmrod"


async def test_a_cut_answer(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("cut")
    with pytest.raises(httpx.RemoteProtocolError):
        await github.get("/user")


async def test_a_dropped_connection(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("drop")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await github.get("/user")


async def test_not_json(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("not_json")
    with pytest.raises(json.JSONDecodeError):
        (await github.get("/user")).json()


async def test_wrong_shape(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("wrong_shape")
    assert (await github.get("/user")).json()["number"] == "seven"
    assert (await github.get(ISSUES)).json()[1] == "?"


async def test_empty(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("empty")
    response = await github.get("/user")
    assert (response.status_code, response.content) == (200, b"")


async def test_huge(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("huge")
    read = 0
    async with github.stream("GET", "/user") as response:
        async for chunk in response.aiter_bytes():
            read += len(chunk)
            if read > 1_000_000:
                break
    assert read > 1_000_000


async def test_refusals(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("unauthorized", times=1)
    simulator.faults.add("forbidden", times=1, permissions="contents=read")
    assert (await github.get("/user")).status_code == 401
    refused = await github.get("/user")
    assert (refused.status_code, refused.headers["x-accepted-github-permissions"]) == (403, "contents=read")


async def test_limits(github: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    simulator.faults.add("primary_limit", times=2, reset_after=60)
    simulator.faults.add("secondary_limit", times=1, retry_after=7)
    simulator.faults.add("secondary_limit", times=1)
    primary, graphql = await github.get("/user"), await github.post("/graphql", json={})
    assert (primary.status_code, primary.headers["x-ratelimit-remaining"]) == (403, "0")
    assert int(primary.headers["x-ratelimit-reset"]) == int(world.now().timestamp()) + 60
    assert graphql.status_code == 200
    assert graphql.json()["errors"][0]["type"] == "RATE_LIMITED"
    timed, untimed = await github.get("/user"), await github.get("/user")
    assert (timed.status_code, timed.headers["retry-after"]) == (429, "7")
    assert (untimed.status_code, "retry-after" in untimed.headers) == (429, False)


async def test_redirects(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("redirect_away", times=1, location="https://elsewhere.invalid/user")
    assert (await github.get("/user")).headers["location"] == "https://elsewhere.invalid/user"
    simulator.faults.add("redirect_loop")
    with pytest.raises(httpx.TooManyRedirects):
        await github.get("/user", follow_redirects=True)


async def test_a_write_whose_answer_is_lost(github: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    simulator.faults.add("status", status=502, method="POST", times=1)
    simulator.faults.add("status", status=502, method="POST", after=True, times=1)
    for _ in range(2):
        assert (await github.post(ISSUES, json={"title": "Bug"})).status_code == 502
    assert len(world.repo().issues) == 1


async def test_a_rule_is_about_some_requests(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.add("status", service="github", method="get|head", path=r"/issues$")
    simulator.faults.add("status", service="mergefreeze")
    assert (await github.get(ISSUES)).status_code == 500
    assert (await github.post(ISSUES, json={"title": "Bug"})).status_code == 201
    assert (await github.get(f"{ISSUES}/1")).status_code == 200
    simulator.faults.clear()
    assert (await github.get(ISSUES)).status_code == 200


async def test_latency(github: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.faults.latency["github"] = (60, 80)
    with pytest.raises(httpx.ReadTimeout):
        await github.get("/user", timeout=0.03)


def test_probability_is_seeded() -> None:
    def picks() -> list[bool]:
        faults = Faults(seed=1)
        faults.add("empty", probability=0.5)
        return [faults.pick("github", "GET", "/user") is not None for _ in range(50)]

    assert picks() == picks()
    assert 10 < sum(picks()) < 40


def test_a_rule_must_make_sense() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Fault("gremlin")
    with pytest.raises(ValueError, match="no such option: colour"):
        Faults().add("empty", colour="red")
