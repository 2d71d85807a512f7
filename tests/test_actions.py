"""Writes are carried out one at a time for each target, and written down before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fleet_tui.actions import Actions, Deed, Ended, Tell
from fleet_tui.domain.freeze import FreezeLost
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from tests.helpers import NOW

REFUSED = Problem("Merge Freeze", Cause.REFUSED, "It said no.", "Ask again.", detail="POST /branches: 422")


class Diary:
    """A journal that keeps what it is told, in order."""

    def __init__(self) -> None:
        self.begun: list[Entry] = []
        self.ended: list[tuple[int, Outcome, str, str]] = []

    def begin(self, entry: Entry) -> int:
        self.begun.append(entry)
        return len(self.begun)

    def finish(self, id_: int, outcome: Outcome, after: str, detail: str) -> None:
        self.ended.append((id_, outcome, after, detail))


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def actions(diary: Diary) -> Actions:
    return Actions(diary, now=lambda: NOW, who=lambda: "mna")


def unfreeze(run: Callable[[Tell], Awaitable[str]], number: int = 7) -> Deed:
    return Deed(
        "freeze.unfreeze",
        f"Unfreeze #{number}",
        f"fleetdm/fleet#{number}",
        run,
        before="blocked",
        detail="bug fixes may merge during the freeze",
        url=f"https://github.com/fleetdm/fleet/pull/{number}",
    )


async def done(tell: Tell) -> str:
    return "#7 may merge now."


def silent(words: str) -> None:
    """Nobody listens."""


def failing(error: BaseException) -> Callable[[Tell], Awaitable[str]]:
    async def run(tell: Tell) -> str:
        raise error

    return run


async def test_a_deed_is_written_down_before_it_is_done(actions: Actions, diary: Diary) -> None:
    async def run(tell: Tell) -> str:
        (entry,) = diary.begun
        assert entry == Entry(
            0, NOW, "mna", "freeze.unfreeze", "Unfreeze #7", "fleetdm/fleet#7", "blocked", "", Outcome.STARTED,
            "bug fixes may merge during the freeze", "https://github.com/fleetdm/fleet/pull/7",
        )  # fmt: skip
        assert not diary.ended
        return "#7 may merge now."

    deed = unfreeze(run)
    assert await actions.carry_out(deed, silent) == Ended(deed, Outcome.DONE, "#7 may merge now.")
    assert diary.ended == [(1, Outcome.DONE, "#7 may merge now.", "bug fixes may merge during the freeze")]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        pytest.param(Failure(REFUSED), Outcome.FAILED, id="failed"),
        pytest.param(Unconfirmed(REFUSED), Outcome.UNCONFIRMED, id="not confirmed"),
        pytest.param(FreezeLost(REFUSED, frozenset({7})), Outcome.FAILED, id="freeze lost"),
    ],
)
async def test_a_failure_is_the_result_and_not_raised(
    actions: Actions, diary: Diary, failure: Failure, outcome: Outcome
) -> None:
    ended = await actions.carry_out(unfreeze(failing(failure)), silent)
    assert ended is not None
    assert (ended.outcome, ended.sentence, ended.failure) == (outcome, "It said no. Ask again.", failure)
    detail = "bug fixes may merge during the freeze\nPOST /branches: 422"
    assert diary.ended == [(1, outcome, "It said no. Ask again.", detail)]
    assert not actions.pending


async def test_a_mistake_of_ours_is_raised_and_the_target_is_to_be_looked_at(actions: Actions, diary: Diary) -> None:
    with pytest.raises(ZeroDivisionError):
        await actions.carry_out(unfreeze(failing(ZeroDivisionError("text of it"))), silent)
    ((_, outcome, after, detail),) = diary.ended
    assert outcome is Outcome.INTERRUPTED
    assert after == "fleet-tui made a mistake."
    assert detail == "bug fixes may merge during the freeze\nZeroDivisionError"
    assert not actions.pending


async def test_progress_is_told(actions: Actions) -> None:
    async def run(tell: Tell) -> str:
        tell("Waiting …")
        return "Done."

    told: list[str] = []
    await actions.carry_out(unfreeze(run), told.append)
    assert told == ["Waiting …"]


async def test_a_second_press_is_ignored_while_the_first_is_under_way(actions: Actions, diary: Diary) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def run(tell: Tell) -> str:
        begun.set()
        await go_on.wait()
        return "Done."

    first = asyncio.create_task(actions.carry_out(unfreeze(run), silent))
    await begun.wait()
    assert actions.pending == {"fleetdm/fleet#7"}
    assert await actions.carry_out(unfreeze(done), silent) is None
    other = await actions.carry_out(unfreeze(done, number=8), silent)
    go_on.set()
    ended = await first
    assert ended is not None
    assert other is not None
    assert [entry.title for entry in diary.begun] == ["Unfreeze #7", "Unfreeze #8"]
    assert actions.pending == set()


async def test_two_presses_at_the_same_moment_are_one(actions: Actions, diary: Diary) -> None:
    results = await asyncio.gather(*(actions.carry_out(unfreeze(done), silent) for _ in range(5)))
    assert sum(result is not None for result in results) == 1
    assert len(diary.begun) == len(diary.ended) == 1


async def test_afterwards_the_same_target_can_be_written_again(actions: Actions, diary: Diary) -> None:
    for _ in range(2):
        assert await actions.carry_out(unfreeze(done), silent)
    assert len(diary.begun) == 2


async def test_a_cancelled_deed_stays_under_way_in_the_journal(actions: Actions, diary: Diary) -> None:
    begun = asyncio.Event()

    async def run(tell: Tell) -> str:
        begun.set()
        await asyncio.Event().wait()
        return "never"

    task = asyncio.create_task(actions.carry_out(unfreeze(run), silent))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [entry.outcome for entry in diary.begun] == [Outcome.STARTED]
    assert diary.ended == []
    assert not actions.pending


async def test_read_only_writes_nothing_not_even_the_journal(diary: Diary) -> None:
    actions = Actions(diary, now=lambda: NOW, who=lambda: "mna", read_only=True)
    ended = await actions.carry_out(unfreeze(failing(AssertionError("it was run"))), silent)
    assert ended is not None
    assert (ended.outcome, ended.sentence) == (
        Outcome.FAILED,
        "Nothing is written: the program runs with --read-only.",
    )
    assert ended.failure is not None
    assert ended.failure.problem.cause is Cause.REFUSED
    assert diary.begun == []
