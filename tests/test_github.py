"""Reads of GitHub, against the simulator over real HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.releases import Milestone
from fleet_tui.services.github import GitHub, github_service, graphql_base
from fleet_tui.services.http import Http, Limit
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World
from tests.helpers import GITHUB_TOKEN, NOW, answer, moment, server

TITLES = """
query Titles($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { one: issue(number: 1) { title } other: issue(number: $number) { title } }
}
"""


class Titled(msgspec.Struct):
    title: str


class Both(msgspec.Struct):
    one: Titled
    other: Titled | None


class Titles(msgspec.Struct):
    repository: Both


async def titles(github: GitHub, number: int) -> Titles:
    variables = {"owner": github.owner, "name": github.name, "number": number}
    return await github.graphql(TITLES, variables, Titles)


async def problem_of_titles(github: GitHub) -> Problem:
    with pytest.raises(Failure) as caught:
        await titles(github, 1)
    return caught.value.problem


# REST ----------------------------------------------------------------------------------------------------------------


async def test_open_milestones_come_with_their_day(simulator: Simulator, github: GitHub, world: World) -> None:
    repo = world.repo()
    repo.add_milestone("4.69.0", by="mna").state = "closed"
    due = repo.add_milestone("4.70.0-tentative", by="mna", due_on=moment("2025-06-09 07:00"))
    repo.add_milestone("Some\x1b[2J day", by="mna")
    repo.open_issue("A story", by="mna", milestone=due)
    assert await github.milestones() == (
        Milestone(2, "4.70.0-tentative", date(2025, 6, 9), 1, "https://github.com/fleetdm/fleet/milestone/2"),
        Milestone(3, "Some[2J day", None, 0, "https://github.com/fleetdm/fleet/milestone/3"),
    )


async def test_more_than_a_hundred_milestones_are_read(simulator: Simulator, github: GitHub, world: World) -> None:
    for minor in range(101):
        world.repo().add_milestone(f"4.{minor}.0-tentative", by="mna")
    assert len(await github.milestones()) == 101


async def test_the_login_is_that_of_the_token(simulator: Simulator, github: GitHub) -> None:
    assert await github.login() == "mna"


async def test_a_commit_status_is_the_latest_of_its_context(simulator: Simulator, github: GitHub, world: World) -> None:
    pull = world.repo().open_pull("A change", by="mna")
    assert await github.status(pull.head.sha, "ci") is None
    pull.set_status("ci", "pending")
    pull.set_status("lint", "error")
    assert await github.status(pull.head.sha, "ci") == "pending"
    pull.set_status("ci", "success")
    assert await github.status(pull.head.sha, "ci") == "success"
    assert await github.status(pull.head.sha, "mergefreeze") == "success"


async def test_the_status_of_an_unknown_commit_is_a_problem(simulator: Simulator, github: GitHub) -> None:
    with pytest.raises(Failure) as caught:
        await github.status("0" * 40, "ci")
    assert caught.value.problem.cause is Cause.REFUSED


async def test_without_a_token_a_read_is_anonymous(simulator: Simulator, http: Http, settings_there: Config) -> None:
    github = GitHub(http, github_service(settings_there, None), "fleetdm/fleet")
    assert await github.milestones() == ()
    assert [entry.authorized for entry in simulator.requests] == [False]
    assert http.limits["GitHub core"].total == 60


# GraphQL -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com"),
        ("https://api.github.com/", "https://api.github.com"),
        ("https://git.example.com/api/v3", "https://git.example.com/api"),
        ("https://git.example.com/api/v3/", "https://git.example.com/api"),
        ("http://127.0.0.1:8000/github", "http://127.0.0.1:8000/github"),
    ],
)
def test_graphql_stands_beside_rest(rest: str, graphql: str) -> None:
    assert graphql_base(rest) == graphql


async def test_what_is_not_found_is_null_beside_the_rest(simulator: Simulator, github: GitHub, world: World) -> None:
    world.repo().open_issue("One", by="mna")
    assert await titles(github, 404) == Titles(Both(Titled("One"), None))


async def test_a_repository_that_is_not_there_is_missing(
    simulator: Simulator, http: Http, settings_there: Config
) -> None:
    github = GitHub(http, github_service(settings_there, Secret(GITHUB_TOKEN)), "fleetdm/typo")
    problem = await problem_of_titles(github)
    assert problem.cause is Cause.MISSING
    assert problem.sentence == "GitHub does not know what was asked for."
    assert "fleetdm/typo" in problem.detail


async def test_a_limit_that_answers_200_is_a_limit(simulator: Simulator, github: GitHub, world: World) -> None:
    world.repo().open_issue("One", by="mna")
    world.limits.graphql = 1
    await titles(github, 1)
    problem = await problem_of_titles(github)
    assert problem.cause is Cause.LIMITED
    assert problem.retry_at == NOW + timedelta(hours=1)


GRAPHQL_ANSWERS = {
    "forbidden": (b'{"errors": [{"type": "FORBIDDEN", "message": "SSO\\u001b needed"}]}', Cause.PERMISSION),
    "scope": (b'{"errors": [{"type": "INSUFFICIENT_SCOPES", "message": "read:org"}]}', Cause.PERMISSION),
    "bad query": (b'{"errors": [{"message": "Parse error"}]}', Cause.REFUSED),
    "error beside data": (b'{"data": {"repository": null}, "errors": [{"message": "Oops"}]}', Cause.REFUSED),
    "no data": (b'{"data": null}', Cause.UNREADABLE),
    "nothing": (b"{}", Cause.UNREADABLE),
    "data of another shape": (b'{"data": {"repository": 7}}', Cause.UNREADABLE),
    "a list": (b"[]", Cause.UNREADABLE),
}


@pytest.mark.parametrize(("body", "cause"), GRAPHQL_ANSWERS.values(), ids=GRAPHQL_ANSWERS)
async def test_every_answer_of_graphql_has_its_cause(http: Http, body: bytes, cause: Cause) -> None:
    with server(answer(body)) as (url, _):
        problem = await problem_of_titles(GitHub(http, Service("GitHub", url), "fleetdm/fleet"))
    assert (problem.source, problem.cause) == ("GitHub", cause)
    assert "\x1b" not in f"{problem.text} {problem.detail}"


# The allowance -------------------------------------------------------------------------------------------------------


def test_the_allowance_nearest_to_its_end_is_shown() -> None:
    http = Http()
    github = GitHub(http, Service("GitHub", "https://api.github.com"), "fleetdm/fleet")
    assert github.limit is None
    core, graphql = Limit(4000, 5000, NOW), Limit(40, 100, NOW)
    http.limits.update({"GitHub core": core, "GitHub graphql": graphql, "Docker Hub core": Limit(0, 100, NOW)})
    assert github.limit is graphql


@pytest.mark.parametrize(
    ("path", "is_borne"),
    [
        (["repository", "one", "statusCheckRollup"], True),
        (["repository", "one"], False),
        (None, False),
    ],
)
async def test_only_the_checks_of_a_commit_may_be_refused_without_losing_the_answer(
    http: Http, path: list[str] | None, is_borne: bool
) -> None:
    body = {
        "data": {"repository": {"one": {"title": "First"}, "other": None}},
        "errors": [{"type": "FORBIDDEN", "path": path, "message": "Resource not accessible by personal access token"}],
    }
    with server(answer(msgspec.json.encode(body))) as (url, _):
        github = GitHub(http, Service("GitHub", url, Secret(GITHUB_TOKEN)), "fleetdm/fleet")
        if is_borne:
            assert (await titles(github, 2)).repository.one.title == "First"
        else:
            with pytest.raises(Failure) as caught:
                await titles(github, 2)
            assert caught.value.problem.cause is Cause.PERMISSION
