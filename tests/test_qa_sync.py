"""Verdicts and notes on their way into a release QA issue: nothing lost, nothing altered, nothing decided silently."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bench.qa_contention import Contention
from bench.qa_load import Load
from bench.qa_world import Network, big_body, crowded_world
from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import ItemId, NoteId, Verdict, read, set_verdict
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.qa import BodyEdit, Change, Conflict, Kind, Pending, QaBody, State, Target
from fleet_tui.domain.qa_merge import merged, overwritten
from fleet_tui.domain.qa_watch import NOT_THERE, Patience, author, joined
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_body import LONGEST_BODY, Changed
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_sync import QaSync
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import FixedClock, Issue, World
from tests.helpers import NOW

TEMPLATE = (Path(__file__).parents[1] / "fleet_tui/simulator/data/release-qa.md").read_text()
BODY = "\r\n".join(TEMPLATE.splitlines())
ITEMS = [item.id for item in read(BODY).items]
ONE, TWO, THREE = ITEMS[:3]
NOTE = next(note.id for note in read(BODY).notes if note.title)
PASS, FAIL, UNTESTED = Verdict.PASS, Verdict.FAIL, Verdict.UNTESTED
PATIENCE = Patience(looks=2, watched=timedelta(minutes=1), backoff=0)

Desk = Callable[..., QaSync]


@pytest.fixture
def issue(world: World) -> Issue:
    return world.repo().open_issue("Release QA: 4.70.0", BODY, by="mna", number=7)


@pytest.fixture
async def desk(
    simulator: Simulator, issue: Issue, settings_there: Config, tmp_path: Path, clock: FixedClock
) -> AsyncIterator[Desk]:
    """A tester with a computer; another call with the same `state` is a program started anew on it."""
    async with AsyncExitStack() as stack:

        def sit_down(who: str = "xpkoala", state: str = "", patience: Patience = PATIENCE) -> QaSync:
            token = Secret(f"sim-{who}")
            store, http = stack.enter_context(closing(Store(tmp_path / f"{state or who}.db"))), Http(now=clock)
            stack.push_async_callback(http.aclose)
            outbox = Outbox(store, "fleetdm/fleet")
            stack.callback(outbox.close)
            github = GitHub(http, github_service(settings_there, token), "fleetdm/fleet")
            writer = Crossed(settings_there.addresses.github, token, "fleetdm/fleet", pause=0)
            return QaSync(outbox, writer, GitHubQa(github, (), ()), 7, lambda: who, clock, patience)

        yield sit_down


class Crossed(GitHubWriter):
    """A writer between whose reading and writing `meanwhile` happens."""

    meanwhile: Callable[[], object] | None = None

    async def change_body(self, number: int, change: Callable[[str], str]) -> Changed:
        loop = asyncio.get_running_loop()

        def with_others(body: str) -> str:
            happens, self.meanwhile = self.meanwhile, None
            if happens:
                asyncio.run_coroutine_threadsafe(_called(happens), loop).result()
            return change(body)

        return await super().change_body(number, with_others)


async def _called(function: Callable[[], object]) -> None:
    function()


def meanwhile(sync: QaSync, happens: Callable[[], object]) -> None:
    assert isinstance(sync._writer, Crossed)
    sync._writer.meanwhile = happens


def ticked(body: str, *verdicts: tuple[ItemId, Verdict]) -> str:
    """`body` with these verdicts, set one by one."""
    for item, verdict in verdicts:
        edit = set_verdict(body, item, verdict)
        assert edit
        body = edit.body
    return body


def states(sync: QaSync) -> list[State]:
    return [one.state for one in sync.pending.values()]


def writes(simulator: Simulator) -> int:
    return len(simulator.requests.select(method="PATCH"))


async def failed(round_: Awaitable[object]) -> Failure:
    with pytest.raises(Failure) as caught:
        await round_
    return caught.value


# The usual course ----------------------------------------------------------------------------------------------------


async def test_verdicts_of_one_round_go_out_in_one_write_that_changes_nothing_else(
    desk: Desk, simulator: Simulator, issue: Issue
) -> None:
    sync = desk()
    await sync.sync()
    for item, verdict in ((TWO, FAIL), (ONE, PASS)):
        sync.set_verdict(item, verdict)
    assert (states(sync), writes(simulator)) == ([State.QUEUED] * 2, 0)
    seen = await sync.sync()
    assert seen.body == issue.body == ticked(BODY, (ONE, PASS), (TWO, FAIL))
    assert (states(sync), writes(simulator)) == ([State.SENT] * 2, 1)


async def seen_often(desk: Desk) -> QaSync:
    """A tester whose verdict was seen on the server often enough, but not yet for long enough."""
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    for _ in range(3):
        await sync.sync()
    return sync


async def test_a_verdict_is_confirmed_after_some_looks_and_some_time(
    desk: Desk, simulator: Simulator, clock: FixedClock
) -> None:
    sync = await seen_often(desk)
    assert states(sync) == [State.SENT]
    clock.advance(minutes=1)
    await sync.sync()
    assert sync.pending == {}
    await sync.sync()
    assert writes(simulator) == 1


async def test_an_answer_that_was_long_on_its_way_confirms_nothing(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = await seen_often(desk)
    read = sync._github.issue

    async def slowly(number: int) -> QaBody:
        seen = await read(number)
        clock.advance(minutes=1)  # in which somebody may have wiped it out
        return seen

    monkeypatch.setattr(sync._github, "issue", slowly)
    await sync.sync()
    assert states(sync) == [State.SENT]
    monkeypatch.undo()
    await sync.sync()
    assert sync.pending == {}


async def test_the_screen_shows_a_verdict_at_once_and_how_far_it_is(desk: Desk) -> None:
    sync = desk()
    body = (await sync.sync()).body
    sync.set_verdict(ONE, FAIL)
    sync.set_note(NOTE, "All of it")
    shown = sync.shown(read(body))
    assert [(item.verdict, item.verdict_text) for item in shown.checklist.items[:2]] == [
        (FAIL, "fail"),
        (UNTESTED, "pass/fail"),
    ]
    note = shown.checklist.find_note(NOTE)
    assert note is not None
    assert note.text == "All of it"
    assert [(target, one.state) for target, one in shown.pending.items()] == [(ONE, State.QUEUED), (NOTE, State.QUEUED)]


async def test_pressing_again_before_it_is_sent_makes_no_second_write(
    desk: Desk, simulator: Simulator, issue: Issue
) -> None:
    sync = desk()
    await sync.sync()
    for verdict in (PASS, FAIL, FAIL, PASS):
        sync.set_verdict(ONE, verdict)
    assert len(sync.pending) == 1
    await sync.sync()
    assert (issue.body, writes(simulator)) == (ticked(BODY, (ONE, PASS)), 1)


async def test_a_verdict_that_stands_already_needs_nothing(desk: Desk) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, UNTESTED)
    assert sync.pending == {}


async def test_undo_restores_every_byte(desk: Desk, issue: Issue, clock: FixedClock) -> None:
    odd = BODY.replace("pass/fail", "~~PASS~~ / FAIL ✅", 1)
    issue.edit(odd, by="mna")
    sync = desk()
    await sync.sync()
    assert not sync.undo(ONE)
    sync.set_verdict(ONE, FAIL)
    await sync.sync()
    assert issue.body != odd
    assert sync.undo(ONE)
    await sync.sync()
    assert issue.body == odd


async def test_undo_reaches_back_to_a_confirmed_verdict_but_not_over_another_persons(
    desk: Desk, issue: Issue, clock: FixedClock
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    await sync.sync()
    clock.advance(minutes=1)
    await sync.sync()
    assert sync.pending == {}
    issue.edit(ticked(BODY, (ONE, FAIL)), by="mna")
    await sync.sync()
    assert not sync.undo(ONE)
    issue.edit(ticked(BODY, (ONE, PASS)), by="mna")
    await sync.sync()
    assert sync.undo(ONE)
    await sync.sync()
    assert issue.body == BODY


async def test_notes_go_the_same_way(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    sync.set_note(NOTE, "First\r\nSecond \n")
    sync.set_verdict(ONE, PASS)
    await sync.sync()
    note = read(issue.body).find_note(NOTE)
    assert note is not None
    assert note.text == "First\nSecond"
    assert states(sync) == [State.SENT] * 2


async def test_a_note_that_would_hide_tests_is_refused_and_kept(desk: Desk, issue: Issue, simulator: Simulator) -> None:
    sync = desk()
    await sync.sync()
    first = next(note for note in read(BODY).notes if any(item.line > note.line for item in read(BODY).items))
    sync.set_note(first.id, "<!-- open")
    sync.set_verdict(ONE, PASS)
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS))
    problem = sync.pending[first.id].problem
    assert problem is not None
    assert "would change other tests" in problem.sentence
    assert sync.every(5, 30) == 5


async def test_how_soon_the_next_round_is(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    assert sync.every(5, 30) == 30
    sync.set_verdict(ONE, PASS)
    assert sync.every(5, 30) == 0
    await sync.sync()
    assert sync.every(5, 30) == 5


# Offline, crash, restart ---------------------------------------------------------------------------------------------


async def test_before_anything_was_read_nothing_can_be_ticked(desk: Desk) -> None:
    with pytest.raises(Failure, match="Issue #7 has not been read yet"):
        desk().set_verdict(ONE, PASS)


async def test_offline_verdicts_queue_and_go_out_in_order(desk: Desk, simulator: Simulator, issue: Issue) -> None:
    sync = desk()
    sync.body = BODY  # from a stored reading
    simulator.faults.add("drop")
    sync.set_verdict(TWO, PASS)
    assert (await failed(sync.sync())).problem.cause is Cause.OFFLINE
    sync.set_verdict(ONE, FAIL)
    await failed(sync.sync())
    assert [(target, one.problem and one.problem.cause) for target, one in sync.pending.items()] == [
        (TWO, Cause.OFFLINE),
        (ONE, Cause.OFFLINE),
    ]
    simulator.faults.clear()
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, FAIL), (TWO, PASS))
    assert [one.problem for one in sync.pending.values()] == [None, None]


async def test_what_was_not_sent_goes_out_after_a_restart(desk: Desk, issue: Issue) -> None:
    first = desk(state="mine")
    await first.sync()
    first.set_verdict(ONE, PASS)
    first.set_note(NOTE, "Nothing")
    first._outbox.close()  # as the system does when the program dies
    second = desk(state="mine")
    assert list(second.pending) == [ONE, NOTE]
    await second.sync()
    assert read(issue.body).find(ONE) == read(ticked(BODY, (ONE, PASS))).find(ONE)
    assert desk(state="mine").pending == {}


@pytest.mark.parametrize("fault", [{"kind": "drop", "after": True}, {"kind": "cut"}, {"kind": "status", "status": 502}])
@pytest.mark.parametrize("times", [1, 3])
async def test_a_round_that_fails_halfway_is_made_good_by_the_next(
    desk: Desk, simulator: Simulator, issue: Issue, fault: dict[str, Any], times: int
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    simulator.faults.add(times=times, method="PATCH|GET", **fault)
    for _ in range(times + 1):
        try:
            await sync.sync()
        except Failure:
            continue
    assert issue.body == ticked(BODY, (ONE, PASS))
    assert states(sync) == [State.SENT]
    assert len(issue.edits) == 2


REFUSALS: dict[str, tuple[Callable[[World], object], str]] = {
    "deleted": (lambda world: world.repo().delete(7), "Issue #7 was deleted."),
    "transferred": (lambda world: world.repo().transfer(7, world.add_repo("o/r")), "Issue #7 was moved: it is o/r#1"),
    "too long": (
        lambda world: world.issue(7).edit(BODY + "x" * (LONGEST_BODY - len(BODY)), by="mna"),
        "The text of issue #7 would be 65,5",
    ),
}


@pytest.mark.parametrize(("happens", "sentence"), REFUSALS.values(), ids=REFUSALS)
async def test_what_cannot_be_written_is_told_and_kept(
    desk: Desk, world: World, happens: Callable[[World], object], sentence: str
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_note(NOTE, "!")
    happens(world)
    failure = await failed(sync.sync())
    assert failure.problem.sentence.startswith(sentence)
    (one,) = sync.pending.values()
    assert (one.state, one.problem) == (State.QUEUED, failure.problem)


async def test_an_outbox_that_cannot_be_written_says_so_at_the_press(desk: Desk) -> None:
    sync = desk()
    await sync.sync()
    sync._outbox._store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Failure, match="nothing can be kept for sending"):
        sync.set_verdict(ONE, PASS)
    assert sync.pending == {}


async def test_a_test_that_is_gone_keeps_its_verdict_and_gets_it_when_it_is_back(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    name = read(BODY).items[0].name
    issue.edit(BODY.replace(name, "Another test"), by="mna")
    await sync.sync()
    assert (states(sync), sync.pending[ONE].problem) == ([State.QUEUED], NOT_THERE)
    with pytest.raises(Failure, match="not in the issue any more"):
        sync.set_verdict(ONE, FAIL)
    issue.edit(BODY, by="mna")
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS))


# Others --------------------------------------------------------------------------------------------------------------


async def test_a_verdict_wiped_out_by_a_stale_save_is_set_again(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    sync.set_verdict(TWO, FAIL)
    await sync.sync()
    issue.web_edit(ticked(BODY, (THREE, PASS)), by="mna")
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS), (TWO, FAIL), (THREE, PASS))
    assert (states(sync), sync.resets) == ([State.SENT] * 2, 2)


async def test_who_was_overwritten_waits_a_while_before_writing_again(
    desk: Desk, issue: Issue, clock: FixedClock
) -> None:
    sync = desk(patience=replace(PATIENCE, backoff=1.0, longest_backoff=30.0))
    sync._jitter = lambda: 1.0
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    await sync.sync()
    issue.web_edit(BODY, by="mna")
    await sync.sync()
    assert (issue.body, sync.every(5, 30)) == (BODY, 2.0)
    clock.advance(seconds=2)
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS))


async def test_a_stale_save_of_an_earlier_verdict_of_mine_is_no_conflict(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    for verdict in (PASS, FAIL):
        sync.set_verdict(ONE, verdict)
        await sync.sync()
    for stale in (ticked(BODY, (ONE, PASS), (TWO, PASS)), ticked(BODY, (TWO, FAIL))):
        issue.edit(stale, by="mna")
        await sync.sync()
        assert issue.body == ticked(stale, (ONE, FAIL))
    assert states(sync) == [State.SENT]


async def test_another_persons_verdict_is_a_conflict_with_both_names_and_nothing_is_written(
    desk: Desk, issue: Issue, simulator: Simulator
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    theirs = ticked(BODY, (ONE, FAIL))
    issue.edit(theirs, by="getvictor")
    issue.edit(ticked(theirs, (TWO, PASS)), by="mna")
    await sync.sync()
    (one,) = sync.pending.values()
    assert (one.state, one.conflict) == (State.CONFLICT, Conflict("pass", "fail", "getvictor"))
    assert one.change.who == "xpkoala"
    assert writes(simulator) == 0
    assert sync.shown(read(issue.body)).checklist.items[0].verdict is FAIL


@pytest.mark.parametrize("keep_mine", [True, False])
async def test_a_person_decides_a_conflict(desk: Desk, issue: Issue, keep_mine: bool) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    issue.edit(ticked(BODY, (ONE, FAIL)), by="mna")
    await sync.sync()
    sync.set_verdict(ONE, UNTESTED)
    sync.set_verdict(ONE, PASS)
    assert states(sync) == [State.CONFLICT]  # a press is no decision
    assert sync.resolve(ONE, keep_mine=keep_mine)
    assert not sync.resolve(ONE, keep_mine=keep_mine)
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS if keep_mine else FAIL))
    assert states(sync) == ([State.SENT] if keep_mine else [])


async def test_a_conflict_survives_a_restart_and_follows_the_other_side(desk: Desk, issue: Issue) -> None:
    first = desk(state="mine")
    await first.sync()
    first.set_note(NOTE, "Mine")
    first.set_verdict(ONE, PASS)
    issue.edit(ticked(BODY, (ONE, FAIL)), by="mna")
    await first.sync()
    first._outbox.close()
    second = desk(state="mine")
    assert second.pending[ONE].conflict == Conflict("pass", "fail", "mna")
    issue.edit(issue.body.replace("fail</td>", "blocked</td>", 1).replace("fail\r\n", "blocked\r\n", 1), by="getvictor")
    await second.sync()
    assert second.pending[ONE].state is State.CONFLICT


async def test_who_takes_a_verdict_back_again_and_again_gets_a_conflict_and_no_endless_fight(
    desk: Desk, issue: Issue
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    for _ in range(PATIENCE.taken_back + 1):
        await sync.sync()
        assert issue.body == ticked(BODY, (ONE, PASS))
        issue.edit(BODY, by="getvictor")
    await sync.sync()
    assert issue.body == BODY
    assert sync.pending[ONE].conflict == Conflict("pass", "pass/fail", "getvictor")


async def test_an_answer_that_is_older_than_our_save_is_not_believed(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    await sync.sync()
    now = issue.body
    issue.body, issue.updated_at = BODY, NOW - timedelta(seconds=1)  # another of GitHub's machines
    await sync.sync()
    assert (sync.body, sync.resets, states(sync)) == (now, 0, [State.SENT])


@pytest.mark.parametrize("others", [UNTESTED, FAIL])
async def test_two_programs_that_want_different_things_end_in_a_conflict(
    desk: Desk, issue: Issue, others: Verdict, simulator: Simulator
) -> None:
    one, other = desk("xpkoala"), desk("mna")
    await one.sync()
    one.set_verdict(ONE, PASS)
    await one.sync()
    await other.sync()
    other.set_verdict(ONE, others)
    for _ in range(20):
        await one.sync()
        await other.sync()
    assert State.CONFLICT in (*states(one), *states(other))
    done = writes(simulator)
    await one.sync()
    await other.sync()
    assert writes(simulator) == done


async def test_two_programs_that_agree_have_no_quarrel(desk: Desk, issue: Issue) -> None:
    one, other = desk("xpkoala"), desk("mna")
    for sync in (one, other):
        await sync.sync()
        sync.set_verdict(ONE, PASS)
    for sync in (one, other, one, other):
        await sync.sync()
    assert states(one) == states(other) == [State.SENT]
    assert issue.body == ticked(BODY, (ONE, PASS))


# Our own save crosses another's --------------------------------------------------------------------------------------


async def test_a_verdict_that_our_own_save_overwrote_is_given_back(desk: Desk, issue: Issue, clock: FixedClock) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    meanwhile(sync, lambda: issue.web_edit(ticked(BODY, (TWO, FAIL)), by="mna"))
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS))
    assert sync.pending[TWO].change.who == "mna"
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS))  # its owner's program may do it
    clock.advance(seconds=PATIENCE.grace.total_seconds())
    await sync.sync()
    assert issue.body == ticked(BODY, (ONE, PASS), (TWO, FAIL))


@pytest.mark.parametrize("by_owner", [PASS, FAIL])
async def test_nothing_is_given_back_where_somebody_was_faster(desk: Desk, issue: Issue, by_owner: Verdict) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    meanwhile(sync, lambda: issue.web_edit(ticked(BODY, (TWO, FAIL)), by="mna"))
    await sync.sync()
    issue.edit(ticked(issue.body, (TWO, by_owner)), by="mna")
    await sync.sync()
    assert list(sync.pending) == [ONE]


async def test_another_verdict_on_the_same_test_that_our_save_overwrote_is_a_conflict(desk: Desk, issue: Issue) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    meanwhile(sync, lambda: issue.web_edit(ticked(BODY, (ONE, FAIL)), by="mna"))
    await sync.sync()
    assert sync.pending[ONE].conflict == Conflict("pass", "fail", "mna")


async def test_the_look_for_crossings_is_made_up_for_when_it_fails(
    desk: Desk, issue: Issue, simulator: Simulator
) -> None:
    sync = desk()
    await sync.sync()
    sync.set_verdict(ONE, PASS)
    meanwhile(sync, lambda: issue.web_edit(ticked(BODY, (TWO, FAIL)), by="mna"))
    simulator.faults.add("drop", path="graphql", times=1)
    await sync.sync()
    assert TWO not in sync.pending
    await sync.sync()
    assert TWO in sync.pending


def test_a_stale_copy_is_not_taken_for_news() -> None:
    base = ticked(BODY, (ONE, FAIL), (TWO, PASS))
    stale = ticked(BODY, (ONE, PASS), (THREE, FAIL))
    ours = ticked(base, (ITEMS[4], PASS))
    assert overwritten(base, stale, ours, [ticked(BODY, (ONE, PASS))]) == {THREE: "fail"}
    assert overwritten(base, stale, ours) == {ONE: "pass", THREE: "fail"}


# Rules ---------------------------------------------------------------------------------------------------------------


def wish(target: Target, wanted: str, who: str = "xpkoala", id_: int = 1) -> Pending:
    return Pending(Change(id_, NOW, 7, target, Kind.VERDICT, wanted, "", who, frozenset({"untested"})))


SMALL = big_body(60)
SOME = [item.id for item in read(SMALL).items[46:54]]
"""Rows of a table and tick boxes."""


@settings(max_examples=12)
@given(st.dictionaries(st.sampled_from(SOME), st.sampled_from([PASS, FAIL]), max_size=4))
def test_many_at_once_is_the_same_as_one_by_one(wanted: dict[ItemId, Verdict]) -> None:
    changes = [wish(item, verdict.value).change for item, verdict in wanted.items()]
    assert merged(SMALL, changes) == ticked(SMALL, *wanted.items())
    assert merged(merged(SMALL, changes), changes) == merged(SMALL, changes)


def test_a_verdict_of_another_person_is_never_written_over() -> None:
    theirs = ticked(BODY, (ONE, FAIL))
    assert merged(theirs, [wish(ONE, "pass").change, wish(TWO, "pass").change]) == ticked(theirs, (TWO, PASS))


def test_an_editor_is_found_by_the_version_that_brought_the_text() -> None:
    with_fail = ticked(BODY, (ONE, FAIL))
    edits = [
        BodyEdit("getvictor", NOW, ticked(with_fail, (TWO, PASS))),
        BodyEdit("mna", NOW, with_fail),
        BodyEdit("xpkoala", NOW, BODY),
    ]
    assert author(edits, ONE, "fail") == "mna"
    assert author(edits, ONE, "pass") == ""
    assert author([edits[0], replace(edits[1], body=None), edits[2]], ONE, "fail") == ""


def test_of_two_words_left_on_one_test_the_later_counts_for_one_person_and_nobodys_for_two() -> None:
    assert joined(wish(ONE, "pass"), wish(ONE, "pass", id_=2)) == wish(ONE, "pass", id_=2)
    later = joined(wish(ONE, "pass"), wish(ONE, "fail", id_=2))
    assert (later.change.wanted, later.state) == ("fail", State.QUEUED)
    assert "pass" in later.change.known
    quarrel = joined(wish(ONE, "pass", "mna"), wish(ONE, "fail", id_=2))
    assert quarrel.conflict == Conflict("fail", "pass", "mna")


# Contention ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd() -> Iterator[tuple[str, Load]]:
    load = Load(
        testers=5, verdicts=8, web_tests=8, pause=0.02, press_every=0.01, stale=0.15, watched=2.0, look_every=0.03
    )
    with SimulatorThread(crowded_world(load.testers, load.items)) as running:
        yield running.url, load


async def test_five_testers_and_a_stale_editor_lose_nothing(crowd: tuple[str, Load], tmp_path: Path) -> None:
    url, load = crowd
    figures = await Contention(url, load, tmp_path).run(Network(latency=(5, 30)))
    assert figures.is_right, asdict(figures)
    assert figures.verdicts >= load.testers * load.verdicts


def test_the_large_body_fits_into_an_issue() -> None:
    body = big_body(Load().items)
    assert len(read(body).items) == Load().items == 1040
    assert len(ticked(body)) + 2 * Load().items < LONGEST_BODY
    assert isinstance(read(body).notes[0].id, NoteId)
