"""Release QA issues on GitHub: found, read, and their text changed in one breath."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.qa import BodyEdit, Remark
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_body import LONGEST_BODY
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http_problems import LOOK
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Issue, Token, World
from tests.helpers import GITHUB_TOKEN, NOW

PATTERNS = ("^release qa", "smoke tests?$")
BODY = "# Release QA\r\n\r\n- [ ] one 🎉  \r\n"


@pytest.fixture
def issue(world: World) -> Issue:
    return world.repo().open_issue(
        "Release QA: 4.70.0", BODY, by="mna", labels=(":release", "#g-mdm"), assignees=("xpkoala",), number=7
    )


@pytest.fixture
def qa(github: GitHub) -> GitHubQa:
    return GitHubQa(github, PATTERNS, (":release",))


@pytest.fixture
def writer(settings_there: Config) -> GitHubWriter:
    return GitHubWriter(settings_there.addresses.github, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0)


def added(text: str) -> Callable[[str], str]:
    return lambda body: body + text


async def problem_of(writer: GitHubWriter) -> Problem:
    with pytest.raises(Failure) as caught:
        await writer.change_body(7, added("!"))
    return caught.value.problem


def patches(simulator: Simulator) -> int:
    return len(simulator.requests.select(method="PATCH"))


# Reading -------------------------------------------------------------------------------------------------------------


async def test_open_release_qa_issues_are_found_by_title_and_label_for_one_request_and_then_for_nothing(
    simulator: Simulator, qa: GitHubQa, world: World, issue: Issue, clock: FixedClock
) -> None:
    clock.advance(minutes=1)
    repo = world.repo()
    repo.open_issue("fleetd\x1b 1.2 Smoke tests", by="mna", labels=(":release",), number=8)
    repo.open_issue("Release QA without label", by="mna", number=9)
    repo.open_issue("A story", by="mna", labels=(":release",), number=10)
    repo.open_pull("Release QA: fix", by="mna", labels=(":release",), number=11)
    repo.open_issue("Release QA: 4.69.0", by="mna", labels=(":release",), number=12).close(by="mna")
    found = await qa.issues()
    assert [(one.number, one.title) for one in found] == [(8, "fleetd 1.2 Smoke tests"), (7, "Release QA: 4.70.0")]
    assert found[1].assignees == ("xpkoala",)
    assert found[1].labels == {":release", "#g-mdm"}
    assert (found[1].url, found[1].updated) == ("https://github.com/fleetdm/fleet/issues/7", NOW)
    await qa.issues()
    assert [entry.status for entry in simulator.requests] == [200, 304]


async def test_the_text_comes_as_it_is_and_costs_nothing_while_it_stays(
    simulator: Simulator, qa: GitHubQa, issue: Issue
) -> None:
    first = await qa.issue(7)
    assert first.body == BODY
    assert await qa.issue(7) == first
    issue.comment("Done", by="mna")
    issue.lock(by="mna")
    issue.close(by="mna")
    last = await qa.issue(7)
    assert (last.comments, last.issue.locked, last.issue.state) == (1, True, "closed")
    assert [entry.status for entry in simulator.requests] == [200, 304, 200]


async def test_a_text_that_is_empty_is_no_problem(simulator: Simulator, qa: GitHubQa, world: World) -> None:
    world.repo().open_issue("Release QA", by="mna", number=7)
    assert (await qa.issue(7)).body == ""


async def test_edits_tell_who_wrote_which_text(
    simulator: Simulator, qa: GitHubQa, issue: Issue, clock: FixedClock
) -> None:
    assert await qa.edits(7) == ()
    clock.advance(minutes=1)
    issue.edit("two", by="xpkoala")
    assert await qa.edits(7) == (
        BodyEdit("xpkoala", NOW + timedelta(minutes=1), "two"),
        BodyEdit("mna", NOW, BODY),
    )
    assert len(await qa.edits(7, 1)) == 1


async def test_comments_are_read(simulator: Simulator, qa: GitHubQa, issue: Issue) -> None:
    issue.comment("The group is\r\nready\x1b.", by="xpkoala")
    (remark,) = await qa.comments(7)
    assert remark == Remark("xpkoala", NOW, "The group is\nready.", remark.url)


MISSING: dict[str, tuple[Callable[[World], object], str]] = {
    "deleted": (lambda world: world.repo().delete(7), "Issue #7 was deleted."),
    "transferred": (
        lambda world: world.repo().transfer(7, world.add_repo("fleetdm/other")),
        "Issue #7 was moved: it is fleetdm/other#1 now.",
    ),
    "repository renamed": (
        lambda world: world.rename_repo("fleetdm/fleet", "fleetdm/new"),
        "Issue #7 was moved: it is fleetdm/new#7 now.",
    ),
    "never there": (lambda world: world.repo().issues.pop(7), "GitHub does not know issue #7."),
}


@pytest.mark.parametrize(("happens", "sentence"), MISSING.values(), ids=MISSING)
async def test_an_issue_that_is_not_there_any_more_is_told_alike_by_reads_and_writes(
    simulator: Simulator,
    qa: GitHubQa,
    writer: GitHubWriter,
    world: World,
    issue: Issue,
    happens: Callable[[World], object],
    sentence: str,
) -> None:
    happens(world)
    with pytest.raises(Failure) as caught:
        await qa.issue(7)
    assert (caught.value.problem.cause, caught.value.problem.sentence) == (Cause.MISSING, sentence)
    problem = await problem_of(writer)
    assert (problem.cause, problem.sentence) == (Cause.MISSING, sentence)
    assert patches(simulator) == 0


# Changing the text ---------------------------------------------------------------------------------------------------


async def test_the_newest_text_is_changed_and_nothing_else(
    simulator: Simulator, writer: GitHubWriter, issue: Issue
) -> None:
    changed = await writer.change_body(7, lambda body: body.replace("[ ]", "[x]"))
    assert (changed.before, changed.after, changed.closed) == (BODY, issue.body, False)
    assert issue.body == BODY.replace("[ ]", "[x]")
    assert [entry.method for entry in simulator.requests] == ["GET", "PATCH"]
    assert issue.label_names == [":release", "#g-mdm"]


async def test_what_needs_no_change_is_not_written(simulator: Simulator, writer: GitHubWriter, issue: Issue) -> None:
    changed = await writer.change_body(7, lambda body: body)
    assert changed.before == changed.after == BODY
    assert patches(simulator) == 0


async def test_a_closed_issue_is_changed_all_the_same_and_that_is_told(
    simulator: Simulator, writer: GitHubWriter, issue: Issue
) -> None:
    issue.close(by="mna")
    assert (await writer.change_body(7, added("!"))).closed
    assert issue.body == BODY + "!"


async def test_a_text_over_the_limit_is_not_even_sent(simulator: Simulator, writer: GitHubWriter, issue: Issue) -> None:
    issue.edit("x" * LONGEST_BODY, by="mna")
    problem = await problem_of(writer)
    assert problem.text == (
        "The text of issue #7 would be 65,537 characters long; GitHub takes 65,536. Shorten the notes in it."
    )
    assert patches(simulator) == 0


async def test_a_locked_issue_says_so(simulator: Simulator, writer: GitHubWriter, issue: Issue, world: World) -> None:
    issue.lock(by="mna")
    world.tokens[GITHUB_TOKEN] = Token("mna", push=False)
    problem = await problem_of(writer)
    assert problem.cause is Cause.PERMISSION
    assert problem.text.endswith("only people with write access to the repository may change it. Have it unlocked.")


async def test_a_limit_is_no_lock(simulator: Simulator, writer: GitHubWriter, issue: Issue) -> None:
    issue.lock(by="mna")
    simulator.faults.add("primary_limit", method="PATCH")
    assert (await problem_of(writer)).cause is Cause.LIMITED


async def test_a_missing_permission_is_named(
    simulator: Simulator, writer: GitHubWriter, issue: Issue, world: World
) -> None:
    world.tokens[GITHUB_TOKEN] = Token("mna", write=False)
    assert (await problem_of(writer)).text == "The GitHub token may not do this. It needs: issues=write."


LOST: dict[str, dict[str, Any]] = {
    "502": {"kind": "status", "status": 502, "after": True},
    "dropped": {"kind": "drop", "after": True},
    "cut": {"kind": "cut"},
    "nonsense": {"kind": "not_json", "after": True},
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
async def test_an_answer_that_was_lost_is_looked_up_and_the_write_is_not_repeated(
    simulator: Simulator, writer: GitHubWriter, issue: Issue, fault: dict[str, Any]
) -> None:
    simulator.faults.add(method="PATCH", times=1, **fault)
    changed = await writer.change_body(7, added("!"))
    assert changed.after == issue.body == BODY + "!"
    assert [entry.method for entry in simulator.requests] == ["GET", "PATCH", "GET"]


async def test_a_write_that_never_arrived_is_told_and_not_repeated(
    simulator: Simulator, writer: GitHubWriter, issue: Issue
) -> None:
    simulator.faults.add("drop", method="PATCH", times=1)
    assert (await problem_of(writer)).text == f"The connection to GitHub broke off. {LOOK}"
    assert (issue.body, patches(simulator)) == (BODY, 1)


async def test_a_redirect_to_another_host_is_not_followed(
    simulator: Simulator, writer: GitHubWriter, issue: Issue
) -> None:
    simulator.faults.add("redirect_away")
    assert (await problem_of(writer)).cause is Cause.UNREADABLE


async def test_the_pause_between_writes_comes_before_the_reading(
    simulator: Simulator, settings_there: Config, issue: Issue, tmp_path: Path
) -> None:
    writer = GitHubWriter(settings_there.addresses.github, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0.1)
    await writer.change_body(7, added("1"))
    later = asyncio.create_task(writer.change_body(7, added("3")))
    await asyncio.sleep(0.03)
    issue.edit(issue.body + "2", by="xpkoala")
    await later
    assert issue.body == BODY + "123"
