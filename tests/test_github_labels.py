"""Labels, people, state and milestone, changed one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services import github_labels
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import Issue, Token, World
from tests.helpers import GITHUB_TOKEN

NUMBER = 7


@pytest.fixture
def there(world: World) -> Iterator[SimulatorThread]:
    """GitHub in a thread of its own, with a bug."""
    world.repo().open_issue("A bug", by="outsider", labels=["bug", ":reproduce"], assignees=["mna"], number=NUMBER)
    world.repo().add_milestone("4.70.0-tentative", by="mna")
    with SimulatorThread(world) as running:
        yield running


@pytest.fixture
def writer(there: SimulatorThread) -> GitHubWriter:
    return GitHubWriter(f"{there.url}/github", Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0)


Write = Callable[..., Any]


async def write(writer: GitHubWriter, operation: Write, *arguments: Any, number: int = NUMBER) -> Any:
    return await writer.do(lambda repository: operation(repository, number, *arguments))


def issue(there: SimulatorThread) -> Issue:
    return there.world.issue(NUMBER)


def requests(there: SimulatorThread) -> list[tuple[str, int | None]]:
    return there.call(lambda: [(entry.method, entry.status) for entry in there.requests])


async def test_a_label_beside_those_that_are_there(there: SimulatorThread, writer: GitHubWriter) -> None:
    there.call(lambda: issue(there).add_labels("P1", by="xpkoala"))
    assert await write(writer, github_labels.add_label, "~released bug") == {"bug", ":reproduce", "P1", "~released bug"}
    assert requests(there) == [("POST", 200)]


@pytest.mark.parametrize("name", [":reproduce", "#g-mdm", "~released bug", "a/b?c=%41", "😀"])
async def test_a_name_is_one_segment_of_the_address(there: SimulatorThread, writer: GitHubWriter, name: str) -> None:
    there.call(lambda: issue(there).set_labels(["bug", name], by="mna"))
    assert await write(writer, github_labels.remove_label, name) == {"bug"}
    assert there.call(lambda: issue(there).label_names) == ["bug"]


async def test_a_label_that_somebody_else_has_removed_is_removed(there: SimulatorThread, writer: GitHubWriter) -> None:
    assert await write(writer, github_labels.remove_label, "P1") == {"bug", ":reproduce"}
    assert requests(there) == [("DELETE", 404), ("GET", 200)]


async def test_a_label_of_an_issue_that_is_not_there(writer: GitHubWriter) -> None:
    with pytest.raises(Failure) as caught:
        await write(writer, github_labels.remove_label, "P1", number=99)
    assert caught.value.problem.cause is Cause.MISSING


async def test_people_one_by_one(writer: GitHubWriter) -> None:
    assert await write(writer, github_labels.assign, "XPKoala") == {"mna", "xpkoala"}
    assert await write(writer, github_labels.unassign, "MNA") == {"xpkoala"}


async def test_closed_with_a_reason_and_opened_again(there: SimulatorThread, writer: GitHubWriter) -> None:
    await write(writer, github_labels.close, "not_planned")
    assert there.call(lambda: (issue(there).state, issue(there).state_reason)) == ("closed", "not_planned")
    await write(writer, github_labels.reopen)
    assert there.call(lambda: issue(there).state) == "open"


async def test_into_a_milestone_and_out_of_it(there: SimulatorThread, writer: GitHubWriter) -> None:
    await write(writer, github_labels.set_milestone, 1)
    assert there.call(lambda: issue(there).milestone) is there.world.repo().milestones[1]
    await write(writer, github_labels.set_milestone, None)
    assert there.call(lambda: issue(there).milestone) is None


@pytest.mark.parametrize(
    ("operation", "arguments", "what"),
    [
        (github_labels.assign, ("xpkoala",), "xpkoala as assignee"),
        (github_labels.unassign, ("mna",), "the removal of mna"),
        (github_labels.set_milestone, (1,), "the milestone"),
    ],
)
async def test_what_github_drops_without_a_word_is_said(
    there: SimulatorThread, writer: GitHubWriter, operation: Write, arguments: tuple[Any, ...], what: str
) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("outsider", push=False)}))
    with pytest.raises(Failure) as caught:
        await write(writer, operation, *arguments)
    assert caught.value.problem.sentence == f"GitHub left out {what} at #7."


async def test_somebody_who_cannot_be_assigned(writer: GitHubWriter) -> None:
    with pytest.raises(Failure) as caught:
        await write(writer, github_labels.assign, "stranger")
    assert caught.value.problem.cause is Cause.PERMISSION


async def test_without_push_access_labels_are_refused(there: SimulatorThread, writer: GitHubWriter) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("outsider", push=False)}))
    for operation in (github_labels.add_label, github_labels.remove_label):
        with pytest.raises(Failure) as caught:
            await write(writer, operation, "bug")
        assert "issues=write" in caught.value.problem.remedy


@pytest.mark.parametrize("fault", ["not_json", "wrong_shape", "empty"])
async def test_an_answer_that_makes_no_sense(there: SimulatorThread, writer: GitHubWriter, fault: str) -> None:
    there.call(partial(there.faults.add, fault, service="github"))
    for operation, argument in ((github_labels.add_label, "P1"), (github_labels.assign, "mna")):
        with pytest.raises(Failure) as caught:
            await write(writer, operation, argument)
        assert caught.value.problem.cause is Cause.UNREADABLE
