"""Changes through GitHub's REST API, and who may make them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Repository, Token, World
from tests.simulator.support import client, github_client

ISSUES = "/repos/fleetdm/fleet/issues"
PULLS = "/repos/fleetdm/fleet/pulls"


def names(response: httpx.Response) -> list[str]:
    return [label["name"] for label in response.json()]


async def test_labels_are_added_and_removed_one_by_one(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_issue("Bug", by="mna", labels=["bug", ":reproduce"])
    assert names(await github.post(f"{ISSUES}/1/labels", json={"labels": ["#g-mdm", "bug"]})) == [
        "bug",
        ":reproduce",
        "#g-mdm",
    ]
    assert names(await github.post(f"{ISSUES}/1/labels", json=[":release"]))[-1] == ":release"
    assert names(await github.delete(f"{ISSUES}/1/labels/%23g-mdm")) == ["bug", ":reproduce", ":release"]
    assert (await github.delete(f"{ISSUES}/1/labels/%23g-mdm")).status_code == 404
    assert (await github.post(f"{ISSUES}/1/labels", json={"labels": [1]})).status_code == 422


async def test_editing_the_labels_replaces_them(github: httpx.AsyncClient, world: World, repo: Repository) -> None:
    issue = repo.open_issue("Bug", by="mna", labels=["bug", ":reproduce"])
    await github.patch(f"{ISSUES}/1", json={"labels": ["bug", ":release"]})
    assert issue.label_names == ["bug", ":release"]
    assert [event.kind for event in issue.events] == ["labeled", "labeled", "unlabeled", "labeled"]


async def test_without_push_access_extras_are_dropped_without_a_word(simulator: Simulator, repo: Repository) -> None:
    repo.add_milestone("4.45.0-tentative", by="lukeheath")
    extras = {"labels": ["bug"], "assignees": ["mna"], "milestone": 1}
    async with github_client(simulator, "sim-lucasmrod-readonly") as client:
        created = await client.post(ISSUES, json={"title": "Bug"} | extras)
        edited = await client.patch(f"{ISSUES}/1", json=extras)
        refused = await client.post(f"{ISSUES}/1/labels", json={"labels": ["bug"]})
    assert created.status_code == 201
    assert edited.status_code == 200
    for issue in (created.json(), edited.json()):
        assert (issue["labels"], issue["assignees"], issue["milestone"]) == ([], [], None)
    assert refused.status_code == 403
    assert refused.headers["x-accepted-github-permissions"] == "issues=write"


async def test_a_token_that_may_only_read(simulator: Simulator, world: World, repo: Repository) -> None:
    repo.open_issue("Bug", by="mna")
    world.tokens["fine-grained"] = Token("mna", push=False, write=False)
    for token in ("sim-lucasmrod-nowrite", "fine-grained"):
        async with github_client(simulator, token) as client:
            assert (await client.get(f"{ISSUES}/1")).status_code == 200
            assert (await client.post(f"{ISSUES}/1/comments", json={"body": "Hi"})).status_code == 403


async def test_bad_and_no_credentials(simulator: Simulator) -> None:
    async with github_client(simulator, "sim-bad") as impostor:
        bad = await impostor.get("/user")
    async with client(f"{simulator.url}/github") as stranger:
        anonymous = await stranger.get("/repos/fleetdm/fleet")
        nobody = await stranger.get("/user")
        agentless = await stranger.get("/repos/fleetdm/fleet", headers={"User-Agent": ""})
    assert (bad.status_code, bad.json()["message"]) == (401, "Bad credentials")
    assert (anonymous.status_code, anonymous.headers["x-ratelimit-limit"]) == (200, "60")
    assert nobody.status_code == 401
    assert agentless.status_code == 403


async def test_somebody_elses_issue_needs_push_access(simulator: Simulator, repo: Repository) -> None:
    repo.open_issue("Bug", by="mna")
    repo.open_issue("Mine", by="tux4ops")
    async with github_client(simulator, "sim-tux4ops") as client:
        assert (await client.patch(f"{ISSUES}/1", json={"body": "x"})).status_code == 403
        assert (await client.patch(f"{ISSUES}/2", json={"body": "x"})).status_code == 200


async def test_a_body_can_be_too_long(github: httpx.AsyncClient, repo: Repository) -> None:
    issue = repo.open_issue("Release QA", "short", by="mna")
    refused = await github.patch(f"{ISSUES}/1", json={"body": "x" * 65_537})
    assert refused.status_code == 422
    assert "body is too long" in refused.json()["errors"][0]["message"]
    assert issue.body == "short"
    assert (await github.patch(f"{ISSUES}/1", json={"body": "x" * 65_536})).status_code == 200


async def test_an_edit_keeps_every_character_and_is_remembered(
    github: httpx.AsyncClient, repo: Repository, clock: FixedClock
) -> None:
    issue = repo.open_issue("Release QA", "a\nb \r\n\n", by="mna")
    clock.advance(minutes=1)
    await github.patch(f"{ISSUES}/1", json={"body": "a\nb \r\n\nc"})
    issue.web_edit("a\nd", by="xpkoala")
    assert (await github.get(f"{ISSUES}/1")).json()["body"] == "a\r\nd"
    assert [(edit.editor.login, edit.body) for edit in issue.edits] == [
        ("mna", "a\nb \r\n\n"),
        ("lucasmrod", "a\nb \r\n\nc"),
        ("xpkoala", "a\r\nd"),
    ]


async def test_comments_assignees_state_and_title(github: httpx.AsyncClient, repo: Repository) -> None:
    issue = repo.open_issue("Bug", by="mna")
    comment = await github.post(f"{ISSUES}/1/comments", json={"body": "Seen"})
    assert (comment.status_code, comment.json()["user"]["login"]) == (201, "lucasmrod")
    assert [one["body"] for one in (await github.get(f"{ISSUES}/1/comments")).json()] == ["Seen"]
    assigned = await github.post(f"{ISSUES}/1/assignees", json={"assignees": ["mna", "stranger"]})
    assert [user["login"] for user in assigned.json()["assignees"]] == ["mna"]
    assert (await github.patch(f"{ISSUES}/1", json={"assignees": ["stranger"]})).status_code == 422
    await github.request("DELETE", f"{ISSUES}/1/assignees", json={"assignees": ["mna"]})
    assert issue.assignees == []
    await github.patch(f"{ISSUES}/1", json={"state": "closed", "state_reason": "not_planned", "title": "No bug"})
    closed = (await github.get(f"{ISSUES}/1")).json()
    assert (closed["state"], closed["state_reason"], closed["title"]) == ("closed", "not_planned", "No bug")
    assert (await github.patch(f"{ISSUES}/1", json={"state": "open"})).json()["closed_at"] is None


async def test_a_locked_conversation(simulator: Simulator, repo: Repository) -> None:
    repo.open_issue("Heated", by="mna").lock(by="mna")
    async with github_client(simulator, "sim-tux4ops") as client:
        refused = await client.post(f"{ISSUES}/1/comments", json={"body": "But"})
        assert (await client.patch(f"{ISSUES}/1", json={"body": "But"})).status_code == 403
    assert (refused.status_code, "locked" in refused.json()["message"]) == (403, True)


async def test_milestones(github: httpx.AsyncClient, repo: Repository) -> None:
    address = "/repos/fleetdm/fleet/milestones"
    due = "2026-11-30T08:00:00Z"
    created = await github.post(address, json={"title": "4.45.0-tentative", "due_on": due})
    assert (created.status_code, created.json()["due_on"]) == (201, due)
    assert (await github.post(address, json={"title": "4.45.0-tentative"})).status_code == 422
    issue = repo.open_issue("Story", by="mna")
    assert (await github.patch(f"{ISSUES}/1", json={"milestone": 1})).json()["milestone"]["number"] == 1
    assert issue.milestone is repo.milestones[1]
    assert (await github.patch(f"{ISSUES}/1", json={"milestone": 7})).status_code == 422
    edited = await github.patch(f"{address}/1", json={"title": "4.45.0", "state": "closed"})
    assert (edited.json()["title"], edited.json()["open_issues"]) == ("4.45.0", 1)
    assert (await github.get(address)).json() == []
    assert (await github.get(f"{address}/9")).status_code == 404


async def test_merging(github: httpx.AsyncClient, world: World, repo: Repository) -> None:
    bug = repo.open_issue("Bug", by="mna")
    pull = repo.open_pull("Mend it", "Fixes #1", by="mna", files=["a.go"])
    draft = repo.open_pull("Later", by="mna", draft=True)
    branch = world.merge_freeze.branch()
    world.merge_freeze.freeze(branch, by="lukeheath")
    assert (await github.put(f"{PULLS}/2/merge", json={})).status_code == 405
    world.merge_freeze.freeze(branch, by="lukeheath", unblocked=[2, 3])
    assert (await github.put(f"{PULLS}/2/merge", json={"sha": "0" * 40})).status_code == 409
    assert (await github.put(f"{PULLS}/2/merge", json={"sha": pull.head.sha})).json()["merged"] is True
    assert (await github.put(f"{PULLS}/3/merge", json={})).status_code == 405
    assert (bug.state, pull.merged, draft.state) == ("closed", True, "open")
    assert (await github.get(f"{PULLS}/2")).json()["merged_by"]["login"] == "lucasmrod"


async def test_reviews_files_and_reports(github: httpx.AsyncClient, repo: Repository) -> None:
    pull = repo.open_pull("Mend it", by="mna", files=["a.go", "b.go"])
    assert (await github.post(f"{PULLS}/1/reviews", json={"event": "APPROVE"})).json()["state"] == "APPROVED"
    own = await github.post(f"{PULLS}/1/reviews", json={"event": "APPROVE"}, headers={"Authorization": "token sim-mna"})
    assert own.status_code == 422
    assert [review["user"]["login"] for review in (await github.get(f"{PULLS}/1/reviews")).json()] == ["lucasmrod"]
    assert [file["filename"] for file in (await github.get(f"{PULLS}/1/files")).json()] == ["a.go", "b.go"]
    pull.start_check("test-go")
    commit = f"/repos/fleetdm/fleet/commits/{pull.head.sha}"
    assert (await github.get(f"{commit}/check-runs")).json()["check_runs"][0]["status"] == "in_progress"
    pull.finish_check("test-go", "failure")
    assert (await github.get(f"{commit}/check-runs")).json()["check_runs"][0]["conclusion"] == "failure"
    status = (await github.get(f"{commit}/status")).json()
    assert [(one["context"], one["state"]) for one in status["statuses"]] == [("mergefreeze", "success")]


@pytest.mark.parametrize("body", ["{", "[1]"])
async def test_nonsense_is_refused(github: httpx.AsyncClient, body: str) -> None:
    assert (await github.post(ISSUES, content=body)).status_code == 400


def test_updated_at_moves_when_github_moves_it(repo: Repository, clock: FixedClock) -> None:
    opened = clock()
    issue, pull = repo.open_issue("Bug", by="mna"), repo.open_pull("Mend it", by="mna")
    clock.advance(hours=1)
    repo.open_issue("Another", "Like #1 and #2", by="mna")
    pull.start_check("test-go")
    pull.finish_check("test-go", "success")
    pull.set_status("mergefreeze", "failure")
    assert {issue.updated_at, pull.updated_at} == {opened}
    issue.add_labels("bug", by="mna")
    pull.review("APPROVED", by="lucasmrod")
    assert {issue.updated_at, pull.updated_at} == {opened + timedelta(hours=1)}
    clock.advance(hours=1)
    issue.add_labels("bug", by="mna")
    assert issue.updated_at == opened + timedelta(hours=1)
