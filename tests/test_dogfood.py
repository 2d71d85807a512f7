"""Deploying to dogfood: what is refused, what a person has to decide, and a run followed to its end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.dogfood import (
    Dispatch,
    Judgement,
    Run,
    RunState,
    image_in,
    image_tag,
    judge,
    run_state,
    runs_now,
    with_images,
)
from fleet_tui.domain.problem import Cause, Failure, Unconfirmed
from fleet_tui.services.docker_hub import DockerHub
from fleet_tui.services.dogfood import DispatchRecord, Dogfood
from fleet_tui.services.github import GitHub
from fleet_tui.services.http import Http
from fleet_tui.services.store import Store
from fleet_tui.services.workflows import Workflow
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.simulator.world.workflow import Workflow as WorldWorkflow
from tests.helpers import NOW, ago, config

SETTINGS = config().dependencies


def run(number: int, image: str = "", state: RunState = RunState.SUCCEEDED) -> Run:
    """The higher the number, the later it was started."""
    return Run(number, number, "Deploy", state, ago(days=100 - number), f"https://x/{number}", "mna", image)


def judged(tag: str, *runs: Run, dispatches: tuple[Dispatch, ...] = (), known: bool = True) -> Judgement:
    found = with_images(runs, dispatches)
    return judge(tag, is_known=known, runs=found, dispatches=dispatches, settings=SETTINGS, now=NOW)


# Rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "tag"),
    [("fleet-v4.45.0", "v4.45.0"), ("fleet-v4.44.1", "v4.44.1"), ("orbit-v1.22.0", None), ("v4.45.0", None),
     ("fleet-vnext", None)],
)  # fmt: skip
def test_the_image_of_a_release(release: str, tag: str | None) -> None:
    assert image_tag(release, SETTINGS) == tag


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("Deploy fleetdm/fleet:v4.45.0", "v4.45.0"),
        ("fleetdm/fleet:9f2c41d.", "9f2c41d"),
        ("Deploy quay.io/fleetdm/fleet:v4.45.0 now", "v4.45.0"),
        ("Deploy notfleetdm/fleet:v4.45.0", ""),
        ("Deploy Dogfood Environment", ""),
    ],
)
def test_the_image_that_a_title_names(title: str, tag: str) -> None:
    assert image_in(title, SETTINGS) == tag


@pytest.mark.parametrize(
    ("status", "conclusion", "state"),
    [
        ("queued", None, RunState.WAITING),
        ("waiting", None, RunState.WAITING),
        ("in_progress", None, RunState.RUNNING),
        ("completed", "success", RunState.SUCCEEDED),
        ("completed", "failure", RunState.FAILED),
        ("completed", "timed_out", RunState.FAILED),
        ("completed", "startup_failure", RunState.FAILED),
        ("completed", "something new", RunState.FAILED),
        ("completed", "cancelled", RunState.CANCELLED),
    ],
)
def test_a_status_in_words(status: str, conclusion: str | None, state: RunState) -> None:
    assert run_state(status, conclusion) is state
    assert state.is_over is (status == "completed")


@pytest.mark.parametrize("tag", ["v4.45.0", "v4.44.0", "v4.100.0"])
def test_the_same_or_a_newer_version_may_go(tag: str) -> None:
    assert judged(tag, run(1, "v4.43.0"), run(2, "v4.44.0")) == Judgement()


@pytest.mark.parametrize("tag", ["v4.43.9", "v4.9.0", "v3.99.0", "v4.44.0-rc.1"])
def test_an_older_version_is_refused(tag: str) -> None:
    (refusal,) = judged(tag, run(2, "v4.44.0")).refusals
    assert refusal == f"v4.44.0 has been deployed: {tag} is older, and migrations are not undone."


def test_an_older_version_is_refused_also_below_one_whose_image_is_not_known() -> None:
    judgement = judged("v4.43.0", run(1, "v4.44.0"), run(2))
    assert len(judgement.refusals) == len(judgement.doubts) == 1


@pytest.mark.parametrize("tag", ["main", "latest", "Main"])
def test_a_moving_tag_is_refused(tag: str) -> None:
    assert "changes with every push" in judged(tag, run(1, "v4.44.0")).refusals[0]


def test_an_unknown_tag_is_refused() -> None:
    assert judged("v4.45.0", run(1, "v4.44.0"), known=False).refusals == (
        "Docker Hub has no image fleetdm/fleet:v4.45.0.",
    )


@pytest.mark.parametrize("state", [RunState.WAITING, RunState.RUNNING])
def test_one_at_a_time(state: RunState) -> None:
    (refusal,) = judged("v4.45.0", run(1, "v4.44.0"), run(2, "v4.45.0", state)).refusals
    assert refusal == f"Run #2 {state.value}: wait for its end."


@pytest.mark.parametrize(("seconds", "refused"), [(0, 1), (179, 1), (180, 0), (-60, 1)])
def test_a_dispatch_of_a_moment_ago_refuses(seconds: int, refused: int) -> None:
    mine = Dispatch(NOW - timedelta(seconds=seconds), "v4.45.0")
    assert len(judged("v4.45.0", run(1, "v4.44.0"), dispatches=(mine,)).refusals) == refused


@pytest.mark.parametrize(
    ("tag", "runs", "doubts"),
    [
        pytest.param("v4.45.0", [], ["No deployment has succeeded"], id="nothing known"),
        pytest.param("v4.45.0", [run(1)], ["Run #1 deployed an image that GitHub does not name"], id="no name"),
        pytest.param("v4.45.0", [run(1, "9f2c41d")], ["Run #1 deployed 9f2c41d"], id="a commit runs"),
        pytest.param("9f2c41d", [run(1, "v4.44.0")], ["Whether 9f2c41d is older"], id="a commit is to go"),
        pytest.param("1234567", [run(1, "v4.44.0")], ["Whether 1234567 is older"], id="a commit of digits"),
        pytest.param("9f2c41d", [run(1, "9f2c41d")], [], id="the same commit again"),
        pytest.param(
            "v4.45.0",
            [run(1, "v4.44.0"), run(2, "v4.46.0", RunState.FAILED)],
            ["Run #2 with v4.46.0 failed: it may have migrated"],
            id="a newer one has failed since",
        ),
        pytest.param("v4.45.0", [run(1, "v4.46.0", RunState.FAILED), run(2, "v4.44.0")], [], id="… before"),
    ],
)  # fmt: skip
def test_what_is_not_known_a_person_decides(tag: str, runs: list[Run], doubts: list[str]) -> None:
    judgement = judged(tag, *runs)
    assert judgement.refusals == ()
    assert [found.startswith(start) for found, start in zip(judgement.doubts, doubts, strict=True)] == [True] * len(
        doubts
    )


def test_what_runs_is_what_succeeded_last_by_title_or_by_our_own_record() -> None:
    runs = with_images(
        [run(1, "v4.43.0"), run(3), run(2, "v4.44.0"), run(4, state=RunState.FAILED)], [Dispatch(NOW, "v4.45.0", 3)]
    )
    assert [one.id for one in runs] == [4, 3, 2, 1]
    present = runs_now(runs)
    assert present is not None
    assert (present.id, present.image) == (3, "v4.45.0")


# Against the simulator -----------------------------------------------------------------------------------------------


@pytest.fixture
def workflow(world: World) -> WorldWorkflow:
    """The workflow, which has deployed v4.44.0; Docker Hub has some more images."""
    repository = world.repo()
    made = WorldWorkflow("dogfood-deploy.yml", "Deploy Dogfood", ("DOCKER_IMAGE",))
    repository.workflows[made.file] = made
    image = {"DOCKER_IMAGE": "fleetdm/fleet:v4.44.0"}
    made.start(world.next_id(), image, by=world.user("mna"), at=ago(days=20))
    world.upstream.images["fleetdm/fleet"] = dict.fromkeys(("v4.43.0", "v4.44.0", "v4.45.0", "9f2c41d", "main"), NOW)
    return made


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = Store(None)
    yield opened
    opened.close()


@pytest.fixture
def dogfood(
    github: GitHub, http: Http, settings_there: Config, clock: FixedClock, workflow: WorldWorkflow, store: Store
) -> Dogfood:
    runs = Workflow(github, settings_there.dependencies, "main")
    record = DispatchRecord(store, settings_there)
    return Dogfood(runs, DockerHub(http, settings_there), record, settings_there, clock, look_every=0)


class Told(list[str]):
    """What was told; time goes on by 10 s with each word."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__()
        self._clock = clock

    def __call__(self, words: str) -> None:
        self.append(words)
        self._clock.advance(seconds=10)


def dispatches(simulator: Simulator) -> list[dict[str, object]]:
    return [json.loads(entry.body) for entry in simulator.requests.select("github", "POST", "/dispatches")]


async def refused(dogfood: Dogfood, tag: str, clock: FixedClock) -> str:
    with pytest.raises(Failure) as caught:
        await dogfood.deploy(tag, Told(clock))
    assert caught.value.problem.cause is Cause.REFUSED
    return caught.value.problem.sentence


async def test_a_release_is_deployed_and_its_run_followed_to_the_end(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow
) -> None:
    told = Told(clock)
    done = await dogfood.deploy("v4.45.0", told)
    assert (
        done == f"v4.45.0 is deployed to dogfood: https://github.com/fleetdm/fleet/actions/runs/{workflow.runs[-1].id}"
    )
    assert dispatches(simulator) == [
        {"ref": "main", "inputs": {"DOCKER_IMAGE": "fleetdm/fleet:v4.45.0"}, "return_run_details": True}
    ]
    words = [line.removeprefix("Run #2 ").partition(":")[0] for line in told if line.startswith("Run #2")]
    assert list(dict.fromkeys(words)) == ["waits to begin", "runs", "succeeded"]
    assert [one.image for one in await dogfood.runs()] == ["v4.45.0", "v4.44.0"]


async def test_a_run_that_fails_is_said_with_its_address(
    dogfood: Dogfood, clock: FixedClock, workflow: WorldWorkflow
) -> None:
    workflow.next_ends_as = "failure"
    with pytest.raises(Failure) as caught:
        await dogfood.deploy("v4.45.0", Told(clock))
    assert caught.value.problem.sentence == "Run #2, which deploys v4.45.0, failed."
    assert str(workflow.runs[-1].id) in caught.value.problem.remedy


@pytest.mark.parametrize("tag", ["v4.43.0", "main", "v4.46.0"])
async def test_nothing_is_started_for_what_is_refused(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, tag: str
) -> None:
    assert (await refused(dogfood, tag, clock)).startswith(f"{tag} was not deployed.")
    assert dispatches(simulator) == []


async def test_a_doubt_has_to_be_decided_by_a_person(dogfood: Dogfood, clock: FixedClock, simulator: Simulator) -> None:
    doubts = (await dogfood.judged("9f2c41d")).doubts
    assert doubts[0] in await refused(dogfood, "9f2c41d", clock)
    assert dispatches(simulator) == []
    await dogfood.deploy("9f2c41d", Told(clock), in_spite_of=doubts)
    assert len(dispatches(simulator)) == 1


async def test_an_old_host_is_asked_again_without_the_field_and_its_run_is_found(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow
) -> None:
    workflow.tells_runs = workflow.names_runs = False
    assert str(workflow.runs[0].id) not in (done := await dogfood.deploy("v4.45.0", Told(clock)))
    assert str(workflow.runs[1].id) in done
    assert ["return_run_details" in one for one in dispatches(simulator)] == [True, False]
    assert len(workflow.runs) == 2
    assert (await dogfood.runs())[0].image == "v4.45.0", "our own record tells what the title does not"


async def test_a_second_one_is_refused_while_the_first_runs_and_for_a_moment_after(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow
) -> None:
    workflow.run_seconds = 60
    await dogfood.deploy("v4.45.0", Told(clock))
    assert "a moment ago" in await refused(dogfood, "v4.45.0", clock)
    clock.advance(seconds=180)
    await dogfood.deploy("v4.45.0", Told(clock))
    workflow.start(7, {"DOCKER_IMAGE": "fleetdm/fleet:v4.45.0"}, by=workflow.runs[0].actor, at=clock())
    clock.advance(seconds=30)
    assert "Run #4 runs: wait for its end." in await refused(dogfood, "v4.45.0", clock)
    assert len(dispatches(simulator)) == 2


@pytest.mark.parametrize("fault", ["drop", "status"])
async def test_a_lost_answer_starts_no_second_run(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow, fault: str
) -> None:
    simulator.faults.add(fault, service="github", path="/dispatches", times=1)
    with pytest.raises(Unconfirmed) as caught:
        await dogfood.deploy("v4.45.0", Told(clock))
    assert "Look at its runs" in caught.value.problem.remedy
    assert len(workflow.runs) == 1
    assert len(simulator.requests.select("github", "POST", "/dispatches")) == 1


async def test_a_lost_answer_to_a_start_that_arrived_is_followed(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow
) -> None:
    simulator.faults.add("cut", service="github", path="/dispatches", times=1)
    assert str(workflow.runs[0].id) not in await dogfood.deploy("v4.45.0", Told(clock))
    assert len(workflow.runs) == len(dispatches(simulator)) + 1 == 2


async def test_of_several_new_runs_none_is_guessed(
    dogfood: Dogfood, clock: FixedClock, workflow: WorldWorkflow, world: World
) -> None:
    workflow.tells_runs = workflow.names_runs = False

    def meddle(words: str) -> None:
        if words.startswith("Starting"):
            workflow.start(7, {"DOCKER_IMAGE": "x"}, by=world.user("getvictor"), at=clock())

    with pytest.raises(Unconfirmed):
        await dogfood.deploy("v4.45.0", meddle)


async def test_a_refusal_of_github_leaves_no_trace(
    dogfood: Dogfood, clock: FixedClock, workflow: WorldWorkflow, world: World
) -> None:
    workflow.inputs = ("IMAGE",)
    assert "Unexpected inputs" in await refused(dogfood, "v4.45.0", clock)
    assert (await dogfood.judged("v4.45.0")) == Judgement()


async def test_the_run_is_followed_through_a_fault(
    dogfood: Dogfood, clock: FixedClock, simulator: Simulator, workflow: WorldWorkflow
) -> None:
    simulator.faults.add("status", service="github", path="/actions/runs/", times=2)
    told = Told(clock)
    await dogfood.deploy("v4.45.0", told)
    assert sum("cannot be seen now" in line for line in told) == 2
