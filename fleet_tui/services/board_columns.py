"""Which issues stand in one column of the groups' boards, e.g. those that wait for QA."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import chain

import msgspec

from fleet_tui.config.schema import Group
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub
from fleet_tui.services.zenhub import Column, Workspaced, ZenHub

# The names of operations and fields are ZenHub's own.
COLUMNS = """
query Columns($workspace: ID!) { workspace(id: $workspace) { pipelinesConnection(first: 50) { nodes { id name } } } }
"""
ISSUES = """
query Issues($column: ID!, $after: String) {
  searchIssuesByPipeline(pipelineId: $column, filters: {}, first: 100, after: $after) {
    nodes { number repository { ghId } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


class BoardColumns:
    """One column, by its name, of the boards of all groups that have one. `read` is what a feed fetches.

    ZenHub has no "not modified": a read costs a request for each board, and one more for each further 100 issues.
    """

    def __init__(self, zenhub: ZenHub, github: GitHub, groups: Iterable[Group], column: str) -> None:
        self._zenhub = zenhub
        self._github = github
        self._workspaces = tuple(dict.fromkeys(group.workspace for group in groups if group.workspace))
        self._column = column
        self._columns: dict[str, Column] = {}
        """By workspace. Asked for once, since columns seldom change."""

    async def read(self) -> dict[int, str]:
        """The column's name on the board, by the numbers of the repository's issues in it. Raises `Failure`."""
        repository, columns = await asyncio.gather(
            self._github.repository_id(), asyncio.gather(*map(self._column_of, self._workspaces))
        )
        waiting = await asyncio.gather(*(self._issues(column, repository) for column in columns))
        boards = (dict.fromkeys(numbers, clean(one.name)) for one, numbers in zip(columns, waiting, strict=True))
        return dict(sorted(chain.from_iterable(board.items() for board in boards)))

    async def _column_of(self, workspace: str) -> Column:
        if workspace not in self._columns:
            board = await self._zenhub.ask(COLUMNS, {"workspace": workspace}, Workspaced)
            self._columns[workspace] = self._zenhub.target(board, workspace, self._column)
        return self._columns[workspace]

    async def _issues(self, column: Column, repository: int) -> list[int]:
        try:
            return await issues_in(self._zenhub, column, repository)
        except Failure:
            self._columns.clear()  # it may have been deleted: the next read looks for it again
            raise


async def issues_in(zenhub: ZenHub, column: Column, repository: int) -> list[int]:
    """The numbers of the open issues of a repository in a column, from all pages. Raises `Failure`."""
    numbers: list[int] = []
    after = None
    while True:
        asked = {"column": column.id, "after": after}
        page = (await zenhub.ask(ISSUES, asked, _IssuesData, strict=True)).page
        numbers += [one.number for one in page.nodes if one.repository.gh_id == repository]
        if not page.info.more:
            return numbers
        after = page.info.end


async def places(zenhub: ZenHub, workspace: str, repository: int, needed: str) -> dict[int, str]:
    """A whole board: the column's name by the numbers of a repository's open issues.

    Raises `Failure`, also when the board has no column named `needed`: what it tells would be misread.
    """
    board = await zenhub.ask(COLUMNS, {"workspace": workspace}, Workspaced)
    zenhub.target(board, workspace, needed)
    found: dict[int, str] = {}
    for column in board.workspace.columns.nodes if board.workspace else ():
        found |= dict.fromkeys(await issues_in(zenhub, column, repository), clean(column.name))
    return found


class _Repository(msgspec.Struct):
    gh_id: int = msgspec.field(name="ghId")


class _Issue(msgspec.Struct):
    number: int
    repository: _Repository


class _PageInfo(msgspec.Struct):
    more: bool = msgspec.field(name="hasNextPage")
    end: str | None = msgspec.field(name="endCursor", default=None)


class _Page(msgspec.Struct):
    nodes: tuple[_Issue, ...]
    info: _PageInfo = msgspec.field(name="pageInfo")


class _IssuesData(msgspec.Struct):
    page: _Page = msgspec.field(name="searchIssuesByPipeline")
