"""ZenHub's GraphQL API, as far as boards and moving a ticket go. The names in the schema are ZenHub's."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from aiohttp import web
from graphql import GraphQLError, GraphQLSchema, build_schema

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.queries import Queries
from fleet_tui.simulator.world import Board, Issue, World
from fleet_tui.simulator.world.model import Gone, Moved, Unknown

SDL = """
type Query {
  workspace(id: ID!): Workspace
  issueByInfo(repositoryGhId: Int, repositoryId: ID, issueNumber: Int!): Issue
  searchIssuesByPipeline(
    pipelineId: ID!, filters: IssueSearchFiltersInput!, query: String, first: Int, after: String
  ): IssueConnection
}
input IssueSearchFiltersInput { repositoryIds: [ID!] }
type PageInfo { hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String }
type IssueConnection { nodes: [Issue!]!, pageInfo: PageInfo!, totalCount: Int! }
type Repository { id: ID!, ghId: Int!, name: String! }
type Mutation { moveIssue(input: MoveIssueInput!): MoveIssuePayload }
input MoveIssueInput { clientMutationId: String, issueId: ID!, pipelineId: ID!, position: Int }
type MoveIssuePayload { clientMutationId: String, issue: Issue!, pipeline: Pipeline! }
type Workspace { id: ID!, pipelinesConnection(first: Int, after: String): PipelineConnection! }
type PipelineConnection { nodes: [Pipeline!]!, totalCount: Int! }
type Pipeline { id: ID!, name: String! }
type PipelineIssue { pipeline: Pipeline! }
type Issue {
  id: ID!, number: Int!, title: String!, repository: Repository!, pipelineIssue(workspaceId: ID!): PipelineIssue
}
"""
LARGEST_PAGE = 100
routes = web.RouteTableDef()


def application(world: World) -> web.Application:
    """ZenHub as a sub-application."""
    return sub_application(world, routes)


@routes.post("/public/graphql")
async def execute(request: web.Request) -> web.Response:
    """Execute a query."""
    world = request.app[WORLD]
    if request.headers.get("Authorization") != f"Bearer {world.boards.token}":
        return web.json_response({"errors": [{"message": "Unauthorized"}]}, status=401)
    try:
        asked = await request.json()
        query, variables = asked["query"], asked.get("variables")
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        return web.json_response({"errors": [{"message": "No query string was present"}]}, status=400)
    result = queries.execute(query, root_value=_Root(world).fields, variable_values=variables)
    return web.json_response(result.formatted)


@cache
def schema() -> GraphQLSchema:
    """The schema, built once."""
    return build_schema(SDL)


queries = Queries(schema)


class _Root:
    """Answers the fields of queries and mutations."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.fields = {
            "workspace": self._workspace,
            "issueByInfo": self._issue_by_info,
            "searchIssuesByPipeline": self._search_issues,
            "moveIssue": self._move_issue,
        }

    def _workspace(self, _: object, **asked: Any) -> dict[str, Any]:
        board = self._board(asked["id"])

        def pipelines(_: object, first: int = 100, after: str | None = None) -> dict[str, Any]:
            nodes = [_pipeline(board, name) for name in board.columns]
            return {"nodes": nodes[:first], "totalCount": len(nodes)}

        return {"id": board.id, "pipelinesConnection": pipelines}

    def _issue_by_info(self, _: object, **asked: Any) -> dict[str, Any] | None:
        repository = next((one for one in self._world.repos.values() if one.id == asked.get("repositoryGhId")), None)
        if repository is None:
            raise _not_found("Repository")
        try:
            return self._issue(repository.issue(asked["issueNumber"]))
        except (Unknown, Gone, Moved):
            return None

    def _search_issues(self, _: object, **asked: Any) -> dict[str, Any]:
        """The open issues in a column; closed ones are in a column of their own."""
        board, column = self._column(asked["pipelineId"])
        if board is None:
            raise _not_found("Pipeline")
        wanted = asked["filters"].get("repositoryIds")
        issues = [
            issue
            for repository in self._world.repos.values()
            if wanted is None or _gid("Repository", repository.id) in wanted
            for _, issue in sorted(repository.issues.items())
            if issue.state == "open" and board.column_of(issue.number) == column
        ]
        start, size = int(asked.get("after") or 0), min(asked.get("first") or LARGEST_PAGE, LARGEST_PAGE)
        nodes = [self._issue(issue) for issue in issues[start : start + size]]
        more, end = start + size < len(issues), str(start + len(nodes))
        page = {"hasNextPage": more, "hasPreviousPage": start > 0, "startCursor": str(start), "endCursor": end}
        return {"nodes": nodes, "pageInfo": page, "totalCount": len(issues)}

    def _column(self, id_: str) -> tuple[Board | None, str]:
        places = [(board, name) for board in self._world.boards.workspaces.values() for name in board.columns]
        return next((place for place in places if _pipeline(*place)["id"] == id_), (None, ""))

    def _move_issue(self, _: object, **asked: Any) -> dict[str, Any]:
        wanted = asked["input"]
        board, column = self._column(wanted["pipelineId"])
        issues = [issue for repository in self._world.repos.values() for issue in repository.issues.values()]
        issue = next((issue for issue in issues if _gid("Issue", issue.id) == wanted["issueId"]), None)
        if board is None or issue is None or board.column_of(issue.number) is None:
            raise _not_found("Issue" if board else "Pipeline")
        if not self._world.boards.ignores_moves:
            board.placed[issue.number] = column
        return {"issue": self._issue(issue), "pipeline": _pipeline(board, column)}

    def _issue(self, issue: Issue) -> dict[str, Any]:
        def place(_: object, **asked: Any) -> dict[str, Any] | None:
            board = self._board(asked["workspaceId"])
            column = board.column_of(issue.number)
            return {"pipeline": _pipeline(board, column)} if column else None

        id_, home = _gid("Issue", issue.id), issue.repository
        repository = {"id": _gid("Repository", home.id), "ghId": home.id, "name": home.name}
        shown = {"id": id_, "number": issue.number, "title": issue.title, "repository": repository}
        return {**shown, "pipelineIssue": place}

    def _board(self, id_: str) -> Board:
        if id_ not in self._world.boards.workspaces:
            raise _not_found("Workspace")
        return self._world.boards.workspaces[id_]


def _pipeline(board: Board, name: str) -> dict[str, str]:
    return {"id": _gid("Pipeline", f"{board.id}/{board.columns.index(name)}"), "name": name}


def _gid(kind: str, id_: object) -> str:
    return base64.b64encode(f"gid://raptor/{kind}/{id_}".encode()).decode().rstrip("=")


def _not_found(what: str) -> GraphQLError:
    return GraphQLError(f"{what} not found", extensions={"code": "NOT_FOUND"})
