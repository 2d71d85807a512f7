"""Writes to pull requests: a review asked for, an approval, a merge of exactly what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services.github_pull_writes import Method, approve, merge, request_review
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http_problems import LOOK
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import PullRequest, Token, World
from tests.helpers import GITHUB_TOKEN, answer, server

NUMBER = 7
PUSHED = f"Somebody pushed to #{NUMBER} since you looked at it. Look at the change, then do it again."


@pytest.fixture
def change(world: World) -> PullRequest:
    return world.repo().open_pull("A change", by="outsider", number=NUMBER)


@pytest.fixture
def there(world: World, change: PullRequest) -> Iterator[SimulatorThread]:
    with SimulatorThread(world) as running:
        yield running


def connect(url: str) -> GitHubWriter:
    return GitHubWriter(url, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0)


@pytest.fixture
def writer(there: SimulatorThread) -> GitHubWriter:
    return connect(f"{there.url}/github")


async def problem_of(writer: GitHubWriter, write: Callable[[Any], object]) -> Problem:
    with pytest.raises(Failure) as caught:
        await writer.do(write)
    return caught.value.problem


def writes(there: SimulatorThread) -> list[str]:
    return there.call(lambda: [f"{entry.method} {entry.status}" for entry in there.requests if entry.method != "GET"])


def ask(login: str = "mna") -> Callable[[Any], None]:
    return lambda repository: request_review(repository, NUMBER, login)


def merging(head: str, method: Method = "squash") -> Callable[[Any], None]:
    return lambda repository: merge(repository, NUMBER, head, method)


# A review asked for --------------------------------------------------------------------------------------------------


async def test_a_reviewer_is_asked_beside_the_others(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    there.call(lambda: change.request_review("getvictor"))
    await writer.do(ask("MNA"))
    assert there.call(lambda: [user.login for user in change.requested]) == ["getvictor", "mna"]
    assert writes(there) == ["POST 201"]


@pytest.mark.parametrize("login", ["outsider", "nobody"])
async def test_who_cannot_review_is_refused_in_githubs_words(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest, login: str
) -> None:
    problem = await problem_of(writer, ask(login))
    assert problem.cause is Cause.REFUSED
    assert problem.sentence.startswith("GitHub refused: Review")
    assert there.call(lambda: change.requested) == []


@pytest.mark.parametrize(("arrived", "written"), [(True, True), (False, False)])
async def test_a_lost_answer_is_looked_for(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest, arrived: bool, written: bool
) -> None:
    there.call(lambda: there.faults.add("drop", method="POST", times=1, after=arrived))
    if written:
        await writer.do(ask())
    else:
        assert (await problem_of(writer, ask())).text == f"The connection to GitHub broke off. {LOOK}"
    assert there.call(lambda: len(change.requested)) == written
    assert len(writes(there)) == 1


# An approval ---------------------------------------------------------------------------------------------------------


async def test_the_commit_that_was_looked_at_is_approved(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    url = await writer.do(lambda repository: approve(repository, NUMBER, change.head.sha, "Lovely."))
    (review,) = there.call(lambda: change.reviews)
    assert (review.author.login, review.state, review.body, review.commit) == (
        "mna", "APPROVED", "Lovely.", change.head.sha,
    )  # fmt: skip
    assert url == f"https://github.com/fleetdm/fleet/pull/7#pullrequestreview-{review.id}"


async def test_what_was_pushed_since_is_not_approved(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    seen = change.head.sha
    there.call(change.push)
    problem = await problem_of(writer, lambda repository: approve(repository, NUMBER, seen))
    assert (problem.cause, problem.text) == (Cause.REFUSED, PUSHED)
    assert writes(there) == []


async def test_ones_own_change_cannot_be_approved(there: SimulatorThread, writer: GitHubWriter, world: World) -> None:
    there.call(lambda: world.tokens.update({GITHUB_TOKEN: Token("outsider")}))
    head = world.pull(NUMBER).head.sha
    problem = await problem_of(writer, lambda repository: approve(repository, NUMBER, head))
    assert problem.cause is Cause.REFUSED


async def test_a_lost_approval_is_not_given_again(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    there.call(lambda: there.faults.add("status", method="POST", after=True))
    head = change.head.sha
    problem = await problem_of(writer, lambda repository: approve(repository, NUMBER, head))
    assert (problem.cause, problem.remedy) == (Cause.SERVER, LOOK)
    assert there.call(lambda: len(change.reviews)) == 1


# A merge -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["squash", "merge", "rebase"])
async def test_it_is_merged_as_the_settings_say(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest, method: Method
) -> None:
    await writer.do(merging(change.head.sha, method))
    (entry,) = there.call(lambda: there.requests.select("github", "PUT"))
    assert f'"merge_method": "{method}"' in entry.body
    assert change.merged
    assert change.merged_by is not None
    assert change.merged_by.login == "mna"


async def test_a_push_in_between_refuses(there: SimulatorThread, writer: GitHubWriter, change: PullRequest) -> None:
    seen = change.head.sha
    there.call(change.push)
    problem = await problem_of(writer, merging(seen))
    assert (problem.cause, problem.text) == (Cause.REFUSED, PUSHED)
    assert not change.merged
    assert writes(there) == ["PUT 409"]


async def test_a_frozen_branch_refuses(there: SimulatorThread, writer: GitHubWriter, change: PullRequest) -> None:
    freeze = there.world.merge_freeze
    there.call(lambda: freeze.freeze(freeze.branch(), by="mna"))
    problem = await problem_of(writer, merging(change.head.sha))
    assert problem.sentence == 'GitHub refused: Required status check "mergefreeze" is failing.'
    assert not change.merged


async def test_a_token_without_the_right_is_told_what_it_needs(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("mna", push=False)}))
    assert (await problem_of(writer, merging(change.head.sha))).remedy == "It needs: contents=write."


@pytest.mark.parametrize("fault", ["drop", "status", "not_json", "empty", "wrong_shape"])
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_merge_whose_answer_is_lost_is_looked_for_and_not_repeated(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest, fault: str, arrived: bool
) -> None:
    there.call(lambda: there.faults.add(fault, method="PUT", times=1, after=arrived))
    if arrived:
        await writer.do(merging(change.head.sha))
    else:
        assert (await problem_of(writer, merging(change.head.sha))).remedy == LOOK
    assert change.merged is arrived
    assert len(writes(there)) == 1


async def test_when_nothing_can_be_seen_the_first_error_stands(
    there: SimulatorThread, writer: GitHubWriter, change: PullRequest
) -> None:
    there.call(lambda: there.faults.add("drop", method="PUT", after=True))
    there.call(lambda: there.faults.add("status", method="GET"))
    problem = await problem_of(writer, merging(change.head.sha))
    assert (problem.cause, problem.remedy) == (Cause.OFFLINE, LOOK)
    assert change.merged


# Answers that no sane service gives ----------------------------------------------------------------------------------

BARE = b'{"number": 7, "head": {"sha": "abc"}}'


@pytest.mark.parametrize(
    ("body", "write", "sentence"),
    [
        (BARE, partial(request_review, login="mna"), "GitHub took the request but does not ask mna to review #7."),
        (b'{"merged": false}', partial(merge, head="abc", method="squash"),
         "GitHub took the request but did not merge #7."),
        (BARE[:-1] + b', "state": "PENDING", "html_url": "u"}', partial(approve, head="abc"),
         "GitHub took the review of #7 but not as an approval."),
    ],
    ids=["review", "merge", "approval"],
)  # fmt: skip
async def test_an_answer_that_says_otherwise_is_believed(
    body: bytes, write: Callable[..., object], sentence: str
) -> None:
    with server(answer(body)) as (url, _):
        problem = await problem_of(connect(url), lambda repository: write(repository, number=NUMBER))
    assert (problem.cause, problem.sentence) == (Cause.REFUSED, sentence)
