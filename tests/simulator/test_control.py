"""The control addresses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World


async def test_faults_and_latency(control: httpx.AsyncClient, github: httpx.AsyncClient, simulator: Simulator) -> None:
    rule = {"kind": "status", "status": 503, "service": "github", "times": 3}
    assert (await control.post("/faults", json=rule)).json() == {"rules": 1}
    assert (await github.get("/user")).status_code == 503
    await control.post("/latency", json={"service": "github", "min": 0, "max": 1})
    assert simulator.faults.latency == {"github": (0.0, 1.0)}
    await control.delete("/faults")
    assert (await github.get("/user")).status_code == 200
    assert simulator.faults.latency == {}


async def test_counts(control: httpx.AsyncClient, github: httpx.AsyncClient) -> None:
    etag = (await github.get("/user")).headers["etag"]
    await github.get("/user", headers={"If-None-Match": etag})
    await github.get("/nothing")
    assert (await control.get("/requests")).json() == {
        "total": 3,
        "by_path": {"github GET /user": 2, "github GET /nothing": 1},
        "by_status": {"200": 1, "304": 1, "404": 1},
        "not_modified": 1,
    }
    await control.delete("/requests")
    assert (await control.get("/requests")).json()["total"] == 0


@pytest.mark.parametrize(
    "deed",
    [
        {"op": "set_labels", "number": 1, "labels": ["bug"]},
        {"op": "assign", "number": 1, "assignees": ["mna"]},
        {"op": "comment", "number": 1, "body": "Hello"},
        {"op": "web_edit", "number": 1, "body": "a\nb"},
        {"op": "close", "number": 1},
        {"op": "reopen", "number": 1},
        {"op": "open_issue", "title": "New"},
        {"op": "open_pull", "title": "New", "files": ["a.go"]},
        {"op": "merge", "number": 2, "by": "mna"},
        {"op": "review", "number": 2, "by": "georgekarrv"},
        {"op": "push", "number": 2},
        {"op": "ci", "number": 2, "name": "test-go"},
        {"op": "freeze", "unblocked": [2]},
        {"op": "unfreeze"},
        {"op": "merge_freeze", "lists_unblocked": False},
    ],
    ids=lambda deed: deed["op"],
)
async def test_deeds(control: httpx.AsyncClient, world: World, deed: dict[str, Any]) -> None:
    world.repo().open_issue("Bug", by="mna")
    world.repo().open_pull("Mend it", by="mna")
    assert (await control.post("/world", json=deed)).json() == {"done": True}


async def test_deeds_have_effect(control: httpx.AsyncClient, world: World) -> None:
    issue = world.repo().open_issue("Bug", "one", by="mna")
    pull = world.repo().open_pull("Mend it", by="mna")
    pull.start_check("test-go")
    await control.post("/world", json={"op": "web_edit", "number": 1, "body": "one\ntwo", "by": "xpkoala"})
    await control.post("/world", json={"op": "ci", "number": 2, "conclusion": "success"})
    await control.post("/world", json={"op": "freeze", "by": "lukeheath", "note": "now"})
    assert issue.body == "one\r\ntwo"
    assert issue.edits[-1].editor.login == "xpkoala"
    assert pull.head.checks[0].conclusion == "success"
    assert world.merge_freeze.branch().frozen_by == "lukeheath"


@pytest.mark.parametrize(
    ("address", "request_body"),
    [
        ("/world", {"op": "dance"}),
        ("/world", {"op": "close", "number": 404}),
        ("/world", {"op": "comment", "number": 1}),
        ("/world", {"op": "merge_freeze", "token": "x"}),
        ("/faults", {"kind": "gremlin"}),
        ("/faults", {"status": 500}),
        ("/latency", {}),
    ],
)
async def test_nonsense_is_refused(control: httpx.AsyncClient, address: str, request_body: dict[str, Any]) -> None:
    response = await control.post(address, json=request_body)
    assert response.status_code == 400
    assert response.json()["error"]


async def test_the_world_tells_its_time(control: httpx.AsyncClient) -> None:
    assert (await control.get("/world")).json() == {"now": "2026-11-19T20:00:00+00:00", "release_at": None}
