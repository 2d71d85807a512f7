"""Changing the freeze: nothing that others unfroze is lost, and nothing is believed before it is seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import FreezeLost
from fleet_tui.domain.problem import Cause, Failure, Unconfirmed
from fleet_tui.domain.pulls import PullRequest
from fleet_tui.services import http as http_module
from fleet_tui.services.freeze_writes import FreezeWrites
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_pulls import OpenPulls
from fleet_tui.services.http import Http
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.secret import Secret
from fleet_tui.simulator import world as simulated
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, FrozenBranch, World
from tests.helpers import MERGE_FREEZE_TOKEN, until

DRI = "lukeheath"


class Kept:
    """A record in memory."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.numbers = frozenset(numbers)

    def load(self) -> frozenset[int]:
        return self.numbers

    def save(self, numbers: frozenset[int]) -> None:
        self.numbers = numbers


class Scene:
    """Four pull requests against a branch, the program, and Merge Freeze."""

    def __init__(
        self, simulator: Simulator, http: Http, github: GitHub, settings: Config, clock: FixedClock, **options: Any
    ) -> None:
        self.simulator = simulator
        self.there = simulator.world.merge_freeze
        self.branch = self.there.branch()
        self.clock = clock
        self.record = Kept()
        self.told: list[str] = []
        self.writes = FreezeWrites(
            MergeFreeze(http, merge_freeze_service(settings, Secret(MERGE_FREEZE_TOKEN)), settings),
            github,
            self.record,
            branch="main",
            status_context="mergefreeze",
            look_every=0.005,
            seconds_a_pull=0.0,
            least_seconds=2.0,
        )
        self._open_pulls = OpenPulls(github, settings, clock)

    async def look(self) -> None:
        """Read the open pull requests, as the program has them from now on."""
        self.pulls: tuple[PullRequest, ...] = await self._open_pulls.read()
        self.simulator.requests.clear()

    def freeze(self, *unblocked: int, by: str = DRI) -> None:
        """Somebody freezes the branch, or changes the list, on the web page."""
        self.there.freeze(self.branch, by=by, note="4.70", unblocked=unblocked)
        self.clock.advance(seconds=10)

    async def unfreeze(self, number: int) -> str:
        (pull,) = (one for one in self.pulls if one.number == number)
        return await self.writes.unfreeze(pull, self.pulls, by="mna", tell=self.told.append)

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was posted to Merge Freeze."""
        forms = [parse_qs(entry.body) for entry in self.simulator.requests.select("mergefreeze", "POST")]
        return [
            {name: json.loads(value) if name == "unblocked_prs" else value for name, (value,) in form.items()}
            for form in forms
        ]

    def once_changed(self, deed: Callable[[FrozenBranch], None]) -> None:
        """Do something right after the next change of the branch, before anybody can look."""

        def act(branch: FrozenBranch) -> None:
            self.there.on_change.remove(act)
            deed(branch)

        self.there.on_change.append(act)


@pytest.fixture
def pulls_there(world: World) -> list[simulated.PullRequest]:
    return [world.repo().open_pull(f"Change {number}", by="getvictor") for number in range(1, 5)]


@pytest.fixture
async def scene(
    pulls_there: list[simulated.PullRequest],
    simulator: Simulator,
    http: Http,
    github: GitHub,
    settings_there: Config,
    clock: FixedClock,
) -> Scene:
    """The branch is frozen but for #2, and the program has seen it."""
    scene = Scene(simulator, http, github, settings_there, clock)
    clock.advance(minutes=5)
    scene.freeze(2)
    await scene.look()
    return scene


async def fails(write: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        await write
    return caught.value


# Unfreezing one pull request -----------------------------------------------------------------------------------------


async def test_the_complete_list_is_sent_and_read_back(scene: Scene) -> None:
    assert await scene.unfreeze(1) == "#1 may merge now."
    assert scene.posts == [{"frozen": "true", "user_name": "mna", "note": "4.70", "unblocked_prs": [1, 2]}]
    assert sorted(scene.branch.unblocked) == [1, 2]
    assert scene.branch.frozen
    assert scene.record.numbers == {1, 2}


async def test_each_step_is_told(scene: Scene) -> None:
    scene.there.status_delay = 0.01
    await scene.unfreeze(4)
    assert scene.told[:3] == [
        "Looking how main stands …",
        "Asking Merge Freeze to unfreeze #4, beside 1 that already are …",
        "Waiting for GitHub to show #4 as unfrozen … 0 s of at most 2 s",
    ]
    assert len(scene.told) > 3
    assert len(set(scene.told)) == 3


async def test_nothing_is_said_of_others_where_there_are_none(scene: Scene) -> None:
    scene.freeze()
    await scene.unfreeze(1)
    assert "Asking Merge Freeze to unfreeze #1 …" in scene.told


async def test_it_is_done_only_when_github_shows_it(scene: Scene, pulls_there: list[simulated.PullRequest]) -> None:
    scene.there.status_delay = 0.02
    await scene.unfreeze(4)
    assert [status.state for status in pulls_there[3].head.latest_statuses()] == ["success"]


async def test_what_somebody_else_unfroze_meanwhile_stays_unfrozen(scene: Scene) -> None:
    scene.freeze(2, 3, by="georgekarrv")
    await scene.unfreeze(1)
    assert sorted(scene.branch.unblocked) == [1, 2, 3]


async def test_what_somebody_else_froze_again_meanwhile_stays_frozen(scene: Scene) -> None:
    scene.freeze(by="georgekarrv")
    await scene.unfreeze(1)
    assert scene.branch.unblocked == [1]


async def test_unfreezing_what_is_unfrozen_changes_nothing(scene: Scene) -> None:
    assert await scene.unfreeze(2) == "#2 may merge now."
    assert scene.branch.unblocked == [2]


@pytest.mark.parametrize("lists", [True, False], ids=["it lists them", "it lists nothing"])
async def test_two_at_the_same_moment_are_both_unfrozen(scene: Scene, lists: bool) -> None:
    scene.there.lists_unblocked = lists
    scene.record.save(frozenset({2}))
    scene.there.status_delay = 0.005
    done = list(await asyncio.gather(scene.unfreeze(4), scene.unfreeze(1)))
    assert done == ["#4 may merge now.", "#1 may merge now."]
    assert [post["unblocked_prs"] for post in scene.posts] == [[2, 4], [1, 2, 4]]
    assert sorted(scene.branch.unblocked) == [1, 2, 4]
    assert scene.record.numbers == {1, 2, 4}


async def test_a_branch_that_is_not_frozen_any_more_is_not_touched(scene: Scene) -> None:
    scene.there.unfreeze(scene.branch)
    failure = await fails(scene.unfreeze(1))
    assert failure.problem.cause is Cause.REFUSED
    assert failure.problem.text == "main is not frozen any more. #1 can merge as it is."
    assert scene.posts == []
    assert not scene.branch.frozen


async def test_a_list_that_somebody_replaced_at_the_same_moment_is_noticed(scene: Scene) -> None:
    scene.once_changed(lambda branch: scene.there.freeze(branch, by="georgekarrv", unblocked=[3]))
    failure = await fails(scene.unfreeze(1))
    assert failure.problem.cause is Cause.REFUSED
    assert failure.problem.sentence.startswith("#1 is not in Merge Freeze's list")
    assert scene.record.numbers == {3}


# A service that does not list what is unfrozen -----------------------------------------------------------------------


async def test_without_a_list_our_last_write_counts_before_its_status_has_turned(scene: Scene) -> None:
    scene.there.lists_unblocked = False
    scene.writes._least_seconds = 0.05
    scene.there.status_delay = 3600
    assert isinstance(await fails(scene.unfreeze(1)), Unconfirmed)
    scene.writes._least_seconds = 2.0
    scene.there.status_delay = 0
    await scene.unfreeze(3)
    assert [post["unblocked_prs"] for post in scene.posts] == [[1], [1, 3]]


@pytest.mark.parametrize("fresh", [True, False], ids=["seen since", "not seen yet"])
async def test_without_a_list_the_statuses_tell_what_others_unfroze(scene: Scene, fresh: bool) -> None:
    scene.there.lists_unblocked = False
    scene.freeze(3, by="georgekarrv")
    if fresh:
        scene.clock.advance(minutes=16)
        await scene.look()
    await scene.unfreeze(1)
    assert [post["unblocked_prs"] for post in scene.posts] == [[1, 3]]
    assert scene.record.numbers == {1, 3}


async def test_without_a_list_our_record_counts_where_a_status_confirms_it(scene: Scene) -> None:
    scene.there.lists_unblocked = False
    scene.record.save(frozenset({2, 3, 99}))  # #3 was unfrozen in a former freeze, #99 is no longer open
    await scene.unfreeze(1)
    assert [post["unblocked_prs"] for post in scene.posts] == [[1, 2]]
    assert scene.record.numbers == {1, 2}


async def test_without_a_list_and_statuses_nothing_is_written(scene: Scene) -> None:
    scene.there.lists_unblocked = False
    scene.simulator.faults.add("status", service="github")
    assert (await fails(scene.unfreeze(1))).problem.cause is Cause.SERVER
    assert scene.posts == []


# Lost answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["status", "drop", "hang"])
async def test_a_write_whose_answer_was_lost_is_looked_for_and_not_repeated(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "hang":
        monkeypatch.setattr(http_module, "ANSWER_SECONDS", 0.1)
    scene.simulator.faults.add(fault, service="mergefreeze", method="POST", after=True)
    assert await scene.unfreeze(1) == "#1 may merge now."
    assert len(scene.posts) == 1
    assert scene.record.numbers == {1, 2}


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("status", Cause.SERVER),
        ("drop", Cause.OFFLINE),
        ("unauthorized", Cause.TOKEN),
        ("forbidden", Cause.PERMISSION),
        ("secondary_limit", Cause.LIMITED),
    ],
)
async def test_a_write_that_was_not_carried_out_is_a_failure_and_not_repeated(
    scene: Scene, fault: str, cause: Cause
) -> None:
    scene.simulator.faults.add(fault, service="mergefreeze", method="POST")
    failure = await fails(scene.unfreeze(1))
    assert failure.problem.cause is cause
    assert len(scene.posts) == 1
    assert scene.branch.unblocked == [2]
    assert scene.record.numbers == frozenset()


async def test_a_lost_answer_of_a_service_that_lists_nothing_is_not_taken_for_a_success(scene: Scene) -> None:
    scene.there.lists_unblocked = False
    scene.simulator.faults.add("drop", service="mergefreeze", method="POST", after=True)
    assert (await fails(scene.unfreeze(1))).problem.cause is Cause.OFFLINE
    assert len(scene.posts) == 1


async def test_a_read_that_fails_before_the_write_writes_nothing(scene: Scene) -> None:
    scene.simulator.faults.add("status", service="mergefreeze", method="GET", status=500)
    assert (await fails(scene.unfreeze(1))).problem.cause is Cause.SERVER
    assert scene.posts == []


# A freeze that got lost ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer_lost", [False, True], ids=["answered", "answer lost"])
async def test_a_branch_that_comes_out_open_is_reported_with_the_list_to_restore(
    scene: Scene, answer_lost: bool
) -> None:
    scene.there.loses_freeze_on_next_post = True
    if answer_lost:
        scene.simulator.faults.add("status", service="mergefreeze", method="POST", after=True)
    failure = await fails(scene.unfreeze(1))
    assert isinstance(failure, FreezeLost)
    assert failure.unfrozen == {1, 2}
    assert failure.problem.text == "main came out OPEN: Merge Freeze has lifted the whole freeze. Freeze it again now."
    assert len(scene.posts) == 1


@pytest.mark.parametrize("lists", [True, False], ids=["it lists them", "it lists nothing"])
async def test_a_service_that_says_frozen_of_an_open_branch_is_found_out_by_the_statuses(
    scene: Scene, lists: bool
) -> None:
    scene.there.lists_unblocked = lists
    scene.once_changed(lambda branch: scene.there.lose_freeze(branch, branch.unblocked))
    failure = await fails(scene.unfreeze(3))
    assert isinstance(failure, FreezeLost)
    assert 3 in failure.unfrozen
    assert scene.branch.claims_frozen
    assert not scene.branch.frozen


async def test_one_that_somebody_else_unfreezes_meanwhile_is_no_lost_freeze(scene: Scene) -> None:
    scene.there.status_delay = 0.02
    unfreezing = asyncio.create_task(scene.unfreeze(4))
    await until(lambda: scene.branch.unblocked == [2, 4])
    scene.freeze(1, 2, 4, by="georgekarrv")
    assert await unfreezing == "#4 may merge now."


async def test_a_lost_freeze_can_be_restored(scene: Scene) -> None:
    scene.there.loses_freeze_on_next_post = True
    failure = await fails(scene.unfreeze(1))
    assert isinstance(failure, FreezeLost)
    await scene.writes.freeze(by="mna", note="restored", unfrozen=failure.unfrozen, tell=scene.told.append)
    assert scene.branch.frozen
    assert sorted(scene.branch.unblocked) == [1, 2]
    assert scene.record.numbers == {1, 2}


# Waiting for the status ----------------------------------------------------------------------------------------------


async def test_a_status_that_does_not_turn_is_not_confirmed(scene: Scene) -> None:
    scene.there.status_delay = 3600
    scene.writes._least_seconds = 0.05
    failure = await fails(scene.unfreeze(1))
    assert isinstance(failure, Unconfirmed)
    assert failure.problem.text == (
        "Merge Freeze took #1, but GitHub does not show it as unfrozen yet. Its row will show when it is."
    )
    assert scene.record.numbers == {1, 2}


async def test_looking_goes_on_over_failures(scene: Scene) -> None:
    scene.simulator.faults.add("status", service="github", path="/status$", times=5)
    assert await scene.unfreeze(1) == "#1 may merge now."


async def test_failures_while_looking_are_told_when_it_is_not_confirmed(scene: Scene) -> None:
    scene.writes._least_seconds = 0.05
    scene.simulator.faults.add("status", service="github", path="/status$", status=503)
    failure = await fails(scene.unfreeze(1))
    assert isinstance(failure, Unconfirmed)
    assert "503" in failure.problem.detail


# Freezing and lifting ------------------------------------------------------------------------------------------------


async def test_freezing_sends_note_and_list_and_is_read_back(scene: Scene) -> None:
    scene.there.unfreeze(scene.branch)
    sentence = await scene.writes.freeze(by="mna", note="4.71", unfrozen=[3], tell=scene.told.append)
    assert sentence == "main is frozen."
    assert scene.told == ["Freezing main …"]
    assert (scene.branch.frozen, scene.branch.note, scene.branch.unblocked) == (True, "4.71", [3])
    assert scene.record.numbers == {3}


async def test_a_freeze_that_does_not_come_is_refused(scene: Scene) -> None:
    scene.there.unfreeze(scene.branch)
    scene.there.loses_freeze_on_next_post = True
    failure = await fails(scene.writes.freeze(by="mna", note="", tell=scene.told.append))
    assert failure.problem.text == "Merge Freeze took it, but main is still open. Freeze it at mergefreeze.com."
    assert len(scene.posts) == 1


async def test_lifting_opens_the_branch_and_forgets_the_list(scene: Scene) -> None:
    scene.record.save(frozenset({2}))
    assert await scene.writes.lift(by="mna", note="released", tell=scene.told.append) == "main is open."
    assert scene.told == ["Lifting the freeze of main …"]
    assert not scene.branch.frozen
    assert scene.record.numbers == frozenset()


async def test_a_freeze_that_stays_is_told(scene: Scene) -> None:
    scene.once_changed(lambda branch: scene.there.freeze(branch, by="georgekarrv"))
    failure = await fails(scene.writes.lift(by="mna", note="", tell=scene.told.append))
    assert failure.problem.text == "Merge Freeze took it, but main is still frozen. Lift it at mergefreeze.com."
    assert len(scene.posts) == 1


async def test_a_freeze_or_a_lift_whose_answer_was_lost_is_believed_once_it_is_read_back(scene: Scene) -> None:
    scene.there.unfreeze(scene.branch)
    scene.simulator.faults.add("drop", service="mergefreeze", method="POST", after=True)
    await scene.writes.freeze(by=DRI, note="", tell=scene.told.append)
    assert scene.branch.frozen
    await scene.writes.lift(by=DRI, note="", tell=scene.told.append)
    assert not scene.branch.frozen
    posts = scene.simulator.requests.select("mergefreeze", "POST")
    assert len(posts) == 2, "never sent twice"


async def test_a_freeze_that_never_arrived_is_a_failure(scene: Scene) -> None:
    scene.there.unfreeze(scene.branch)
    scene.simulator.faults.add("drop", service="mergefreeze", method="POST")
    with pytest.raises(Failure) as caught:
        await scene.writes.freeze(by=DRI, note="", tell=scene.told.append)
    assert caught.value.problem.cause is Cause.OFFLINE
    assert not scene.branch.frozen
