"""Carries out the steps of a move one by one, and believes them when they are seen.

No write is repeated by itself: when an answer is lost, it is looked whether the step was done, and if not, the move
stops there. What is missing at the end, for whatever reason, is told (`HalfDone`), to be finished or undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from functools import partial

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bug_undo import stands
from fleet_tui.domain.bugs import Bug, group_of, moved_on
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.services import github_labels
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_body import moved
from fleet_tui.services.github_issue_shape import RestIssue
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.zenhub import ZenHub

Tell = Callable[[str], None]
LOST = frozenset({Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE})
"""After these a write may have been carried out all the same."""
LOOKS = 3
"""How often an issue is looked at for what was written: GitHub's answers may be a moment old."""


class HalfDone(Failure):
    """A move of which only some steps are done."""

    def __init__(self, problem: Problem, done: tuple[Step, ...], missing: tuple[Step, ...]) -> None:
        super().__init__(problem)
        self.done = done
        self.missing = missing


class BugMover:
    """Moves bugs of one repository, one after another."""

    def __init__(
        self, writer: GitHubWriter, github: GitHub, zenhub: ZenHub | None, config: Config, *, look_every: float = 1.0
    ) -> None:
        self._writer = writer
        self._github = github
        self._zenhub = zenhub
        self._config = config
        self._look_every = look_every
        self._one_at_a_time = asyncio.Lock()

    async def move(self, bug: Bug, steps: Sequence[Step], *, tell: Tell) -> Bug:
        """Carry out `steps`; returns the bug as it stands then, seen on GitHub, with its history.

        Raises `HalfDone` when something is done and something is missing, `Failure` when nothing was changed,
        `Unconfirmed` when that cannot be seen.
        """
        async with self._one_at_a_time:
            self._check(bug, steps)
            done: list[Step] = []
            trouble: Failure | None = None
            for index, step in enumerate(steps, 1):
                tell(f"#{bug.number}: {step.words} ({index} of {len(steps)}) …")
                try:
                    await self._carry_out(bug, step)
                except Failure as failure:
                    trouble = failure
                    if failure.problem.cause not in LOST or not await self._was_done(bug, step, failure):
                        break
                    trouble = None
                done.append(step)
            return await self._verified(bug, steps, done, trouble, tell)

    async def newest(self, bug: Bug) -> Bug:
        """`bug` as it stands now, with the history it had; itself when the answer is older. Raises `Failure`."""
        now = await self._look(bug)
        return now if now.updated >= bug.updated else bug

    def _check(self, bug: Bug, steps: Sequence[Step]) -> None:
        """Refuse what cannot be done before anything is done."""
        if any(step.act is Act.COLUMN for step in steps):
            self._workspace(bug)

    async def _carry_out(self, bug: Bug, step: Step) -> None:
        number, what, do = bug.number, step.what, self._writer.do
        match step.act:
            case Act.ADD_LABEL:
                await do(lambda repository: github_labels.add_label(repository, number, what))
            case Act.REMOVE_LABEL:
                await do(lambda repository: github_labels.remove_label(repository, number, what))
            case Act.ASSIGN:
                await do(lambda repository: github_labels.assign(repository, number, what))
            case Act.UNASSIGN:
                await do(lambda repository: github_labels.unassign(repository, number, what))
            case Act.CLOSE:
                reason: github_labels.Reason = "not_planned" if what == "not_planned" else "completed"
                await do(lambda repository: github_labels.close(repository, number, reason))
            case Act.REOPEN:
                await do(lambda repository: github_labels.reopen(repository, number))
            case Act.COMMENT:
                await self._writer.comment(number, what)
            case Act.COLUMN:
                zenhub, workspace = self._workspace(bug)
                await zenhub.move(workspace, await self._github.repository_id(), number, what)

    def _workspace(self, bug: Bug) -> tuple[ZenHub, str]:
        group = group_of(bug, self._config)
        if self._zenhub is None:
            remedy = "Set a token: fleet-tui auth set zenhub"
            raise _refusal(Cause.TOKEN, f"Without a ZenHub token #{bug.number} cannot be moved on the board.", remedy)
        if group is None:
            sentence = f"#{bug.number} has not exactly one group's label, so which board it is on is not known."
            raise _refusal(Cause.REFUSED, sentence, "Set the label of its group first.")
        if not group.workspace:
            remedy = "Set `workspace` of the group in the configuration."
            raise _refusal(Cause.MISSING, f"No board is configured for {group.label}.", remedy)
        return self._zenhub, group.workspace

    async def _was_done(self, bug: Bug, step: Step, lost: Failure) -> bool:
        """Whether a step whose answer was lost was done all the same."""
        if step.act is Act.COLUMN:  # ZenHub has looked already
            return False
        try:
            if step.act is Act.COMMENT:
                return await self._is_said(bug, step.what)
            return stands(step, await self._look(bug))
        except Failure:
            sentence = f"Whether “{step.words}” was done at #{bug.number} is not known: {lost.problem.sentence}"
            remedy = "Look at the issue before you go on."
            raise Unconfirmed(Problem("GitHub", lost.problem.cause, sentence, remedy, lost.problem.detail)) from None

    async def _is_said(self, bug: Bug, text: str) -> bool:
        """Whether one of the comments that came after the bug was read is `text`."""
        since = (bug.updated + timedelta(seconds=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        path = f"{self._github.path}/issues/{bug.number}/comments"
        answer = await self._github.http.get(
            self._github.service, path, {"since": since, "per_page": 100}, conditional=False
        )
        return any((one.body or "").split() == text.split() for one in answer.decode(list[_Comment]))

    async def _look(self, bug: Bug) -> Bug:
        path = f"{self._github.path}/issues/{bug.number}"
        one = (await self._github.http.get(self._github.service, path, conditional=False)).decode(RestIssue)
        place = one.repository_url.rpartition("/repos/")[2]
        if (place.casefold(), one.number) != (self._github.repository.casefold(), bug.number):
            raise Failure(moved(bug.number, f"{place}#{one.number}"))
        return one.bug(bug.history)

    async def _verified(
        self, bug: Bug, steps: Sequence[Step], done: list[Step], trouble: Failure | None, tell: Tell
    ) -> Bug:
        if trouble and not done:
            raise trouble
        tell(f"#{bug.number}: looking whether it stands …")
        try:
            now = await self._seen(bug, done)
        except Failure as failure:
            sentence = f"Whether #{bug.number} was moved as wanted is not known: {failure.problem.sentence}"
            problem = Problem("GitHub", failure.problem.cause, sentence, "Look at the issue.", failure.problem.detail)
            raise Unconfirmed(problem) from None
        missing = tuple(step for step in steps if step not in done or not stands(step, now))
        if missing:
            raise _half_done(bug, tuple(step for step in done if step not in missing), missing, trouble)
        # What a comment means for the clock is told by the timeline: whose word it was is not known here.
        return now if any(step.act is Act.COMMENT for step in steps) else moved_on(bug, now)

    async def _seen(self, bug: Bug, done: Sequence[Step]) -> Bug:
        for _ in range(LOOKS - 1):
            now = await self._look(bug)
            if all(stands(step, now) for step in done):
                return now
            await asyncio.sleep(self._look_every)
        return await self._look(bug)


class _Comment(msgspec.Struct):
    body: str | None = None


def _half_done(bug: Bug, done: tuple[Step, ...], missing: tuple[Step, ...], trouble: Failure | None) -> HalfDone:
    words = ", ".join(step.words for step in missing)
    why = trouble.problem.sentence if trouble else "Somebody may have changed it at the same moment."
    sentence = f"#{bug.number} is moved half-way. Missing: {words}. {why}"
    cause, detail = (trouble.problem.cause, trouble.problem.detail) if trouble else (Cause.REFUSED, "")
    return HalfDone(Problem("GitHub", cause, sentence, "Finish the move, or undo it.", detail), done, missing)


_problem = partial(Problem, "ZenHub")


def _refusal(cause: Cause, sentence: str, remedy: str) -> Failure:
    return Failure(_problem(cause, sentence, remedy))
