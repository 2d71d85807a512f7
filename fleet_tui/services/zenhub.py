"""ZenHub's GraphQL interface: moving a ticket to another column of a group's board.

A move is sent once. When its answer gets lost, the board is looked at instead of sending it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.columns import same_column
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Http
from fleet_tui.services.http_problems import unreadable, writing
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret, renewal, the_token

T = TypeVar("T")

# The names of operations and fields are ZenHub's own.
BOARD = """
query Board($workspace: ID!, $repository: Int!, $number: Int!) {
  workspace(id: $workspace) { pipelinesConnection(first: 50) { nodes { id name } } }
  issueByInfo(repositoryGhId: $repository, issueNumber: $number) {
    id
    pipelineIssue(workspaceId: $workspace) { pipeline { id name } }
  }
}
"""
MOVE = """
mutation Move($input: MoveIssueInput!, $workspace: ID!) {
  moveIssue(input: $input) { issue { id pipelineIssue(workspaceId: $workspace) { pipeline { id name } } } }
}
"""
LOST = {Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE}
"""After these a write may have been carried out all the same."""
ASK = "Ask an administrator for the permission."
CODES = {
    "UNAUTHENTICATED": Cause.TOKEN,
    "UNAUTHORIZED": Cause.TOKEN,
    "FORBIDDEN": Cause.PERMISSION,
    "NOT_FOUND": Cause.MISSING,
    "RATE_LIMITED": Cause.LIMITED,
}


def zenhub_service(config: Config, token: Secret | None) -> Service:
    """ZenHub at the configured address."""
    return Service("ZenHub", config.addresses.zenhub, token)


class ZenHub:
    """The boards that the token may see."""

    def __init__(self, http: Http, service: Service) -> None:
        self._http = http
        self._service = service

    async def move(self, workspace: str, repository_id: int, issue: int, column: str) -> str:
        """Move an issue to the top of the column of this name; gives the column's name as it stands on the board.

        Capitals, spaces and emoji do not count. Raises `Failure`; `Unconfirmed` when it is not known whether it moved.
        """
        asked = {"workspace": workspace, "repository": repository_id, "number": issue}
        board = await self.ask(BOARD, asked, _Board)
        target = self.target(board, workspace, column)
        if board.issue is None:
            raise self._not_there(issue)
        if board.issue.column != target:
            await self._move(board.issue.id, issue, target, asked)
        return clean(target.name)

    async def is_in(self, workspace: str, repository_id: int, issue: int, column: str) -> bool:
        """Whether an issue is in the column of this name. Raises `Failure`, also when there is no such column."""
        asked = {"workspace": workspace, "repository": repository_id, "number": issue}
        board = await self.ask(BOARD, asked, _Board)
        target = self.target(board, workspace, column)
        return board.issue is not None and board.issue.column == target

    def target(self, board: Workspaced, workspace: str, column: str) -> Column:
        """The column of this name on a board that was asked for. Raises `Failure`."""
        if board.workspace is None:
            sentence, remedy = f"ZenHub does not know the board {workspace}.", "Check `workspace` of the group."
            raise self._failure(Cause.MISSING, sentence, remedy)
        columns = board.workspace.columns.nodes
        if (found := _column(columns, column)) is None:
            sentence, remedy = f"The board has no column “{column}”.", "Check the column's name in the configuration."
            names = ", ".join(clean(one.name) for one in columns)
            raise self._failure(Cause.MISSING, sentence, remedy, f"columns: {names}")
        return found

    async def _move(self, id_: str, issue: int, target: Column, asked: Mapping[str, Any]) -> None:
        variables = {
            "workspace": asked["workspace"],
            "input": {"issueId": id_, "pipelineId": target.id, "position": 0},
        }
        try:
            with writing():
                moved = (await self.ask(MOVE, variables, _Moved, strict=True)).moved
        except Failure as failure:
            if failure.problem.cause is Cause.MISSING:
                raise self._not_there(issue, failure.problem.detail) from None
            if failure.problem.cause not in LOST:
                raise
            found = await self._look(issue, asked, failure)
            if found != target:
                raise
        else:
            found = moved.issue.column if moved else None
        if found != target:
            where = f" It is in {clean(found.name)}." if found else ""
            raise self._failure(Cause.REFUSED, f"ZenHub took the move of #{issue} but did not carry it out.{where}")

    async def _look(self, issue: int, asked: Mapping[str, Any], lost: Failure) -> Column | None:
        try:
            board = await self.ask(BOARD, asked, _Board)
        except Failure:
            sentence = f"Whether #{issue} was moved is not known: {lost.problem.sentence}"
            problem = Problem("ZenHub", lost.problem.cause, sentence, "Look at the board.", lost.problem.detail)
            raise Unconfirmed(problem) from None
        return board.issue.column if board.issue else None

    async def ask(self, query: str, variables: Mapping[str, Any], type_: type[T], *, strict: bool = False) -> T:
        """The `data` of a GraphQL query as `type_`. Raises `Failure`.

        Unless `strict`, what is not there counts as null: the caller knows best what that means.
        """
        answer = await self._http.post(self._service, "", json={"query": query, "variables": dict(variables)})
        result = answer.decode(_Result)
        serious = [error for error in result.errors if strict or error.cause is not Cause.MISSING]
        if serious:
            raise Failure(self._refused(serious[0]))
        try:
            return msgspec.json.decode(b"{}" if result.data == b"null" and result.errors else result.data, type=type_)
        except msgspec.DecodeError as error:
            raise unreadable(self._service, str(error)) from None

    def _refused(self, error: _Error) -> Problem:
        said, token = clean(error.message, 300), self._service.token
        if error.cause is Cause.LIMITED:
            sentence, remedy = "ZenHub has had too many requests from this token.", "Try again in a minute."
            return Problem("ZenHub", error.cause, sentence, remedy, said, self._http.now() + timedelta(minutes=1))
        sentence, remedy = {
            Cause.TOKEN: ("ZenHub does not accept the token.", renewal("zenhub", token)),
            Cause.PERMISSION: (f"{the_token('ZenHub', token)} may not do this.", ASK),
        }.get(error.cause, (f"ZenHub refused: {said or 'it gave no reason'}.", ""))
        return Problem("ZenHub", error.cause, sentence, remedy, said)

    def _not_there(self, issue: int, detail: str = "") -> Failure:
        remedy = "Check in ZenHub that the repository is connected to it."
        return self._failure(Cause.MISSING, f"#{issue} is not on the board.", remedy, detail)

    @staticmethod
    def _failure(cause: Cause, sentence: str, remedy: str = "", detail: str = "") -> Failure:
        return Failure(Problem("ZenHub", cause, sentence, remedy, detail))


def _column(columns: tuple[Column, ...], name: str) -> Column | None:
    """The column of this name, the same to the letter if there is one."""
    alike = [one for one in columns if same_column(one.name, name)]
    return min(alike, key=lambda one: one.name != name, default=None)


class Column(msgspec.Struct, frozen=True):
    """A column of a board."""

    id: str
    name: str


class _Columns(msgspec.Struct):
    nodes: tuple[Column, ...]


class _Workspace(msgspec.Struct):
    columns: _Columns = msgspec.field(name="pipelinesConnection")


class _Place(msgspec.Struct):
    pipeline: Column


class _Issue(msgspec.Struct):
    id: str
    place: _Place | None = msgspec.field(name="pipelineIssue", default=None)

    @property
    def column(self) -> Column | None:
        """Where it is; None for one that was never moved."""
        return self.place.pipeline if self.place else None


class Workspaced(msgspec.Struct):
    """An answer that holds the columns of a board; None for a board that ZenHub does not know."""

    workspace: _Workspace | None = None


class _Board(Workspaced):
    issue: _Issue | None = msgspec.field(name="issueByInfo", default=None)


class _MovedIssue(msgspec.Struct):
    issue: _Issue


class _Moved(msgspec.Struct):
    moved: _MovedIssue | None = msgspec.field(name="moveIssue", default=None)


class _Extensions(msgspec.Struct):
    code: str = ""


class _Error(msgspec.Struct):
    message: str = ""
    type: str = ""
    extensions: _Extensions = msgspec.field(default_factory=_Extensions)

    @property
    def cause(self) -> Cause:
        return CODES.get(self.extensions.code or self.type, Cause.REFUSED)


class _Result(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: tuple[_Error, ...] = ()
