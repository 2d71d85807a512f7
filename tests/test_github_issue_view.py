"""One bug in full: its text, the last comments, pull requests and label history."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fleet_tui.domain.bug_detail import BugDetail, LabelChange, LinkedPull
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services import github_issue_view
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_issue_view import BugDetails
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import Issue, World
from tests.helpers import ago


@pytest.fixture
def issue(world: World) -> Issue:
    return world.repo().open_issue("A bug", "It\r\n\x1b[31mbreaks", by="outsider", labels=["bug"], at=ago(days=3))


@pytest.fixture
def details(github: GitHub) -> BugDetails:
    return BugDetails(github)


def bug(issue: Issue) -> Bug:
    return Bug(issue.number, "A bug", "https://x", "outsider", issue.created_at, issue.updated_at)


async def test_everything_in_one_request(world: World, issue: Issue, details: BugDetails, simulator: Simulator) -> None:
    repo = world.repo()
    repo.open_issue("Mentions it too", f"Like #{issue.number}", by="mna")
    mends = repo.open_pull("Mend it", f"Fixes #{issue.number}", by="mna", at=ago(days=2))
    draft = repo.open_pull("Try", f"For #{issue.number}", by="mna", draft=True, at=ago(days=2))
    merged = repo.open_pull("Begin", f"For #{issue.number}", by="mna", at=ago(days=2))
    merged.merge(by="mna", at=ago(days=2))
    issue.add_labels("P1", by="mna", at=ago(days=1))
    issue.remove_label("P1", by="xpkoala", at=ago(hours=2))
    for number in range(12):
        issue.comment(f"Comment {number}", by="mna", at=ago(minutes=60 - number))
    found = await details.read(bug(issue))
    url = "https://github.com/fleetdm/fleet/pull"
    assert replace(found, comments=()) == BugDetail(
        issue.number,
        ago(minutes=49),
        "It\n[31mbreaks",
        earlier_comments=2,
        pulls=(
            LinkedPull(mends.number, "Mend it", f"{url}/{mends.number}", "open", closes=True),
            LinkedPull(draft.number, "Try", f"{url}/{draft.number}", "draft", closes=False),
            LinkedPull(merged.number, "Begin", f"{url}/{merged.number}", "merged", closes=False),
        ),
        label_changes=(
            LabelChange("bug", True, "outsider", ago(days=3)),
            LabelChange("P1", True, "mna", ago(days=1)),
            LabelChange("P1", False, "xpkoala", ago(hours=2)),
        ),
    )
    assert [one.text for one in found.comments] == [f"Comment {number}" for number in range(2, 12)]
    assert (found.comments[0].author, found.comments[0].at) == ("mna", ago(minutes=58))
    assert len(simulator.requests) == 1


async def test_it_is_asked_for_once_a_change(issue: Issue, details: BugDetails, simulator: Simulator) -> None:
    assert details.known(bug(issue)) is None
    first = await details.read(bug(issue))
    assert await details.read(bug(issue)) is first
    assert len(simulator.requests) == 1
    issue.edit("It works", by="mna")
    assert details.known(bug(issue)) is None
    assert (await details.read(bug(issue))).body == "It works"
    assert len(simulator.requests) == 2


async def test_the_longest_unread_make_room(world: World, details: BugDetails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_issue_view, "KEPT", 2)
    bugs = [bug(world.repo().open_issue(f"Bug {number}", by="mna")) for number in range(3)]
    for one in bugs:
        await details.read(one)
    assert [details.known(one) is not None for one in bugs] == [False, True, True]


async def test_a_pull_request_of_another_repository_is_told(world: World, issue: Issue, details: BugDetails) -> None:
    other = world.add_repo("fleetdm/elsewhere")
    pull = other.open_pull("Over there", by="mna")
    issue.referenced_from(pull, by="mna", at=ago(days=1))
    (found,) = (await details.read(bug(issue))).pulls
    assert (found.elsewhere, found.url) == (True, "https://github.com/fleetdm/elsewhere/pull/1")


async def test_a_bug_that_is_gone(world: World, issue: Issue, details: BugDetails) -> None:
    gone = bug(issue)
    world.repo().delete(issue.number)
    with pytest.raises(Failure) as caught:
        await details.read(gone)
    assert caught.value.problem.cause is Cause.MISSING
    assert caught.value.problem.sentence == "GitHub does not know issue #1."
