"""What concluding a milestone has to know: milestones and issues from GitHub, columns from ZenHub."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.columns import same_column
from fleet_tui.domain.conclusion import Columns, Conclusion, conclude
from fleet_tui.domain.conclusion_steps import MilestoneState, Ticket
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.releases import due_date
from fleet_tui.domain.text import clean
from fleet_tui.services.board_columns import places
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_body import moved
from fleet_tui.services.github_pull_shapes import NamePart
from fleet_tui.services.zenhub import ZenHub


class ConclusionFacts:
    """Reads. Without ZenHub (None), and for groups without a board, what boards would tell is left out."""

    def __init__(self, github: GitHub, zenhub: ZenHub | None, config: Config) -> None:
        self._github = github
        self._zenhub = zenhub
        self._config = config

    async def plan(self, milestone: MilestoneState, milestones: Iterable[MilestoneState]) -> Conclusion:
        """What concluding `milestone` would do now. Changes nothing. Raises `Failure`."""
        boards, drafting = await self._boards()
        tickets = await self._members(milestone.number)
        ready = {number for board in boards.values() for number, column in board.items() if self._is_ready(column)}
        for number in sorted(ready - tickets.keys()):
            tickets[number] = await self._read(number)
        issues = [one.ticket() for one in tickets.values() if one.pull_request is None]
        return conclude(milestone, issues, boards, drafting, milestones, self._config)

    async def milestones(self) -> tuple[MilestoneState, ...]:
        """All milestones, closed ones too. Raises `Failure`."""
        http, path = self._github.http, f"{self._github.path}/milestones"
        pages = http.pages(self._github.service, path, {"state": "all"}, list[_Milestone])
        return tuple([one.value() async for page in pages for one in page])

    async def ticket(self, number: int) -> Ticket:
        """An issue as it is now. Raises `Failure`, also when it was moved elsewhere."""
        return (await self._read(number)).ticket()

    async def is_celebrated(self, number: int, column: str) -> bool:
        """Whether an issue is in this column of the drafting board; without ZenHub it is not. Raises `Failure`."""
        if self._zenhub is None:
            return False
        board = self._config.release.drafting_workspace
        return await self._zenhub.is_in(board, await self._github.repository_id(), number, column)

    async def _boards(self) -> tuple[dict[str, Columns], Columns | None]:
        if self._zenhub is None:
            return {}, None
        repository, rules, ready = await self._github.repository_id(), self._config.release, self._config.release_qa
        boards: dict[str, Columns] = {}
        for group in self._config.groups:
            if group.workspace:
                boards[group.label] = await places(self._zenhub, group.workspace, repository, ready.ready_column)
        if not rules.drafting_workspace:
            return boards, None
        return boards, await places(self._zenhub, rules.drafting_workspace, repository, rules.celebrate_column)

    async def _members(self, milestone: int) -> dict[int, _Issue]:
        http, path = self._github.http, f"{self._github.path}/issues"
        pages = http.pages(self._github.service, path, {"milestone": milestone, "state": "all"}, list[_Issue])
        return {one.number: one async for page in pages for one in page}

    async def _read(self, number: int) -> _Issue:
        path = f"{self._github.path}/issues/{number}"
        answer = await self._github.http.get(self._github.service, path, conditional=False)
        issue = answer.decode(_Issue)
        place = issue.repository_url.rpartition("/repos/")[2]
        if (place.casefold(), issue.number) != (self._github.repository.casefold(), number):
            raise Failure(moved(number, f"{place}#{issue.number}"))
        return issue

    def _is_ready(self, column: str) -> bool:
        return same_column(column, self._config.release_qa.ready_column)


class _Milestone(msgspec.Struct):
    number: int
    title: str
    state: str
    due_on: datetime | None = None

    def value(self) -> MilestoneState:
        due = due_date(self.due_on) if self.due_on else None
        return MilestoneState(self.number, clean(self.title), self.state == "closed", due)


class _Issue(msgspec.Struct):
    number: int
    title: str
    html_url: str
    repository_url: str
    state: str
    labels: tuple[NamePart, ...] = ()
    milestone: _Milestone | None = None
    pull_request: dict[str, object] | None = None

    def ticket(self) -> Ticket:
        return Ticket(
            self.number,
            clean(self.title),
            self.html_url,
            frozenset(clean(label.name) for label in self.labels),
            self.milestone.number if self.milestone else None,
            clean(self.milestone.title) if self.milestone else "",
            self.state == "closed",
        )
