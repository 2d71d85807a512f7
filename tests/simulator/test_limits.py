"""GitHub's rate limits."""

from __future__ import annotations

import httpx

from fleet_tui.simulator.world import FixedClock, World

ISSUES = "/repos/fleetdm/fleet/issues"


async def test_the_hourly_limit(github: httpx.AsyncClient, world: World, clock: FixedClock) -> None:
    world.limits.core = 2
    left = [(await github.get("/user")).headers["x-ratelimit-remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    refused = await github.get("/user")
    assert refused.status_code == 403
    assert "rate limit exceeded" in refused.json()["message"]
    reset = int(refused.headers["x-ratelimit-reset"])
    assert reset == int(clock().timestamp()) + 3600
    limits = await github.get("/rate_limit")
    assert limits.json()["resources"]["core"] == {"limit": 2, "used": 2, "remaining": 0, "reset": reset}
    clock.advance(hours=1)
    assert (await github.get("/user")).status_code == 200


async def test_too_many_creations_in_a_minute(github: httpx.AsyncClient, world: World, clock: FixedClock) -> None:
    world.limits.creations_per_minute = 3
    answers = [await github.post(ISSUES, json={"title": "Again"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 403]
    assert "secondary rate limit" in answers[-1].json()["message"]
    assert answers[-1].headers["x-ratelimit-remaining"] != "0"
    wait = int(answers[-1].headers["retry-after"])
    assert (await github.get(ISSUES)).status_code == 200
    clock.advance(seconds=wait)
    assert (await github.post(ISSUES, json={"title": "Again"})).status_code == 201


async def test_too_many_points_in_a_minute(github: httpx.AsyncClient, world: World) -> None:
    world.limits.points_per_minute, world.limits.secondary_status = 6, 429
    world.repo().open_issue("Bug", by="mna")
    await github.get("/user")
    await github.patch(f"{ISSUES}/1", json={"title": "Bug!"})
    assert (await github.get("/user")).status_code == 429


async def test_graphql_is_limited_on_its_own_and_says_so_in_the_body(github: httpx.AsyncClient, world: World) -> None:
    world.limits.graphql = 1
    query = {"query": "{ viewer { login } rateLimit { remaining used } }"}
    first = await github.post("/graphql", json=query)
    assert first.json()["data"]["rateLimit"] == {"remaining": 0, "used": 1}
    assert first.headers["x-ratelimit-resource"] == "graphql"
    second = await github.post("/graphql", json=query)
    assert second.status_code == 200
    assert second.json()["errors"][0]["type"] == "RATE_LIMITED"
    assert (await github.get("/user")).status_code == 200
