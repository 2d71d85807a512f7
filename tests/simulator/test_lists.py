"""Lists: pages, filters, conditional requests."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Repository, World

ISSUES = "/repos/fleetdm/fleet/issues"


def numbers(response: httpx.Response) -> list[int]:
    return [issue["number"] for issue in response.json()]


@pytest.fixture
def issues(repo: Repository) -> Repository:
    """Seven issues."""
    for number in range(1, 8):
        repo.open_issue(f"Issue {number}", by="mna", labels=["bug"])
    return repo


@pytest.mark.usefixtures("issues")
async def test_pages_are_linked(github: httpx.AsyncClient) -> None:
    first = await github.get(ISSUES, params={"per_page": 3})
    assert numbers(first) == [7, 6, 5]
    assert set(first.links) == {"next", "last"}

    second = await github.get(first.links["next"]["url"])
    assert numbers(second) == [4, 3, 2]
    assert set(second.links) == {"prev", "next", "last", "first"}

    last = await github.get(first.links["last"]["url"])
    assert numbers(last) == [1]
    assert set(last.links) == {"prev", "first"}


@pytest.mark.usefixtures("issues")
async def test_a_list_that_fits_has_no_links(github: httpx.AsyncClient) -> None:
    assert "link" not in (await github.get(ISSUES)).headers


async def test_more_than_a_hundred_a_page_are_not_given(github: httpx.AsyncClient, repo: Repository) -> None:
    for _ in range(101):
        repo.open_issue("Again", by="mna")
    assert len((await github.get(ISSUES, params={"per_page": 500})).json()) == 100


@pytest.mark.usefixtures("issues")
async def test_what_has_not_changed_costs_nothing(github: httpx.AsyncClient, world: World) -> None:
    first = await github.get(ISSUES)
    etag = {"If-None-Match": first.headers["etag"]}

    again = await github.get(ISSUES, headers=etag)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]

    world.issue(3).comment("Me too", by="tux4ops")
    changed = await github.get(ISSUES, headers=etag)
    assert changed.status_code == 200
    assert int(changed.headers["x-ratelimit-remaining"]) == int(first.headers["x-ratelimit-remaining"]) - 1


@pytest.mark.usefixtures("issues")
async def test_the_etag_depends_on_token_and_address(github: httpx.AsyncClient) -> None:
    mine = await github.get(ISSUES)
    theirs = await github.get(ISSUES, headers={"Authorization": "token sim-mna"})
    page = await github.get(ISSUES, params={"page": 1})
    assert mine.json() == theirs.json() == page.json()
    assert len({response.headers["etag"] for response in (mine, theirs, page)}) == 3


@pytest.mark.usefixtures("issues")
async def test_since_is_about_the_last_change(github: httpx.AsyncClient, world: World, clock: FixedClock) -> None:
    clock.advance(minutes=5)
    world.issue(2).add_labels("P1", by="mna")
    since = (clock() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert numbers(await github.get(ISSUES, params={"since": since})) == [2]


async def test_several_labels_mean_all_of_them(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_issue("Both", by="mna", labels=["bug", ":release"])
    repo.open_issue("One", by="mna", labels=["bug"])
    assert numbers(await github.get(ISSUES, params={"labels": "BUG,:release"})) == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "closed"}, [2]),
        ({"state": "all", "direction": "asc"}, [1, 2, 3]),
        ({"state": "all", "milestone": "1"}, [1]),
        ({"state": "all", "milestone": "*"}, [1]),
        ({"state": "all", "milestone": "none"}, [3, 2]),
        ({"state": "all", "assignee": "getvictor"}, [2]),
        ({"state": "all", "assignee": "none"}, [3, 1]),
        ({"creator": "tux4ops"}, [3]),
    ],
)
async def test_filters(github: httpx.AsyncClient, repo: Repository, query: dict[str, str], found: list[int]) -> None:
    repo.open_issue("In a milestone", by="mna", milestone=repo.add_milestone("4.45.0-tentative", by="lukeheath"))
    repo.open_issue("Closed", by="mna", assignees=["getvictor"]).close(by="mna")
    repo.open_pull("Pull requests are in the list", by="tux4ops")
    assert numbers(await github.get(ISSUES, params=query)) == found


async def test_pull_requests_are_marked(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_pull("A change", by="mna", files=["go.mod"])
    (issue,) = (await github.get(ISSUES)).json()
    assert issue["pull_request"]["url"].endswith("/repos/fleetdm/fleet/pulls/1")


@pytest.mark.parametrize("query", [{"state": "open?"}, {"sort": "size"}, {"milestone": "next"}, {"since": "monday"}])
async def test_wrong_filters_are_refused(github: httpx.AsyncClient, query: dict[str, str]) -> None:
    response = await github.get(ISSUES, params=query)
    assert response.status_code == 422
    assert response.json()["message"] == "Validation Failed"


async def test_pulls_by_base(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_pull("On main", by="mna")
    repo.open_pull("On a patch", by="mna", base="patch-fleet-v4.44.1")
    assert numbers(await github.get("/repos/fleetdm/fleet/pulls", params={"base": "main"})) == [1]


async def test_errors_look_like_those_of_github(github: httpx.AsyncClient, simulator: Simulator) -> None:
    response = await github.get(f"{ISSUES}/99")
    assert response.status_code == 404
    assert response.json().keys() == {"message", "documentation_url", "status"}
    assert {"x-github-request-id", "x-ratelimit-reset", "date"} <= response.headers.keys()
    assert (await github.get("/no/such/address")).status_code == 404
    assert [entry.status for entry in simulator.requests] == [404, 404]


async def test_deleted_transferred_and_renamed(github: httpx.AsyncClient, world: World, repo: Repository) -> None:
    for _ in range(2):
        repo.open_issue("Here", by="mna")
    repo.delete(1)
    repo.transfer(2, world.add_repo("fleetdm/confidential"))
    assert (await github.get(f"{ISSUES}/1")).status_code == 410
    moved = await github.get(f"{ISSUES}/2")
    assert moved.status_code == 301
    assert moved.headers["location"].endswith("/github/repos/fleetdm/confidential/issues/1")
    assert (await github.get(moved.headers["location"])).json()["title"] == "Here"

    world.rename_repo("fleetdm/fleet", "fleetdm/fleet2")
    assert (await github.get(ISSUES)).headers["location"].endswith("/github/repos/fleetdm/fleet2/issues")
    assert (await github.post(ISSUES, json={"title": "New"})).status_code == 307


async def test_files_are_served_raw_and_encoded(github: httpx.AsyncClient) -> None:
    address = "/repos/fleetdm/fleet/contents/.github/ISSUE_TEMPLATE"
    raw = await github.get(f"{address}/bug-report.md", headers={"Accept": "application/vnd.github.raw+json"})
    assert raw.text.startswith("---\nname:")
    assert (await github.get(f"{address}/bug-report.md")).json()["encoding"] == "base64"
    names = [entry["name"] for entry in (await github.get(address)).json()]
    assert names == ["bug-report.md", "release-qa.md", "story.md"]


async def test_accounts_tags_and_the_timeline(github: httpx.AsyncClient, repo: Repository) -> None:
    issue = repo.open_issue("Broken", by="tux4ops", labels=["bug"])
    issue.assign("xpkoala", by="xpkoala")
    repo.open_pull("Mend it", "Fixes #1", by="mna")
    timeline = (await github.get(f"{ISSUES}/1/timeline")).json()
    assert [entry["event"] for entry in timeline] == ["labeled", "assigned", "cross-referenced"]
    assert timeline[-1]["source"]["issue"]["number"] == 2
    assert [entry["event"] for entry in (await github.get(f"{ISSUES}/1/events")).json()] == ["labeled", "assigned"]
    assert (await github.get("/user")).json()["login"] == "lucasmrod"
    assert (await github.get("/users/mna")).json()["type"] == "User"
    assert len((await github.get("/orgs/fleetdm/members", params={"per_page": 2})).json()) == 2
    assert (await github.get("/repos/fleetdm/fleet")).json()["permissions"]["push"] is True
    tags = (await github.get("/repos/fleetdm/fleet/git/matching-refs/tags/orbit-v")).json()
    assert [tag["ref"] for tag in tags] == ["refs/tags/orbit-v1.21.0", "refs/tags/orbit-v1.22.0"]


async def test_the_timeline_of_a_pull_request(github: httpx.AsyncClient, repo: Repository, clock: FixedClock) -> None:
    pull = repo.open_pull("Mend it", by="mna", draft=True)
    milestone = repo.add_milestone("4.45.0-tentative", by="lukeheath")
    clock.advance(minutes=1)
    pull.ready(by="mna")
    pull.rename("Mend it well", by="mna")
    pull.set_milestone(milestone, by="mna")
    clock.advance(minutes=1)
    pull.review("APPROVED", by="getvictor")
    timeline = (await github.get(f"{ISSUES}/1/timeline")).json()
    assert [entry["event"] for entry in timeline] == ["ready_for_review", "renamed", "milestoned", "reviewed"]
    assert timeline[1]["rename"] == {"from": "Mend it", "to": "Mend it well"}
    assert timeline[2]["milestone"] == {"title": "4.45.0-tentative"}


async def test_labels_are_listed(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_issue("Bug", by="mna", labels=["bug", "#g-mdm"])
    assert [label["name"] for label in (await github.get(f"{ISSUES}/1/labels")).json()] == ["bug", "#g-mdm"]
    assert {"bug", "~release blocker"} <= {
        label["name"] for label in (await github.get("/repos/fleetdm/fleet/labels", params={"per_page": 100})).json()
    }
