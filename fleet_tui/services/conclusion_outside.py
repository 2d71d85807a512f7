"""The steps of a conclusion in the outside systems: whether one is done, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion_steps import Do, Step, shown_by_issue, shown_by_milestones
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services import github_labels, github_milestones
from fleet_tui.services.conclusion_facts import ConclusionFacts
from fleet_tui.services.conclusion_journal import Begun
from fleet_tui.services.freeze_writes import FreezeWrites
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.merge_freeze import MergeFreeze
from fleet_tui.services.zenhub import ZenHub

if TYPE_CHECKING:
    from github.Repository import Repository

OF_AN_ISSUE = frozenset({Do.LEAVE, Do.JOIN, Do.LABEL, Do.UNLABEL, Do.CLOSE})
OF_MILESTONES = frozenset({Do.RENAME, Do.END, Do.NEXT})


class Systems(Struct, frozen=True):
    """What is spoken to."""

    github: GitHub
    writer: GitHubWriter
    zenhub: ZenHub | None
    merge_freeze: MergeFreeze
    freeze: FreezeWrites


class Outside:
    """The outside, as the conclusion `begun` sees it; `who` gives the login that lifts the freeze."""

    def __init__(self, systems: Systems, config: Config, begun: Begun, who: Callable[[], str]) -> None:
        self.milestone = begun.milestone
        self._systems = systems
        self._config = config
        self._begun = begun
        self._who = who
        self._facts = ConclusionFacts(systems.github, systems.zenhub, config)

    async def shows(self, step: Step) -> bool:
        """Whether the outside, read now, shows that `step` is done. Raises `Failure`."""
        if step.do in OF_AN_ISSUE:
            return shown_by_issue(step, await self._facts.ticket(step.issue), self.milestone)
        if step.do in OF_MILESTONES:
            return shown_by_milestones(step, await self._facts.milestones(), self.milestone)
        if step.do is Do.MOVE:
            return await self._facts.is_celebrated(step.issue, step.name)
        return await self._is_lifted()

    async def do(self, step: Step) -> None:
        """Take the step; sent once. Raises `Failure`."""
        if step.do is Do.MOVE:
            await self._move(step)
        elif step.do is Do.LIFT:
            note = f"{self._begun.title} is out."
            await self._systems.freeze.lift(by=self._who(), note=note, tell=lambda _: None)
        else:
            await self._systems.writer.do(lambda repository: _write(repository, step, self.milestone))

    async def _is_lifted(self) -> bool:
        """Whether the branch is open, or was frozen anew since the conclusion began: for the next release."""
        state = await self._systems.merge_freeze.state()
        return not state.frozen or (state.since is not None and state.since > self._begun.at)

    async def _move(self, step: Step) -> None:
        if self._systems.zenhub is None:
            sentence, remedy = "There is no ZenHub token (any more).", "Set it: fleet-tui auth set zenhub"
            raise Failure(Problem("ZenHub", Cause.TOKEN, sentence, remedy))
        board, repository = self._config.release.drafting_workspace, await self._systems.github.repository_id()
        await self._systems.zenhub.move(board, repository, step.issue, step.name)


def _write(repository: Repository, step: Step, milestone: int) -> None:
    match step.do:
        case Do.RENAME:
            github_milestones.rename(repository, milestone, step.name)
        case Do.END:
            github_milestones.close(repository, milestone)
        case Do.NEXT:
            github_milestones.create(repository, step.name, step.due)
        case Do.LEAVE:
            github_labels.set_milestone(repository, step.issue, None)
        case Do.JOIN:
            github_labels.set_milestone(repository, step.issue, milestone)
        case Do.LABEL:
            github_labels.add_label(repository, step.issue, step.name)
        case Do.UNLABEL:
            github_labels.remove_label(repository, step.issue, step.name)
        case Do.CLOSE:
            github_labels.close(repository, step.issue, "completed")
        case _:
            raise ValueError(f"GitHub has no part in {step.id}")
