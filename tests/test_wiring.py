"""How the feeds depend on each other, on the settings and on the store."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.problem import Cause
from fleet_tui.feed import Reading
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.wiring import KINDS, Backend, stored_readings
from fleet_tui.wiring.freeze import WHILE_UNSETTLED, UnfrozenRecord
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN, NOW, ago, config, until
from tests.test_outbox import wish

TOKENS = {"github": Secret(GITHUB_TOKEN), "merge-freeze": Secret(MERGE_FREEZE_TOKEN)}


class Running:
    """A backend whose feeds run, and what they published."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.polls: Counter[str] = Counter()
        self.problems: dict[str, Cause] = {}

    def take(self, name: str, reading: Reading[Any]) -> None:
        """A feed has spoken."""
        self.polls[name] += 1
        if reading.problem:
            self.problems[name] = reading.problem.cause

    def value(self, name: str) -> Any:
        """What a feed said last."""
        return self.backend.feeds[name].reading.value

    async def again(self, *names: str) -> None:
        """Wake feeds and wait for what they say."""
        before = dict(self.polls)
        self.backend.wake(names)
        await until(lambda: all(self.polls[name] > before.get(name, 0) for name in names))


@pytest.fixture
def store() -> Store:
    return Store(None)


@pytest.fixture
def run(simulator: Simulator, settings_there: Config, store: Store, clock: FixedClock) -> Callable[..., Any]:
    @asynccontextmanager
    async def run(*names: str, settings: Config = settings_there) -> AsyncIterator[Running]:
        """Run some feeds until each has spoken, and till the end of the block."""
        running = Running(Backend(settings, TOKENS, store, now=clock))
        tasks = [asyncio.create_task(running.backend.run(name, running.take)) for name in names]
        await until(lambda: all(running.polls[name] for name in names))
        try:
            yield running
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await running.backend.aclose()

    return run


def freeze(world: World) -> None:
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="lukeheath")


async def settled(running: Running, name: str) -> int:
    """How often a feed has spoken when it has nothing more to say."""
    seen = -1
    while seen != running.polls[name]:
        seen = running.polls[name]
        await asyncio.sleep(0.05)
    return seen


# Feeds that depend on each other -------------------------------------------------------------------------------------


async def test_when_the_freeze_changes_the_statuses_are_read_again(run: Callable[..., Any], world: World) -> None:
    world.repo().open_pull("Change", by="mna")
    async with run("freeze", "pulls") as running:
        before = await settled(running, "pulls")
        freeze(world)
        await running.again("freeze")
        await until(lambda: running.polls["pulls"] > before)
        assert [one.block.value for one in running.value("pulls")] == ["blocked"]


async def test_the_first_reading_of_the_freeze_is_no_change(run: Callable[..., Any], world: World) -> None:
    freeze(world)
    async with run("freeze", "pulls") as running:
        assert await settled(running, "pulls") == 1


async def test_a_freeze_that_stands_wakes_nobody(run: Callable[..., Any], world: World) -> None:
    freeze(world)
    async with run("freeze", "pulls") as running:
        await running.again("freeze")
        assert await settled(running, "pulls") == 1


async def test_the_stories_follow_the_milestone(run: Callable[..., Any], world: World, clock: FixedClock) -> None:
    async with run("milestones", "stories") as running:
        assert running.value("stories") == ()
        milestone = world.repo().add_milestone("4.70.0-tentative", by="mna", due_on=NOW + timedelta(days=4))
        world.repo().open_issue("Half done", by="mna", labels=["story"], milestone=milestone, number=50)
        world.repo().open_pull("Part", "For #50", by="mna", number=51).merge(by="mna")
        clock.advance(minutes=1)
        await running.again("milestones")
        await until(lambda: [story.number for story in running.value("stories")] == [50])


async def test_a_pull_request_that_is_merged_has_the_stories_read_anew(
    run: Callable[..., Any], world: World, clock: FixedClock
) -> None:
    milestone = world.repo().add_milestone("4.70.0-tentative", by="mna", due_on=NOW + timedelta(days=4))
    world.repo().open_issue("Half done", by="mna", labels=["story"], milestone=milestone, number=50)
    merged = world.repo().open_pull("First part", "For #50", by="mna", number=51)
    world.repo().open_pull("Second part", "For #50", by="mna", number=52)
    async with run("milestones", "stories", "pulls") as running:
        await settled(running, "stories")
        assert running.value("stories") == ()
        clock.advance(minutes=1)
        merged.merge(by="mna")
        await running.again("pulls")
        await until(lambda: [(one.merged, one.open) for one in running.value("stories")] == [((51,), (52,))])


async def test_a_new_pull_request_is_no_reason_to_read_the_stories(
    run: Callable[..., Any], world: World, clock: FixedClock
) -> None:
    async with run("stories", "pulls", "milestones") as running:
        before = await settled(running, "stories")
        clock.advance(minutes=1)
        world.repo().open_pull("New", by="mna")
        await running.again("pulls")
        assert await settled(running, "stories") == before


async def test_one_feed_that_fails_does_not_stop_the_others(run: Callable[..., Any], simulator: Simulator) -> None:
    simulator.faults.add("status", service="mergefreeze")
    async with run("freeze", "me") as running:
        assert running.problems == {"freeze": Cause.SERVER}
        assert running.backend.login == "mna"


async def test_a_feed_that_needs_another_says_what_is_amiss_there_and_comes_with_it(
    run: Callable[..., Any], simulator: Simulator
) -> None:
    """It has nothing to say by itself: that there are no stories would not be true."""
    simulator.faults.add("status", service="github", path="milestones")
    async with run("stories", "milestones") as running:
        assert running.problems == {"milestones": Cause.SERVER, "stories": Cause.SERVER}
        assert running.backend.feeds["stories"].reading.at is None
        simulator.faults.clear()
        await running.again("milestones")
        await until(lambda: running.backend.feeds["stories"].reading.problem is None)
        assert running.value("stories") == ()


async def test_what_was_asked_before_a_comment_was_written_is_asked_again_after_it(
    run: Callable[..., Any], simulator: Simulator, world: World
) -> None:
    world.repo().open_pull("A change", by="getvictor", number=1)
    async with run("me") as running:
        backend = running.backend
        simulator.faults.add("hang", path="/user$", times=1)
        simulator.requests.clear()
        before = asyncio.create_task(backend.github.login())
        await until(lambda: simulator.requests.select("github", "GET"))
        await backend.writer.comment(1, "Done")
        async with asyncio.timeout(5):
            assert await backend.github.login() == "mna"
        before.cancel()


async def test_requests_are_counted_for_the_feed_that_made_them(run: Callable[..., Any]) -> None:
    async with run("freeze", "milestones", "me") as running:
        await running.again("milestones")
        http = running.backend.http
        assert (http.spent["freeze"], http.spent["milestones"], http.spent["me"]) == (1, 2, 1)
        assert http.unchanged["milestones"] == 1


async def test_a_feed_that_is_woken_at_the_moment_of_its_end_ends(run: Callable[..., Any]) -> None:
    async with asyncio.timeout(5):
        async with run("freeze") as running:
            running.backend.wake(("freeze",))
        assert running.polls["freeze"] == 1


# How often they poll -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "open"])
async def test_polls_are_closer_together_while_the_branch_is_frozen(
    run: Callable[..., Any], world: World, settings_there: Config, frozen: bool
) -> None:
    if frozen:
        freeze(world)
    async with run("freeze") as running:
        polling, feeds = settings_there.polling, running.backend.feeds
        usual = (polling.freeze_while_frozen, polling.pulls_while_frozen) if frozen else (polling.freeze, polling.pulls)
        assert (feeds["freeze"].every(), feeds["pulls"].every()) == usual


async def test_while_statuses_turn_the_pull_requests_are_read_more_often(run: Callable[..., Any]) -> None:
    async with run("pulls") as running:
        running.backend.freeze.statuses_are_changing()
        assert running.backend.feeds["pulls"].every() == WHILE_UNSETTLED


async def test_settings_that_poll_faster_than_that_hold(run: Callable[..., Any], settings_there: Config) -> None:

    hurried = replace(settings_there, polling=replace(settings_there.polling, pulls=20, stories=33, milestones=44))
    async with run("freeze", settings=hurried) as running:
        feeds = running.backend.feeds
        assert [feeds[name].every() for name in ("pulls", "stories", "milestones")] == [20, 33, 44]


# What is kept --------------------------------------------------------------------------------------------------------


def test_without_a_former_run_nothing_is_known(store: Store) -> None:
    assert stored_readings(store) == {name: Reading() for name in KINDS}


def test_the_readings_of_a_former_run_are_marked_as_such(store: Store) -> None:
    store.save_reading("freeze", ago(hours=3), BranchState("main", True))
    reading = stored_readings(store)["freeze"]
    assert (reading.value, reading.at, reading.stored) == (BranchState("main", True), ago(hours=3), True)
    assert reading.is_stale(NOW, 1e9)


def test_a_reading_of_another_version_is_not_taken_for_one(store: Store) -> None:
    store.save_reading("freeze", NOW, ["something", "else"])
    assert stored_readings(store)["freeze"] == Reading()


async def test_at_the_end_every_reading_is_kept_with_the_time_of_its_last_poll(
    run: Callable[..., Any], world: World, store: Store, clock: FixedClock
) -> None:
    freeze(world)
    world.repo().open_pull("Change", by="mna", number=9)
    async with run("freeze", "pulls", "me") as running:
        clock.advance(minutes=7)
        await running.again("freeze")
    kept = stored_readings(store)
    assert kept["freeze"].value == running.value("freeze")
    assert kept["freeze"].at == NOW + timedelta(minutes=7)
    assert [one.number for one in kept["pulls"].value or ()] == [9]
    assert kept["me"].value == "mna"
    assert kept["stories"] == Reading()


async def test_a_change_is_kept_at_once_and_not_only_at_the_end(
    run: Callable[..., Any], world: World, store: Store
) -> None:
    async with run("freeze") as running:
        freeze(world)
        await running.again("freeze")
        await until(lambda: stored_readings(store)["freeze"].value.frozen)  # type: ignore[union-attr]


async def test_a_run_that_could_read_nothing_leaves_the_former_readings(
    run: Callable[..., Any], simulator: Simulator, store: Store
) -> None:
    store.save_reading("freeze", ago(hours=3), BranchState("main", True))
    simulator.faults.add("drop")
    async with run("freeze") as running:
        assert running.value("freeze") == BranchState("main", True)
    kept = stored_readings(store)["freeze"]
    assert (kept.value, kept.at) == (BranchState("main", True), ago(hours=3))


def test_the_record_of_unfrozen_pull_requests_is_of_one_branch(store: Store) -> None:
    UnfrozenRecord(store, config()).save(frozenset({1, 2}))
    assert UnfrozenRecord(store, config()).load() == {1, 2}
    assert UnfrozenRecord(store, config(team={"branch": "next"})).load() == frozenset()
    assert UnfrozenRecord(store, config(team={"repository": "fleetdm/other"})).load() == frozenset()


async def test_without_a_token_the_feeds_say_so_and_ask_nobody(
    simulator: Simulator, settings_there: Config, store: Store, clock: FixedClock
) -> None:
    backend = Backend(settings_there, {}, store, now=clock)
    reading = await backend.feeds["freeze"].poll()
    await backend.aclose()
    assert reading.problem
    assert reading.problem.cause is Cause.TOKEN


async def test_a_state_file_that_fails_at_the_start_does_not_stop_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened, and then held by another program, full, or damaged where nobody has looked yet."""
    monkeypatch.setattr("fleet_tui.services.store.LOCK_SECONDS", 0.02)
    path = tmp_path / "state.db"
    with closing(Store(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        backend = Backend(config(), TOKENS, store, now=lambda: NOW)
        assert store.trouble == ("The state file cannot be written (database is locked). What happens now is not kept.")
        outbox = backend.release_qa.outbox
        (kept,) = outbox.save(wish())
        assert outbox.pending(7) == (kept,)
        other.execute("ROLLBACK")
        await backend.aclose()
