"""Pushing stories to the next release. The milestone goes last: a push that was stopped is found and gone on with.

A comment is looked for before it is written, and again when its answer is lost: nobody is told twice.
"""

from __future__ import annotations

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.labels import named
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.pushing import Push
from fleet_tui.domain.releases import version_of
from fleet_tui.services import github_labels, github_milestones
from fleet_tui.services.conclusion_facts import ConclusionFacts
from fleet_tui.services.freeze_writes import LOST_ANSWER, Tell
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_writer import GitHubWriter


class StoryPushes:
    """Pushes one story after another."""

    def __init__(self, github: GitHub, writer: GitHubWriter, config: Config) -> None:
        self._github = github
        self._writer = writer
        self._config = config
        self._facts = ConclusionFacts(github, None, config)

    async def push(self, push: Push, tell: Tell) -> str:
        """Label, comment on and move the story, what is left of it; returns what was done. Raises `Failure`."""
        number = push.story.number
        tell(f"Looking how #{number} stands …")
        milestone = await self._milestone(push, tell)
        ticket = await self._facts.ticket(number)
        if named(ticket.labels, self._config.labels.pushed) is None:
            tell(f"Labelling #{number} …")
            await self._writer.do(lambda repository: github_labels.add_label(repository, number, push.label))
        await self._comment(push, tell)
        if ticket.milestone != milestone:
            tell(f"Moving #{number} to {push.milestone} …")
            await self._writer.do(lambda repository: github_labels.set_milestone(repository, number, milestone))
        return f"#{number} is pushed to {push.milestone}."

    async def _milestone(self, push: Push, tell: Tell) -> int:
        """The number of the milestone that it goes to, which is created when there is none."""
        if (number := await self._known_milestone(push)) is not None:
            return number
        tell(f"Creating the milestone {push.milestone} …")
        try:
            return await self._writer.do(lambda repository: github_milestones.create(repository, push.milestone))
        except Failure as failure:
            if failure.problem.cause not in LOST_ANSWER or (number := await self._known_milestone(push)) is None:
                raise
            return number

    async def _known_milestone(self, push: Push) -> int | None:
        suffix = self._config.release.milestone_suffix
        wanted = version_of(push.milestone, suffix)
        milestones = await self._facts.milestones()
        return next((one.number for one in milestones if version_of(one.title, suffix) == wanted), None)

    async def _comment(self, push: Push, tell: Tell) -> None:
        if await self._is_said(push):
            return
        tell(f"Telling {', '.join(push.told)} …")
        try:
            await self._writer.comment(push.story.number, push.comment)
        except Failure as failure:
            if failure.problem.cause not in LOST_ANSWER or not await self._is_said(push):
                raise

    async def _is_said(self, push: Push) -> bool:
        github, path = self._github, f"{self._github.path}/issues/{push.story.number}/comments"
        pages = github.http.pages(github.service, path, {}, list[_Comment])
        return any([_plain(one.body) == _plain(push.comment) async for page in pages for one in page])


def _plain(text: str | None) -> list[str]:
    """GitHub may change line ends and what stands around the text."""
    return (text or "").split()


class _Comment(msgspec.Struct):
    body: str | None = None
