"""GitHub's GraphQL API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fleet_tui.simulator.github.graphql import snake
from fleet_tui.simulator.world import FixedClock, Repository

PULLS = """
query ($after: String) {
  viewer { login }
  repository(owner: "fleetdm", name: "fleet") {
    pullRequests(states: [OPEN], baseRefName: "main", first: 2, after: $after,
                 orderBy: {field: CREATED_AT, direction: ASC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id number title isDraft state merged author { __typename login } headRefOid reviewDecision
        labels(first: 10) { nodes { name } }
        latestOpinionatedReviews(first: 10) { nodes { author { login } state } }
        comments(last: 1) { nodes { body } }
        files(first: 100) { totalCount nodes { path } }
        closingIssuesReferences(first: 10) { nodes { number labels(first: 10) { nodes { name } } } }
        commits(last: 1) { nodes { commit { oid statusCheckRollup { state contexts(first: 50) { nodes {
          __typename
          ... on CheckRun { name status conclusion }
          ... on StatusContext { context state description }
        } } } } } }
      }
    }
  }
}
"""
ISSUE = """
query ($number: Int!) {
  repository(owner: "fleetdm", name: "fleet") {
    issue(number: $number) {
      state lastEditedAt editor { login } assignees(first: 5) { nodes { login } }
      userContentEdits(first: 10) { nodes { editor { login } editedAt diff } }
      closedByPullRequestsReferences(first: 5, includeClosedPrs: true) { nodes { number merged } }
      timelineItems(first: 50, itemTypes: [CROSS_REFERENCED_EVENT, LABELED_EVENT, CLOSED_EVENT]) { nodes {
        __typename
        ... on CrossReferencedEvent { willCloseTarget source { ... on PullRequest { number merged state } } }
        ... on LabeledEvent { actor { login } label { name } }
      } }
    }
  }
}
"""


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200
    return response.json()


async def test_pull_requests_in_pages(github: httpx.AsyncClient, repo: Repository) -> None:
    repo.open_issue("Bug", by="mna", labels=["bug"])
    pull = repo.open_pull("Mend it", "Fixes #1", by="mna", files=["a.go"], labels=["#g-mdm"])
    pull.review("CHANGES_REQUESTED", by="getvictor")
    pull.review("APPROVED", by="getvictor")
    pull.review("COMMENTED", by="getvictor")
    pull.comment("First", by="mna")
    pull.comment("Last", by="mna")
    pull.start_check("test-go")
    repo.open_pull("Bump", by="dependabot")
    repo.open_pull("Third", by="mna")
    answer = (await ask(github, PULLS))["data"]
    assert answer["viewer"] == {"login": "lucasmrod"}
    page = answer["repository"]["pullRequests"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    first, second = page["nodes"]
    assert first["id"] == pull.node_id
    assert first["reviewDecision"] == "APPROVED"
    assert [review["state"] for review in first["latestOpinionatedReviews"]["nodes"]] == ["APPROVED"]
    assert first["comments"]["nodes"] == [{"body": "Last"}]
    assert first["files"] == {"totalCount": 1, "nodes": [{"path": "a.go"}]}
    assert first["closingIssuesReferences"]["nodes"] == [{"number": 1, "labels": {"nodes": [{"name": "bug"}]}}]
    rollup = first["commits"]["nodes"][0]["commit"]["statusCheckRollup"]
    assert rollup["state"] == "PENDING"
    assert [context["__typename"] for context in rollup["contexts"]["nodes"]] == ["CheckRun", "StatusContext"]
    assert second["author"] == {"__typename": "Bot", "login": "dependabot"}
    rest = (await ask(github, PULLS, after=page["pageInfo"]["endCursor"]))["data"]["repository"]["pullRequests"]
    assert [node["title"] for node in rest["nodes"]] == ["Third"]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_an_issue_with_its_history(github: httpx.AsyncClient, repo: Repository, clock: FixedClock) -> None:
    issue = repo.open_issue("Story", "old", by="noahtalerman", labels=["story"])
    repo.open_pull("Build it", "Closes #1", by="mna").merge(by="mna")
    clock.advance(minutes=1)
    issue.edit("new", by="xpkoala")
    shown = (await ask(github, ISSUE, number=1))["data"]["repository"]["issue"]
    assert (shown["state"], shown["editor"]) == ("CLOSED", {"login": "xpkoala"})
    assert [edit["diff"] for edit in shown["userContentEdits"]["nodes"]] == ["new", "old"]
    assert shown["closedByPullRequestsReferences"]["nodes"] == [{"number": 2, "merged": True}]
    assert shown["timelineItems"]["nodes"] == [
        {"__typename": "LabeledEvent", "actor": {"login": "noahtalerman"}, "label": {"name": "story"}},
        {
            "__typename": "CrossReferencedEvent",
            "willCloseTarget": True,
            "source": {"number": 2, "merged": True, "state": "MERGED"},
        },
        {"__typename": "ClosedEvent"},
    ]


async def test_milestone_and_nodes(github: httpx.AsyncClient, repo: Repository) -> None:
    milestone = repo.add_milestone("4.45.0-tentative", by="lukeheath")
    issue = repo.open_issue("Story", by="mna", milestone=milestone)
    query = """query ($id: ID!) {
      nodes(ids: [$id, "I_none"]) { ... on Issue { number } }
      repository(owner: "fleetdm", name: "fleet") {
        issueOrPullRequest(number: 1) { __typename }
        milestone(number: 1) { title dueOn issues(first: 10, states: [OPEN]) { nodes { number } } }
        milestones(first: 5, states: [OPEN], orderBy: {field: DUE_DATE, direction: ASC}) { nodes { title } }
      } }"""
    answer = await ask(github, query, id=issue.node_id)
    assert answer["data"]["nodes"] == [{"number": 1}, None]
    assert [error["type"] for error in answer["errors"]] == ["NOT_FOUND"]
    found = answer["data"]["repository"]
    assert found["issueOrPullRequest"] == {"__typename": "Issue"}
    assert found["milestone"]["issues"]["nodes"] == [{"number": 1}]
    assert found["milestones"]["nodes"] == [{"title": "4.45.0-tentative"}]


async def test_a_wrong_query_is_refused_as_a_whole(github: httpx.AsyncClient) -> None:
    answer = await ask(github, "{ viewer { login shoeSize } }")
    assert "data" not in answer
    assert "shoeSize" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "data", "kind", "message"),
    [
        (
            '{ repository(owner: "fleetdm", name: "fleet") { name pullRequest(number: 9) { title } } }',
            {"repository": {"name": "fleet", "pullRequest": None}},
            "NOT_FOUND",
            "Could not resolve to a PullRequest with the number of 9.",
        ),
        (
            '{ repository(owner: "fleetdm", name: "nothing") { name } }',
            {"repository": None},
            "NOT_FOUND",
            "Could not resolve to a Repository with the name 'fleetdm/nothing'.",
        ),
    ],
)
async def test_what_is_not_there_is_null_with_an_error(
    github: httpx.AsyncClient, query: str, data: Any, kind: str, message: str
) -> None:
    answer = await ask(github, query)
    assert answer["data"] == data
    assert (answer["errors"][0]["type"], answer["errors"][0]["message"]) == (kind, message)
    assert answer["errors"][0]["path"]


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [("", "MISSING_PAGINATION_BOUNDARIES"), ("(first: 101)", "EXCESSIVE_PAGINATION")],
)
async def test_every_list_needs_bounds(github: httpx.AsyncClient, bounds: str, kind: str) -> None:
    answer = await ask(
        github, f'{{ repository(owner: "fleetdm", name: "fleet") {{ issues{bounds} {{ totalCount }} }} }}'
    )
    assert answer["errors"][0]["type"] == kind


async def test_a_cursor_from_elsewhere_is_refused(github: httpx.AsyncClient) -> None:
    answer = await ask(github, PULLS, after="!")
    assert answer["errors"][0]["type"] == "INVALID_CURSOR_ARGUMENTS"


async def test_only_with_a_token(github: httpx.AsyncClient) -> None:
    del github.headers["Authorization"]
    assert (await github.post("/graphql", json={"query": "{ viewer { login } }"})).status_code == 401


def test_names_in_snake_case() -> None:
    assert [snake(name) for name in ("headRefOid", "id", "closedByPullRequestsReferences")] == [
        "head_ref_oid",
        "id",
        "closed_by_pull_requests_references",
    ]
