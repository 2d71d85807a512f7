"""Open pull requests: what is read of one, and that keeping them current costs what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.pulls import (
    Block,
    Checks,
    Kind,
    KindJudge,
    LinkedIssue,
    PullRequest,
    Remark,
    ReviewState,
    Word,
)
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_pull_shapes import Context, PullShape
from fleet_tui.services.github_pulls import MOST_CHANGES, PAGE, OpenPulls
from fleet_tui.simulator import world as simulated
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Repository, World
from tests.helpers import NOW, until


@pytest.fixture
def repo(world: World) -> Repository:
    return world.repo()


@pytest.fixture
def open_pulls(github: GitHub, settings_there: Config, clock: FixedClock) -> OpenPulls:
    return OpenPulls(github, settings_there, clock)


def open_some(repo: Repository, count: int, **fields: Any) -> list[simulated.PullRequest]:
    return [repo.open_pull(f"Change {number}", by="getvictor", **fields) for number in range(count)]


async def requests(simulator: Simulator, open_pulls: OpenPulls) -> list[str]:
    """What one read asks for: method, and status of the answer."""
    simulator.requests.clear()
    await open_pulls.read()
    return [f"{entry.method} {entry.status}" for entry in simulator.requests]


async def settle(simulator: Simulator, open_pulls: OpenPulls, clock: FixedClock) -> None:
    """Read until nothing is new."""
    for _ in range(4):
        clock.advance(seconds=45)
        if await requests(simulator, open_pulls) == ["GET 304"]:
            return
    raise AssertionError("the reads do not come to rest")


async def numbers(open_pulls: OpenPulls) -> list[int]:
    return [pull.number for pull in await open_pulls.read()]


async def only(open_pulls: OpenPulls) -> PullRequest:
    (pull,) = await open_pulls.read()
    return pull


# One pull request ----------------------------------------------------------------------------------------------------


async def test_everything_that_the_rules_need_is_read(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    repo.open_issue("A bug", by="mna", labels=["bug", "#g-mdm"], number=7)
    repo.open_issue("Another", by="mna", labels=["P1"], number=8)
    pull = repo.open_pull(
        "Fix \x1b[31mit",
        "Fixes #7, see #8 and #404.",
        by="getvictor",
        files=["server/a.go", "docs/a.md"],
        draft=True,
        labels=["~unreleased bug", "do\x1b[2J\u202ecs"],
        number=9,
    )
    clock.advance(minutes=1)
    pull.review("APPROVED", by="georgekarrv", body="Nice\r\nwork")
    pull.comment("Approved\x07", by="lukeheath")
    pull.review("COMMENTED", by="mna", body="approved?", at=NOW + timedelta(seconds=30))
    pull.start_check("test-go")
    assert await open_pulls.read() == (
        PullRequest(
            number=9,
            title="Fix [31mit",
            author="getvictor",
            url="https://github.com/fleetdm/fleet/pull/9",
            head=pull.head.sha,
            created=NOW,
            updated=NOW + timedelta(minutes=1),
            draft=True,
            labels=frozenset({"~unreleased bug", "do[2Jcs"}),
            issues=(LinkedIssue(7, frozenset({"bug", "#g-mdm"}), closing=True), LinkedIssue(8, frozenset({"P1"}))),
            paths=("server/a.go", "docs/a.md"),
            checks=Checks.RUNNING,
            review=ReviewState.APPROVED,
            block=Block.FREE,
            block_since=NOW,
            remarks=(
                Remark("georgekarrv", "Nice\nwork", NOW + timedelta(minutes=1), approves=True),
                Remark("lukeheath", "Approved", NOW + timedelta(minutes=1)),
            ),
            reviewed=(Word("georgekarrv", NOW + timedelta(minutes=1)), Word("mna", NOW + timedelta(seconds=30))),
            pushed=Word("getvictor", NOW),
        ),
    )


async def test_who_pushed_last_and_when_it_left_draft(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    (pull,) = open_some(repo, 1, draft=True)
    clock.advance(hours=1)
    pull.ready(by="getvictor")
    clock.advance(hours=1)
    pull.push(by="mna")
    found = await only(open_pulls)
    assert (found.readied, found.pushed) == (NOW + timedelta(hours=1), Word("mna", NOW + timedelta(hours=2)))


async def test_a_commit_from_the_future_or_from_nobody_known(repo: Repository, open_pulls: OpenPulls) -> None:
    (pull,) = open_some(repo, 1)
    pull.head.at, pull.head.author = NOW + timedelta(days=400), None
    assert (await only(open_pulls)).pushed == Word("", NOW)


async def test_a_program_is_told_from_a_person(repo: Repository, world: World, open_pulls: OpenPulls) -> None:
    world.add_user("dependabot", bot=True, member=False)
    repo.open_pull("Bump it", by="dependabot")
    repo.open_pull("Mend it", by="getvictor")
    assert [pull.by_bot for pull in await open_pulls.read()] == [True, False]


async def test_pull_requests_against_other_branches_and_closed_ones_are_left_out(
    repo: Repository, open_pulls: OpenPulls
) -> None:
    here, elsewhere, closed, merged = open_some(repo, 4)
    elsewhere.base = "release/4.69"
    closed.close(by="mna")
    merged.merge(by="mna")
    assert await numbers(open_pulls) == [here.number]


async def test_a_dismissed_review_approves_nothing(repo: Repository, open_pulls: OpenPulls) -> None:
    (pull,) = open_some(repo, 1)
    pull.review("APPROVED", by="georgekarrv")
    pull.review("DISMISSED", by="georgekarrv")
    pull.review("APPROVED", by="lukeheath")
    pull.review("CHANGES_REQUESTED", by="lukeheath")
    found = await only(open_pulls)
    assert not any(remark.approves for remark in found.remarks)
    assert found.review is ReviewState.CHANGES


async def test_a_change_of_more_files_than_are_listed_says_so(repo: Repository, open_pulls: OpenPulls) -> None:
    open_some(repo, 1, files=[f"docs/{number}.md" for number in range(101)])
    found = await only(open_pulls)
    assert len(found.paths) == 100
    assert not found.all_paths_known


@pytest.mark.parametrize("path", ["do\u200bcs/evil.go", "docs\x1b/evil.go", "doc\u202es/evil.go"])
async def test_a_path_that_is_not_what_it_looks_like_tells_nothing(
    repo: Repository, open_pulls: OpenPulls, path: str
) -> None:
    open_some(repo, 1, files=[path])
    found = await only(open_pulls)
    assert not found.all_paths_known
    assert found.paths[0].isprintable()
    assert KindJudge(Config()).judge(found).kind is Kind.UNKNOWN


async def test_merge_freeze_blocks_and_unfreezes(
    repo: Repository, open_pulls: OpenPulls, world: World, clock: FixedClock
) -> None:
    free, blocked = open_some(repo, 2)
    clock.advance(minutes=1)
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="mna", unblocked=[free.number])
    first, second = await open_pulls.read()
    assert (first.block, second.block, second.block_since) == (Block.FREE, Block.BLOCKED, NOW + timedelta(minutes=1))
    assert {pull.checks for pull in (first, second)} == {Checks.NONE}
    assert blocked.number == second.number


async def test_without_its_status_nothing_is_known_of_the_block(
    repo: Repository, open_pulls: OpenPulls, world: World
) -> None:
    world.merge_freeze.branches.clear()
    open_some(repo, 1)
    found = await only(open_pulls)
    assert (found.block, found.block_since) == (Block.UNKNOWN, None)


# What it costs -------------------------------------------------------------------------------------------------------


async def test_the_first_read_takes_all_in_pages(simulator: Simulator, repo: Repository, open_pulls: OpenPulls) -> None:
    open_some(repo, 105)
    assert await requests(simulator, open_pulls) == ["POST 200"] * 3
    assert await numbers(open_pulls) == list(range(1, 106))


async def test_an_unchanged_read_costs_one_request_and_no_point(
    simulator: Simulator, repo: Repository, github: GitHub, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    repo.open_issue("A bug", by="mna", labels=["bug"], number=7)
    open_some(repo, 50, body="Related: #7, #404")
    former = await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    left = dict(github.http.limits)
    for _ in range(3):
        clock.advance(seconds=45)
        assert await requests(simulator, open_pulls) == ["GET 304"]
    assert github.http.limits == left
    assert await open_pulls.read() == former


@pytest.mark.parametrize("changed", [1, 5, PAGE])
async def test_a_change_costs_one_request_of_each_kind_however_many_there_are(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock, changed: int
) -> None:
    pulls = open_some(repo, 60)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    clock.advance(seconds=45)
    for pull in pulls[:changed]:
        pull.add_labels("bug", by="mna")
    assert await requests(simulator, open_pulls) == ["GET 200", "POST 200"]
    found = await open_pulls.read()
    assert [pull.labels for pull in found].count(frozenset({"bug"})) == changed
    assert len(found) == 60
    await settle(simulator, open_pulls, clock)


async def test_issues_that_no_pull_request_mentions_cost_nothing_more(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    open_some(repo, 3)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    clock.advance(seconds=45)
    repo.open_issue("Something else", by="mna")
    assert await requests(simulator, open_pulls) == ["GET 200"]


async def test_a_pull_request_against_another_branch_is_looked_at_once(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    open_some(repo, 3)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    clock.advance(seconds=45)
    open_some(repo, 1, base="release/4.69")
    assert await requests(simulator, open_pulls) == ["GET 200", "POST 200"]
    await settle(simulator, open_pulls, clock)
    assert await numbers(open_pulls) == [1, 2, 3]


async def test_a_pull_request_with_running_checks_is_read_until_they_end(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    _, pull = open_some(repo, 2)
    pull.start_check("test-go")
    pull.start_check("lint")
    await open_pulls.read()
    seen = []
    for name, conclusion in (("lint", "failure"), ("test-go", "success")):
        clock.advance(seconds=45)
        assert (await requests(simulator, open_pulls))[-1:] == ["POST 200"]
        seen.append((await open_pulls.read())[1].checks)
        pull.finish_check(name, conclusion)  # type: ignore[arg-type]
    seen.append((await open_pulls.read())[1].checks)
    assert seen == [Checks.RUNNING, Checks.FAILING, Checks.FAILING]
    await settle(simulator, open_pulls, clock)


async def test_everything_is_read_anew_every_quarter_of_an_hour(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    (pull,) = open_some(repo, 1)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    pull.start_check("test-go")  # GitHub does not date this
    assert await requests(simulator, open_pulls) == ["GET 304"]
    clock.advance(minutes=15)
    assert await requests(simulator, open_pulls) == ["POST 200"]
    assert (await only(open_pulls)).checks is Checks.RUNNING


async def test_while_merge_freeze_sets_its_statuses_everything_is_read_each_time(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, world: World, clock: FixedClock
) -> None:
    open_some(repo, 20)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="mna")
    open_pulls.statuses_are_changing()
    assert open_pulls.is_unsettled
    assert await requests(simulator, open_pulls) == ["POST 200"]
    assert {pull.block for pull in await open_pulls.read()} == {Block.BLOCKED}
    clock.advance(seconds=60 + 1.5 * 20)
    assert not open_pulls.is_unsettled
    await settle(simulator, open_pulls, clock)


async def test_after_very_many_changes_all_are_read_anew(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    open_some(repo, 1)
    await open_pulls.read()
    await settle(simulator, open_pulls, clock)
    clock.advance(seconds=45)
    for number in range(MOST_CHANGES + 1):
        repo.open_issue(f"Issue {number}", by="mna")
    assert await requests(simulator, open_pulls) == ["GET 200"] * 4 + ["POST 200"]


# Changes -------------------------------------------------------------------------------------------------------------


def retarget(pull: simulated.PullRequest) -> None:
    pull.base = "release/4.69"
    pull.rename("Another branch", by="mna")


def close(pull: simulated.PullRequest) -> None:
    pull.close(by="mna")


def merge(pull: simulated.PullRequest) -> None:
    pull.merge(by="mna")


def delete(pull: simulated.PullRequest) -> None:
    pull.close(by="mna")
    pull.repository.delete(pull.number)


@pytest.mark.parametrize("running", [False, True], ids=["checks done", "checks running"])
@pytest.mark.parametrize("end", [close, merge, retarget])
async def test_a_pull_request_that_is_no_longer_open_here_disappears(
    simulator: Simulator,
    repo: Repository,
    open_pulls: OpenPulls,
    clock: FixedClock,
    end: Callable[[simulated.PullRequest], None],
    running: bool,
) -> None:
    stays, goes = open_some(repo, 2)
    if running:
        goes.start_check("test-go")
    assert await numbers(open_pulls) == [1, 2]
    clock.advance(seconds=45)
    end(goes)
    assert await numbers(open_pulls) == [stays.number]
    await settle(simulator, open_pulls, clock)


async def test_a_deleted_pull_request_disappears_with_the_next_full_read(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    stays, goes = open_some(repo, 2)
    await open_pulls.read()
    delete(goes)
    clock.advance(minutes=16)
    assert await numbers(open_pulls) == [stays.number]


async def test_new_reopened_and_retargeted_pull_requests_appear(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    closed, elsewhere = open_some(repo, 2)
    closed.close(by="mna")
    elsewhere.base = "release/4.69"
    assert await numbers(open_pulls) == []
    clock.advance(seconds=45)
    closed.reopen(by="mna")
    elsewhere.base = "main"
    elsewhere.rename("To main", by="mna")
    open_some(repo, 1)
    assert await numbers(open_pulls) == [1, 2, 3]


async def test_a_push_changes_the_head_and_starts_anew(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    (pull,) = open_some(repo, 1)
    pull.set_status("ci", "success")
    assert (await only(open_pulls)).checks is Checks.PASSING
    clock.advance(seconds=45)
    pull.push()
    found = await only(open_pulls)
    assert (found.head, found.checks) == (pull.head.sha, Checks.NONE)


@pytest.mark.parametrize("how", ["Fixes #7", "Related: #7"], ids=["closed", "mentioned"])
async def test_a_label_on_a_linked_issue_changes_the_kind(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock, how: str
) -> None:
    judge = KindJudge(Config()).judge
    issue = repo.open_issue("Something", by="mna", number=7)
    open_some(repo, 1, body=how)
    assert judge(await only(open_pulls)).kind is Kind.UNKNOWN
    await settle(simulator, open_pulls, clock)
    clock.advance(seconds=45)
    issue.add_labels("bug", by="mna")
    assert await requests(simulator, open_pulls) == ["GET 200"]
    assert judge(await only(open_pulls)).kind is Kind.BUG_FIX
    clock.advance(seconds=45)
    issue.set_labels(["story"], by="mna")
    assert judge(await only(open_pulls)).kind is Kind.FEATURE


async def test_an_edited_text_changes_what_is_mentioned(
    repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    repo.open_issue("A bug", by="mna", labels=["bug"], number=7)
    (pull,) = open_some(repo, 1)
    assert (await only(open_pulls)).issues == ()
    clock.advance(seconds=45)
    pull.edit("Fixes #7", by="getvictor")
    assert (await only(open_pulls)).issues == (LinkedIssue(7, frozenset({"bug"}), closing=True),)


async def test_a_mention_of_what_is_no_issue_is_asked_for_once(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    open_some(repo, 2, body="See #404, #1 and #2")
    assert await requests(simulator, open_pulls) == ["POST 200", "POST 200"]
    assert {pull.issues for pull in await open_pulls.read()} == {()}
    await settle(simulator, open_pulls, clock)


async def test_a_change_between_two_pages_is_not_missed(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock
) -> None:
    first, *_, last = open_some(repo, PAGE + 1)
    simulator.faults.latency["github"] = (20, 20)
    reading = asyncio.create_task(open_pulls.read())
    await until(lambda: len(simulator.requests) == 2)  # the first page has been given, the second is asked for
    clock.advance(seconds=1)
    first.add_labels("bug", by="mna")
    clock.advance(seconds=1)
    last.add_labels("bug", by="mna")
    await reading
    assert [pull.number for pull in await open_pulls.read() if "bug" in pull.labels] == [first.number, last.number]


# Failures ------------------------------------------------------------------------------------------------------------


async def fails(open_pulls: OpenPulls) -> Cause:
    with pytest.raises(Failure) as caught:
        await open_pulls.read()
    return caught.value.problem.cause


@pytest.mark.parametrize("path", ["/graphql", "/issues"])
async def test_a_failure_on_the_way_leaves_the_former_state_whole(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, clock: FixedClock, path: str
) -> None:
    _, changes, closes = open_some(repo, 3)
    await open_pulls.read()
    clock.advance(seconds=45)
    changes.add_labels("bug", by="mna")
    closes.close(by="mna")
    simulator.faults.add("status", path=path)
    for _ in range(2):
        assert await fails(open_pulls) is Cause.SERVER
    simulator.faults.clear()
    found = await open_pulls.read()
    assert [(pull.number, sorted(pull.labels)) for pull in found] == [(1, []), (2, ["bug"])]


async def test_a_first_read_that_ends_half_way_is_begun_anew(
    simulator: Simulator, repo: Repository, open_pulls: OpenPulls, world: World, clock: FixedClock
) -> None:
    open_some(repo, PAGE + 1)
    world.limits.graphql = 1
    assert await fails(open_pulls) is Cause.LIMITED
    world.limits.graphql = 5000
    assert len(await open_pulls.read()) == PAGE + 1


async def test_labels_that_could_not_be_read_are_read_the_next_time(
    repo: Repository, open_pulls: OpenPulls, world: World
) -> None:
    repo.open_issue("A bug", by="mna", labels=["bug"], number=7)
    open_some(repo, 1, body="Related: #7")
    world.limits.graphql = 1
    assert await fails(open_pulls) is Cause.LIMITED
    world.limits.graphql = 5000
    assert (await only(open_pulls)).issues == (LinkedIssue(7, frozenset({"bug"})),)


# GitHub's fields -----------------------------------------------------------------------------------------------------


def shape(**fields: Any) -> PullShape:
    """A pull request as GraphQL gives it."""
    given = {
        "id": "PR_1", "number": 1, "title": "One", "body": "", "url": "https://x", "isDraft": False, "state": "OPEN",
        "createdAt": "2025-06-01T00:00:00Z", "updatedAt": "2025-06-01T00:00:00Z", "baseRefName": "main",
        "headRefOid": "a" * 40,
    }  # fmt: skip
    return msgspec.convert(given | fields, PullShape, strict=False)


@pytest.mark.parametrize(
    ("context", "result"),
    [
        pytest.param(Context(state="SUCCESS"), Checks.PASSING, id="status success"),
        pytest.param(Context(state="PENDING"), Checks.RUNNING, id="status pending"),
        pytest.param(Context(state="EXPECTED"), Checks.RUNNING, id="status expected"),
        pytest.param(Context(state="FAILURE"), Checks.FAILING, id="status failure"),
        pytest.param(Context(state="ERROR"), Checks.FAILING, id="status error"),
        pytest.param(Context(status="QUEUED"), Checks.RUNNING, id="run queued"),
        pytest.param(Context(status="IN_PROGRESS"), Checks.RUNNING, id="run in progress"),
        pytest.param(Context(status="COMPLETED", conclusion="SUCCESS"), Checks.PASSING, id="run success"),
        pytest.param(Context(status="COMPLETED", conclusion="NEUTRAL"), Checks.PASSING, id="run neutral"),
        pytest.param(Context(status="COMPLETED", conclusion="SKIPPED"), Checks.PASSING, id="run skipped"),
        pytest.param(Context(status="COMPLETED", conclusion="FAILURE"), Checks.FAILING, id="run failure"),
        pytest.param(Context(status="COMPLETED", conclusion="CANCELLED"), Checks.FAILING, id="run cancelled"),
        pytest.param(Context(status="COMPLETED", conclusion="TIMED_OUT"), Checks.FAILING, id="run timed out"),
        pytest.param(Context(status="COMPLETED", conclusion=None), Checks.FAILING, id="run without a conclusion"),
    ],
)
def test_a_check_passes_runs_or_fails(context: Context, result: Checks) -> None:
    assert context.result is result


def with_contexts(*contexts: dict[str, str]) -> PullShape:
    return shape(commits={"nodes": [{"commit": {"statusCheckRollup": {"contexts": {"nodes": list(contexts)}}}}]})


PASSES, RUNS, FAILS = ({"context": "ci", "state": state} for state in ("SUCCESS", "PENDING", "FAILURE"))
BLOCKED = {"context": "mergefreeze", "state": "FAILURE", "createdAt": "2025-06-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("one", "checks", "running", "block"),
    [
        pytest.param(shape(), Checks.NONE, False, Block.UNKNOWN, id="nothing reported"),
        pytest.param(with_contexts(PASSES, BLOCKED), Checks.PASSING, False, Block.BLOCKED, id="its own status aside"),
        pytest.param(with_contexts(PASSES, RUNS), Checks.RUNNING, True, Block.UNKNOWN, id="one still runs"),
        pytest.param(with_contexts(FAILS, RUNS), Checks.FAILING, True, Block.UNKNOWN, id="one failed, one still runs"),
        pytest.param(with_contexts(BLOCKED), Checks.NONE, False, Block.BLOCKED, id="blocked"),
        pytest.param(with_contexts(BLOCKED | {"state": "PENDING"}), Checks.NONE, False, Block.BLOCKED, id="pending"),
        pytest.param(with_contexts(BLOCKED | {"state": "SUCCESS"}), Checks.NONE, False, Block.FREE, id="free"),
    ],
)
def test_all_checks_make_one_result_and_merge_freeze_another(
    one: PullShape, checks: Checks, running: bool, block: Block
) -> None:
    assert (one.checks("mergefreeze"), one.has_running("mergefreeze"), one.block("mergefreeze")[0]) == (
        checks,
        running,
        block,
    )


def opinions(*states: str) -> dict[str, object]:
    return {"nodes": [{"body": "", "state": state, "author": {"login": "mna"}} for state in states]}


@pytest.mark.parametrize(
    ("decision", "states", "review"),
    [
        ("APPROVED", ["APPROVED"], ReviewState.APPROVED),
        ("CHANGES_REQUESTED", ["APPROVED", "CHANGES_REQUESTED"], ReviewState.CHANGES),
        ("REVIEW_REQUIRED", [], ReviewState.AWAITED),
        ("REVIEW_REQUIRED", ["APPROVED"], ReviewState.AWAITED),
        (None, [], ReviewState.NONE),
        (None, ["APPROVED"], ReviewState.APPROVED),
        (None, ["APPROVED", "CHANGES_REQUESTED"], ReviewState.CHANGES),
        (None, ["DISMISSED"], ReviewState.NONE),
    ],
)
def test_the_reviewers_say(decision: str | None, states: list[str], review: ReviewState) -> None:
    assert shape(reviewDecision=decision, latestOpinionatedReviews=opinions(*states)).review is review


def test_what_github_may_leave_out_is_survived() -> None:
    bare = shape(
        author=None, files=None, labels=None, latestOpinionatedReviews=None, comments={"nodes": [{"body": "x"}]}
    )
    assert (bare.login, bare.file_nodes, bare.label_names, bare.remarks) == ("ghost", (), frozenset(), ())
