"""Moves of bugs: each leaves exactly what it should, whatever others do meanwhile, and says what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bug_undo import Made, undo
from fleet_tui.domain.bugs import Bug, History
from fleet_tui.domain.problem import Cause, Failure, Unconfirmed
from fleet_tui.services.bug_mover import BugMover, HalfDone
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_bug_history import BugHistories
from fleet_tui.services.github_issue_shape import RestIssue
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import FixedClock, Issue, Token, World
from fleet_tui.simulator.world.boards import AWAITING_QA
from tests.helpers import GITHUB_TOKEN, addresses, ago, config

NUMBER, GROUP = 7, "#g-mdm"
REPRODUCED = (
    Step(Act.ADD_LABEL, GROUP),
    Step(Act.ADD_LABEL, "~released bug"),
    Step(Act.ADD_LABEL, ":incoming"),
    Step(Act.ADD_LABEL, ":release"),
    Step(Act.REMOVE_LABEL, ":reproduce"),
    Step(Act.UNASSIGN, "xpkoala"),
    Step(Act.ASSIGN, "georgekarrv"),
)
AFTER = {"bug", GROUP, "~released bug", ":incoming", ":release"}


@pytest.fixture
def there(world: World) -> Iterator[SimulatorThread]:
    """GitHub in a thread of its own, with a bug that is acknowledged."""
    labels = ["bug", ":reproduce"]
    world.repo().open_issue("A bug", by="outsider", labels=labels, assignees=["xpkoala"], number=NUMBER, at=ago(days=2))
    with SimulatorThread(world) as running:
        yield running


@pytest.fixture
def settings_here(there: SimulatorThread) -> Config:
    return config(addresses=addresses(there.url))


@pytest.fixture
async def github(settings_here: Config, clock: FixedClock) -> AsyncIterator[GitHub]:
    http = Http(now=clock)
    yield GitHub(http, github_service(settings_here, Secret(GITHUB_TOKEN)), "fleetdm/fleet")
    await http.aclose()


def connect(github: GitHub, settings: Config, *, boards: bool = True) -> BugMover:
    writer = GitHubWriter(settings.addresses.github, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0)
    zenhub = ZenHub(github.http, zenhub_service(settings, Secret("sim-zenhub"))) if boards else None
    return BugMover(writer, github, zenhub, settings, look_every=0.01)


@pytest.fixture
def mover(github: GitHub, settings_here: Config) -> BugMover:
    return connect(github, settings_here)


async def bug(github: GitHub) -> Bug:
    return (await github.http.get(github.service, f"{github.path}/issues/{NUMBER}")).decode(RestIssue).bug()


def issue(there: SimulatorThread) -> Issue:
    return there.world.issue(NUMBER)


def state(there: SimulatorThread) -> tuple[set[str], set[str]]:
    found = issue(there)
    return there.call(lambda: (set(found.label_names), {user.login for user in found.assignees}))


def silent(_: str) -> None:
    """Says nothing."""


def writes(there: SimulatorThread) -> int:
    return there.call(lambda: sum(entry.method != "GET" for entry in there.requests))


async def test_a_move_leaves_exactly_what_it_should(there: SimulatorThread, github: GitHub, mover: BugMover) -> None:
    said: list[str] = []
    found = await mover.move(await bug(github), REPRODUCED, tell=said.append)
    assert state(there) == (AFTER, {"georgekarrv"}) == (set(found.labels), set(found.assignees))
    assert said[0] == "#7: add #g-mdm (1 of 7) …"
    assert said[-1] == "#7: looking whether it stands …"
    assert writes(there) == len(REPRODUCED)


async def test_the_history_after_a_move_is_what_the_timeline_tells_later(
    github: GitHub, mover: BugMover, settings_here: Config, clock: FixedClock
) -> None:
    timelines = BugHistories(github, settings_here.labels)

    async def told() -> History:
        return (await timelines.read([await bug(github)]))[NUMBER]

    here = replace(await bug(github), history=await told())
    moves = (REPRODUCED, undo(Made("", REPRODUCED, here)), (Step(Act.UNASSIGN, "xpkoala"),))
    for steps in moves:
        clock.advance(minutes=1)
        here = await mover.move(here, steps, tell=silent)
        assert here.history == await told()


def when(there: SimulatorThread, words: str, do: Callable[[], Any]) -> Callable[[str], None]:
    """Does something in the world when the mover says that it comes to a step."""

    def tell(sentence: str) -> None:
        if words in sentence:
            there.call(do)

    return tell


@pytest.mark.parametrize("step", REPRODUCED, ids=lambda step: step.words)
async def test_what_somebody_else_sets_in_the_same_second_stays(
    there: SimulatorThread, github: GitHub, mover: BugMover, step: Step
) -> None:
    def meddle() -> None:
        issue(there).add_labels("P0", "customer-blanco", by="getvictor")
        issue(there).assign("lukeheath", by="getvictor")

    await mover.move(await bug(github), REPRODUCED, tell=when(there, step.words, meddle))
    assert state(there) == (AFTER | {"P0", "customer-blanco"}, {"georgekarrv", "lukeheath"})


async def test_what_somebody_else_did_already_is_done(there: SimulatorThread, github: GitHub, mover: BugMover) -> None:
    def meddle() -> None:
        issue(there).remove_label(":reproduce", by="getvictor")
        issue(there).add_labels(":release", by="getvictor")

    await mover.move(await bug(github), REPRODUCED, tell=when(there, "add #g-mdm", meddle))
    assert state(there) == (AFTER, {"georgekarrv"})


async def test_what_somebody_takes_back_at_once_is_missing(
    there: SimulatorThread, github: GitHub, mover: BugMover
) -> None:
    tell = when(there, "looking", lambda: issue(there).remove_label(":release", by="getvictor"))
    with pytest.raises(HalfDone) as caught:
        await mover.move(await bug(github), REPRODUCED, tell=tell)
    assert caught.value.missing == (Step(Act.ADD_LABEL, ":release"),)
    assert caught.value.problem.text == (
        "#7 is moved half-way. Missing: add :release. Somebody may have changed it at the same moment. "
        "Finish the move, or undo it."
    )


# Closing, comments, boards -------------------------------------------------------------------------------------------


async def test_a_comment_and_a_close(there: SimulatorThread, github: GitHub, mover: BugMover) -> None:
    steps = [Step(Act.COMMENT, "No word for four weeks."), Step(Act.CLOSE, "not_planned")]
    assert (await mover.move(await bug(github), steps, tell=silent)).closed is not None
    assert there.call(lambda: [one.body for one in issue(there).comments]) == ["No word for four weeks."]
    assert there.call(lambda: issue(there).state_reason) == "not_planned"
    assert (await mover.move(await bug(github), [Step(Act.REOPEN)], tell=silent)).closed is None


COLUMN = (Step(Act.COLUMN, "Awaiting QA"),)


async def test_to_a_column_of_the_groups_board(there: SimulatorThread, github: GitHub, mover: BugMover) -> None:
    there.call(lambda: issue(there).add_labels(GROUP, by="mna"))
    await mover.move(await bug(github), COLUMN, tell=silent)
    assert there.world.boards.board(GROUP).placed == {NUMBER: AWAITING_QA}


@pytest.mark.parametrize(
    ("labels", "boards", "workspace", "sentence"),
    [
        ([GROUP], False, "x", "Without a ZenHub token #7 cannot be moved on the board."),
        ([GROUP], True, "", "No board is configured for #g-mdm."),
        ([], True, "x", "#7 has not exactly one group's label, so which board it is on is not known."),
    ],
)
async def test_without_a_board_nothing_is_begun(
    there: SimulatorThread, github: GitHub, settings_here: Config, labels: list[str], boards: bool, workspace: str,
    sentence: str,
) -> None:  # fmt: skip
    there.call(lambda: issue(there).add_labels(*labels, by="mna"))
    groups = tuple(replace(group, workspace=workspace) for group in settings_here.groups)
    mover = connect(github, replace(settings_here, groups=groups), boards=boards)
    with pytest.raises(Failure) as caught:
        await mover.move(await bug(github), (Step(Act.ADD_LABEL, "P1"), *COLUMN), tell=silent)
    assert caught.value.problem.sentence == sentence
    assert writes(there) == 0


# Faults --------------------------------------------------------------------------------------------------------------


def spoil(there: SimulatorThread, kind: str, **options: Any) -> Callable[[], Any]:
    return lambda: there.faults.add(kind, **{"service": "github", "times": 1} | options)


@pytest.mark.parametrize("step", [*REPRODUCED, Step(Act.COMMENT, "Hello"), Step(Act.CLOSE, "completed")])
async def test_a_lost_answer_is_looked_for_and_nothing_is_sent_twice(
    there: SimulatorThread, github: GitHub, mover: BugMover, step: Step
) -> None:
    tell = when(there, step.words, spoil(there, "drop", after=True, method="POST|DELETE|PATCH"))
    steps = (*REPRODUCED, Step(Act.COMMENT, "Hello"), Step(Act.CLOSE, "completed"))
    await mover.move(await bug(github), steps, tell=tell)
    assert state(there) == (AFTER, {"georgekarrv"})
    assert there.call(lambda: [one.body for one in issue(there).comments]) == ["Hello"]
    assert writes(there) == len(steps)


async def test_a_move_that_breaks_off_names_what_is_missing_and_can_be_finished(
    there: SimulatorThread, github: GitHub, mover: BugMover
) -> None:
    with pytest.raises(HalfDone) as caught:
        await mover.move(await bug(github), REPRODUCED, tell=when(there, "add :release", spoil(there, "drop")))
    half = caught.value
    assert (half.done, half.missing) == (REPRODUCED[:3], REPRODUCED[3:])
    assert "Missing: add :release, remove :reproduce, unassign xpkoala, assign georgekarrv." in half.problem.sentence
    assert writes(there) == 4
    await mover.move(await bug(github), half.missing, tell=silent)
    assert state(there) == (AFTER, {"georgekarrv"})


async def test_when_nothing_was_done_it_is_a_plain_refusal(
    there: SimulatorThread, github: GitHub, mover: BugMover
) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("mna", write=False)}))
    with pytest.raises(Failure) as caught:
        await mover.move(await bug(github), REPRODUCED, tell=silent)
    assert not isinstance(caught.value, HalfDone)
    assert caught.value.problem.cause is Cause.PERMISSION
    assert state(there) == ({"bug", ":reproduce"}, {"xpkoala"})


async def test_people_that_github_leaves_out_without_a_word_are_missing(
    there: SimulatorThread, github: GitHub, mover: BugMover
) -> None:
    steps = (Step(Act.ADD_LABEL, "P1"), Step(Act.ASSIGN, "stranger"))
    with pytest.raises(HalfDone) as caught:
        await mover.move(await bug(github), steps, tell=silent)
    assert caught.value.missing == (Step(Act.ASSIGN, "stranger"),)
    assert "GitHub left out stranger as assignee at #7." in caught.value.problem.sentence


@pytest.mark.parametrize("words", ["add :release", "looking"])
async def test_what_cannot_be_seen_is_not_called_done_or_failed(
    there: SimulatorThread, github: GitHub, mover: BugMover, words: str
) -> None:
    before = await bug(github)
    with pytest.raises(Unconfirmed) as caught:
        await mover.move(before, REPRODUCED, tell=when(there, words, spoil(there, "drop", times=9, after=True)))
    assert "is not known" in caught.value.problem.sentence


async def test_moves_of_several_bugs_do_not_mix(there: SimulatorThread, github: GitHub, mover: BugMover) -> None:
    there.call(lambda: there.world.repo().open_issue("Another", by="mna", labels=["bug"], number=8))
    other = (await github.http.get(github.service, f"{github.path}/issues/8")).decode(RestIssue).bug()
    said: list[str] = []
    steps = [Step(Act.ADD_LABEL, "P1"), Step(Act.ADD_LABEL, "P2")]
    await asyncio.gather(*(mover.move(one, steps, tell=said.append) for one in (await bug(github), other)))
    assert [sentence.partition(":")[0] for sentence in said] == ["#7"] * 3 + ["#8"] * 3
