"""The writes of the bug board."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import BugDesk, CutOff
from fleet_tui.domain.bug_moves import Move, plan, refusal
from fleet_tui.domain.bug_steps import Step
from fleet_tui.domain.bug_undo import Made, applied, may_not_undo, undo
from fleet_tui.domain.bugs import Bug, state_of
from fleet_tui.domain.critical import Task, ticked
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.services.bug_mover import HalfDone
from fleet_tui.wiring import Backend

Run = Callable[[Tell], Awaitable[str]]
REFRESHES = ("bugs", "columns")


def move(wanted: Move, bug: Bug, steps: Sequence[Step], desk: BugDesk, backend: Backend, press: int) -> Deed:
    """Carry out a move, of which `bug` as it was read lacks `steps`; what others have done since then counts.

    What was done can be undone, with all else that `press` moved; what is missing of one cut off, finished.
    """
    config, column = desk.config, desk.columns.get(bug.number, "")

    async def run(tell: Tell) -> str:
        now = await backend.bugs.mover.newest(bug)
        _refuse(refusal(wanted.name, now, state_of(now, column, config), config))
        lacking = plan(wanted, now, column)
        if not lacking:
            return "somebody has done it already"
        after = await _carry_out(wanted.title, now, lacking, desk, backend, tell, press)
        desk.was_moved(wanted.title, after, lacking, press)
        return "done"

    return _deed(f"bugs.{wanted.name.value}", f"{wanted.title}, #{bug.number}", bug, steps, run, desk.config)


def finish(rest: CutOff, bug: Bug, desk: BugDesk, backend: Backend) -> Deed:
    """Do what is missing of a move that was cut off."""

    async def run(tell: Tell) -> str:
        now = await backend.bugs.mover.newest(bug)
        desk.was_finished(rest, await _carry_out(rest.title, now, rest.missing, desk, backend, tell))
        return "finished"

    return _deed("bugs.finish", f"{rest.title}, #{bug.number}", bug, rest.missing, run, desk.config)


def take_back(made: Made, desk: BugDesk, backend: Backend) -> Deed:
    """Undo a move of mine, unless somebody has moved the bug since, unseen by the last poll."""
    bug, steps = made.after, undo(made)

    async def run(tell: Tell) -> str:
        now = await backend.bugs.mover.newest(bug)
        _refuse(may_not_undo(made, now, None, desk.config))
        try:
            desk.was_undone(made, await backend.bugs.mover.move(now, steps, tell=tell))
        except HalfDone as half:
            desk.was_undone(made, applied(half.done, now), half.missing)
            raise
        return "taken back"

    return _deed("bugs.undo", f"Undo “{made.title}”, #{bug.number}", bug, steps, run, desk.config)


def _refuse(why: str) -> None:
    if why:
        raise Failure(Problem("GitHub", Cause.REFUSED, why))


async def _carry_out(
    title: str, bug: Bug, steps: Sequence[Step], desk: BugDesk, backend: Backend, tell: Tell, press: int = 0
) -> Bug:
    """The bug afterwards. A move that was cut off is noted, to be finished or undone. Raises `Failure`."""
    try:
        return await backend.bugs.mover.move(bug, steps, tell=tell)
    except HalfDone as half:
        desk.was_cut_off(title, bug, half.done, half.missing, press)
        raise


def _deed(action: str, title: str, bug: Bug, steps: Sequence[Step], run: Run, config: Config) -> Deed:
    return Deed(
        action,
        title,
        f"{config.team.repository}#{bug.number}",
        run,
        before=", ".join(sorted(bug.labels)),
        detail="; ".join(step.words for step in steps),
        url=bug.url,
        refreshes=REFRESHES,
    )


def create_story(new: NewIssue, backend: Backend, config: Config) -> Deed:
    """Create an engineering-initiated story."""

    async def run(tell: Tell) -> str:
        tell(f"Creating {new.title} …")
        created = await backend.writer.create_issue(new.title, new.body, new.labels, new.assignees)
        return f"Created #{created.number}{created.dropped_words}."

    return Deed("bugs.story", f"Create story: {new.title}", f"{config.team.repository}: {new.title}", run)


def post_alarm(bug: Bug, text: str, desk: BugDesk, backend: Backend) -> Deed:
    """Post the prepared alarm of a critical bug to Slack; that ticks its step."""
    channel = desk.config.slack.webhook_channel

    async def run(tell: Tell) -> str:
        assert backend.slack is not None
        tell("Posting to Slack …")
        await backend.slack.post(text)
        desk.keep_incident(ticked(desk.incident(bug.number), Task.ALARM, desk.login, desk.now()))
        return f"posted to {channel}"

    return Deed("bugs.critical", f"Alarm for #{bug.number}", f"alarm #{bug.number}", run, url=bug.url)
