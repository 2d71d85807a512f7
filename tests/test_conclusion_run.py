"""A milestone of 80 issues is concluded: the right fates, carried out once, whatever stops it on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion_steps import Do
from fleet_tui.domain.conclusion_text import Report
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services.conclusion_journal import ConclusionJournal, State
from fleet_tui.services.conclusion_run import Pace, Progress
from fleet_tui.services.http import Http
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed.milestone_world import CELEBRATED, KINDS, Kind, Right, open_milestone, standing_of
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from tests.conclusions import Bench, bench, planned, systems
from tests.helpers import NOW

AT_ONCE = Pace(an_hour=500, apart=0.0, settle=0.0)


@pytest.fixture
def right(world: World) -> dict[int, Right]:
    """One issue of each kind, and what is right for each."""
    return opened(world, [replace(kind, count=1) for kind in KINDS])


def opened(world: World, kinds: Iterable[Kind]) -> dict[int, Right]:
    world.limits.points_per_minute = world.limits.creations_per_minute = 100_000  # its clock stands still
    return open_milestone(world, kinds)


@pytest.fixture
def program(http: Http, settings_there: Config, tmp_path: Path, clock: FixedClock) -> Iterator[Bench]:
    store = Store(tmp_path / "state.db")
    with bench(systems(http, settings_there), settings_there, store, clock) as made:
        yield made
    store.close()


def writes(simulator: Simulator) -> Counter[tuple[str, str, str, str]]:
    """All that changes something, by what it says."""
    return Counter(
        (entry.service, entry.method, entry.path, entry.body)
        for entry in simulator.requests
        if (entry.service == "github" and entry.method != "GET")
        or (entry.service == "mergefreeze" and entry.method == "POST")
        or (entry.service == "zenhub" and "mutation" in entry.body)
    )


def assert_concluded(world: World, right: dict[int, Right]) -> None:
    milestones = world.repo().milestones
    assert [(one.title, one.state) for one in milestones.values()] == [
        ("4.45.0", "closed"), ("4.44.1", "open"), ("4.46.0-tentative", "open"),
    ]  # fmt: skip
    due = milestones[3].due_on
    assert due is not None
    assert due.isoformat() == "2025-06-30T07:00:00+00:00"
    assert {number: standing_of(world, number) for number in right} == {n: one.after for n, one in right.items()}
    assert not world.merge_freeze.branch().frozen


async def test_the_dry_run_lists_the_right_80_fates_and_changes_nothing(
    program: Bench, simulator: Simulator, world: World
) -> None:
    right = opened(world, KINDS)
    plan = await planned(program.there, program.config)
    assert {fate.ticket.number: fate.outcome.name.lower() for fate in plan.fates} == {
        number: one.fate for number, one in right.items()
    }
    assert len(right) == 80
    assert not writes(simulator)


@pytest.mark.parametrize("board", ["#g-mdm", "drafting"])
async def test_a_board_whose_column_has_another_name_is_not_misread(program: Bench, world: World, board: str) -> None:
    opened(world, KINDS)
    boards = world.boards
    columns = (boards.drafting if board == "drafting" else boards.board(board)).columns
    columns[-1] = "Shippable"
    with pytest.raises(Failure, match="The board has no column “"):
        await planned(program.there, program.config)


async def test_the_run_carries_them_out_each_step_once(program: Bench, simulator: Simulator, world: World) -> None:
    right = opened(world, KINDS)
    told: list[Progress] = []
    report = await (await program.run(AT_ONCE)).run(told.append)
    assert_concluded(world, right)
    assert set(writes(simulator).values()) == {1}
    assert [step.do for step in report.left] == [Do.BY_HAND, Do.ANNOUNCE]
    assert report.found == ()
    assert sum(writes(simulator).values()) == len(report.done)
    assert [one.over for one in told] == list(range(len(report.done) + 1))
    assert told[0].words == "Rename the milestone to 4.45.0 …"
    assert told[-1].total == len(report.done)


async def test_what_somebody_else_has_done_meanwhile_is_found_and_not_done_again(
    program: Bench, right: dict[int, Right], simulator: Simulator, world: World
) -> None:
    run = await program.run(AT_ONCE)
    story = world.issue(18_001)
    story.add_labels(":product", by="lukeheath")
    story.remove_label(":release", by="lukeheath")
    world.boards.drafting.placed[story.number] = CELEBRATED
    world.repo().add_milestone("4.46.0-tentative", by="lukeheath")
    world.merge_freeze.unfreeze(world.merge_freeze.branch())
    report = await run.run(lambda _: None)
    assert [step.id for step in report.found] == [
        "label #18001 :product", "unlabel #18001 :release", "move #18001 Confirm and celebrate",
        "next 4.46.0-tentative", "lift main",
    ]  # fmt: skip
    assert not [what for what in writes(simulator) if "18001" in what[2]]


async def interrupted(program: Bench) -> Failure:
    with pytest.raises(Failure) as caught:
        await (await program.run(AT_ONCE)).run(lambda _: None)
    return caught.value


STOPS = [
    pytest.param("secondary_limit", {}, Cause.LIMITED, id="limit of writes"),
    pytest.param("primary_limit", {}, Cause.LIMITED, id="limit of requests"),
    pytest.param("drop", {}, Cause.OFFLINE, id="network gone"),
    pytest.param("drop", {"after": True}, Cause.OFFLINE, id="network gone after the write"),
    pytest.param("status", {"status": 502}, Cause.SERVER, id="a fault of GitHub"),
    pytest.param("status", {"status": 502, "after": True}, Cause.SERVER, id="a fault of GitHub after the write"),
    pytest.param("unauthorized", {}, Cause.TOKEN, id="token withdrawn"),
]


@pytest.mark.parametrize("path", [r"/issues/180\d\d/labels", r"/milestones$", r"/issues/18005"])
@pytest.mark.parametrize(("fault", "options", "cause"), STOPS)
async def test_stopped_in_the_middle_it_goes_on_where_it_was(
    program: Bench,
    right: dict[int, Right],
    simulator: Simulator,
    world: World,
    path: str,
    fault: str,
    options: dict[str, Any],
    cause: Cause,
) -> None:
    """The fault lasts: looking fails as well, until the person goes on."""
    run = await program.run(AT_ONCE)
    simulator.faults.add(fault, service="github", method="POST|PATCH|DELETE", path=path, times=1, **options)
    simulator.faults.add(fault, service="github", method="GET", path=path.removesuffix("/labels"), **options)
    with pytest.raises(Failure) as caught:
        await run.run(lambda _: None)
    assert caught.value.problem.cause is cause
    simulator.faults.clear()
    await (await program.run(AT_ONCE)).run(lambda _: None)
    assert_concluded(world, right)
    arrived = Counter(
        (entry.method, entry.path, entry.body)
        for entry in simulator.requests.select("github")
        if entry.method != "GET" and (entry.fault is None or options.get("after"))
    )
    assert set(arrived.values()) == {1}


@pytest.mark.parametrize("fault", ["drop", "not_json", "empty"])
async def test_an_answer_that_got_lost_is_looked_for_and_the_write_not_sent_again(
    program: Bench, right: dict[int, Right], simulator: Simulator, world: World, fault: str
) -> None:
    run = await program.run(AT_ONCE)
    simulator.faults.add(fault, service="github", method="POST|PATCH|DELETE", times=20, after=True)
    simulator.faults.add(fault, service="github", method="POST", path="/milestones$", times=1, after=True)
    await run.run(lambda _: None)
    assert_concluded(world, right)
    assert set(writes(simulator).values()) == {1}


async def test_a_token_that_may_not_is_told_and_nothing_passed_over(
    program: Bench, right: dict[int, Right], simulator: Simulator, world: World
) -> None:
    run = await program.run(AT_ONCE)
    simulator.faults.add("forbidden", service="github", method="DELETE")
    with pytest.raises(Failure, match="may not do this"):
        await run.run(lambda _: None)
    begun = program.journal.unfinished()
    assert begun is not None
    states = Counter(row.state for row in program.journal.rows(begun.milestone))
    assert (states[State.DONE], states[State.STARTED]) == (2, 1)


async def test_a_step_that_cannot_be_done_is_ticked_by_a_person(
    program: Bench, right: dict[int, Right], simulator: Simulator, world: World
) -> None:
    await program.run(AT_ONCE)
    world.repo().delete(18_005)
    assert (await interrupted(program)).problem.cause is Cause.MISSING
    begun = program.journal.unfinished()
    assert begun is not None
    stuck = next(row.step for row in program.journal.rows(begun.milestone) if not row.state.is_over)
    assert stuck.issue == 18_005
    program.journal.tick(begun.milestone, stuck.id, NOW)
    await (await program.run(AT_ONCE)).run(lambda _: None)
    del right[18_005]
    assert_concluded(world, right)


async def test_a_freeze_that_began_since_is_not_lifted(
    program: Bench, right: dict[int, Right], simulator: Simulator, world: World, clock: FixedClock
) -> None:
    run = await program.run(AT_ONCE)
    simulator.faults.add("status", service="github", method="POST", path="/milestones$")
    with pytest.raises(Failure):
        await run.run(lambda _: None)
    simulator.faults.clear()
    branch = world.merge_freeze.branch()
    world.merge_freeze.unfreeze(branch)
    clock.advance(days=15)
    world.merge_freeze.freeze(branch, by="lukeheath")
    report = await (await program.run(AT_ONCE)).run(lambda _: None)
    assert branch.frozen
    assert [step.do for step in report.found] == [Do.LIFT]


async def test_without_zenhub_the_rest_is_carried_out(
    http: Http, settings_there: Config, right: object, world: World, clock: FixedClock
) -> None:
    with bench(systems(http, settings_there, zenhub=False), settings_there, Store(None), clock) as program:
        report = await (await program.run(AT_ONCE)).run(lambda _: None)
    assert [step.do for step in report.done] == [Do.RENAME, Do.END, Do.NEXT, Do.LIFT]
    assert len(report.for_a_person) == 4
    assert world.issue(18_001).label_names == ["#g-endpoint-ops", ":release", "story"]


# Pace ----------------------------------------------------------------------------------------------------------------


async def test_no_more_writes_an_hour_than_allowed(program: Bench, world: World, clock: FixedClock) -> None:
    opened(world, KINDS)
    run = await program.run(Pace(an_hour=40, apart=1.0, settle=0.0))
    moments: list[Any] = []
    original = run._outside.do

    async def do(step: Any) -> None:
        if step.do.writes_to_github:
            moments.append(clock())
        await original(step)

    async def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    run._outside.do, run._sleep = do, sleep  # type: ignore[method-assign]
    told: list[Progress] = []
    await run.run(told.append)
    assert len(moments) > 80
    assert all(later - former >= timedelta(seconds=1) for former, later in pairwise(moments))
    assert all(later - former >= timedelta(hours=1) for former, later in zip(moments, moments[40:], strict=False))
    assert any("waiting until 16:00 UTC" in one.words for one in told)


@given(st.lists(st.integers(0, 7200), max_size=60).map(sorted), st.integers(1, 20), st.sampled_from([0.0, 1.0, 5.0]))
def test_a_write_after_the_wait_breaks_no_limit(seconds: list[int], an_hour: int, apart: float) -> None:
    former = [NOW + timedelta(seconds=one) for one in seconds]
    now = former[-1] if former else NOW
    wait = Pace(an_hour, apart).wait(former, now)
    write = now + timedelta(seconds=wait)
    assert wait >= 0
    if seconds and len(former) < an_hour:
        assert write - former[-1] == timedelta(seconds=apart)
    if len(former) >= an_hour:
        assert write - former[-an_hour] >= timedelta(hours=1) or wait == 0
        assert write - former[-an_hour] >= timedelta(hours=1)


# The journal ---------------------------------------------------------------------------------------------------------


async def test_another_program_keeps_off_until_this_one_is_gone(
    program: Bench, right: dict[int, Right], tmp_path: Path
) -> None:
    run = await program.run(AT_ONCE)
    other = ConclusionJournal(Store(tmp_path / "state.db"), "fleetdm/fleet")
    with pytest.raises(Failure, match="Another program on this computer"):
        other.claim(1)
    program.journal.close()
    other.claim(1)
    with pytest.raises(Failure, match="was begun already"):
        other.begin(1, "4.45.0", [], NOW)
    other.abandon(1)
    assert other.unfinished() is None
    with pytest.raises(Failure, match="was not begun"):
        other.report(1)
    other.close()
    assert run is not None


async def test_a_disk_that_fails_stops_it_before_anything_is_sent(
    program: Bench, right: dict[int, Right], simulator: Simulator, tmp_path: Path
) -> None:
    run = await program.run(AT_ONCE)
    program.journal._store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Failure, match="no step is taken"):
        await run.run(lambda _: None)
    assert not writes(simulator)


async def test_the_report_knows_what_a_person_did(program: Bench, right: dict[int, Right]) -> None:
    report: Report = await (await program.run(AT_ONCE)).run(lambda _: None)
    assert program.journal.unfinished() is None
    for step in report.for_a_person:
        program.journal.tick(1, step.id, NOW)
    assert program.journal.report(1).is_complete
    assert json.dumps(report.title) == '"Milestone 4.45.0"'
