"""GitHub's GraphQL endpoint."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from aiohttp import web
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.connections import Info, TypedError
from fleet_tui.simulator.github.errors import GithubError
from fleet_tui.simulator.github.graphql_root import Query
from fleet_tui.simulator.github.subjects import subject
from fleet_tui.simulator.queries import Queries
from fleet_tui.simulator.world import Issue

routes = web.RouteTableDef()


@routes.post("/graphql")
async def execute(request: web.Request) -> web.Response:
    """Execute a query."""
    call = Call(request)
    asked = await call.json()
    if not isinstance(asked.get("query"), str):
        raise GithubError(400, "A query attribute must be specified and must be a string.")
    result = queries.execute(
        asked["query"],
        root_value=Query(call.world, call.user(), call.quota, push=call.may_push),
        variable_values=asked.get("variables") or {},
        operation_name=asked.get("operationName"),
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )
    return web.json_response(shown(result))


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema; arguments reach Python in snake case."""
    built = build_schema(files("fleet_tui.simulator.github").joinpath("schema.graphql").read_text("utf-8"))
    for kind in built.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                for name, argument in field.args.items():
                    argument.out_name = snake(name)
        elif isinstance(kind, GraphQLInputObjectType):
            for name, input_field in kind.fields.items():
                input_field.out_name = snake(name)
    return built


queries = Queries(schema)


@cache
def snake(name: str) -> str:
    """`headRefOid` as `head_ref_oid`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def resolve_field(source: Any, info: Info, **arguments: Any) -> Any:
    """The attribute of the field's name, called with its arguments if it is a method."""
    value = getattr(source, snake(info.field_name))
    return as_node(value(info, **arguments) if callable(value) else value)


def as_node(value: Any) -> Any:
    """Issues and pull requests, alone or in a list, as GraphQL sees them: the fields give them as they are."""
    if isinstance(value, list):
        return [as_node(item) for item in value]
    return subject(value) if isinstance(value, Issue) else value


def resolve_type(value: Any, *_: Any) -> str:
    """The name of the type of a union's or an interface's value."""
    name: str = value.typename
    return name


def shown(result: ExecutionResult) -> dict[str, Any]:
    """The answer in GitHub's form: an error's type stands beside its message; a refused query has no data."""
    answer: dict[str, Any] = {} if result.data is None else {"data": result.data}
    if result.errors:
        answer["errors"] = [_error(error) for error in result.errors]
    return answer


def _error(error: GraphQLError) -> dict[str, Any]:
    original = error.original_error if isinstance(error.original_error, TypedError) else error
    typed = {"type": original.kind} if isinstance(original, TypedError) else {}
    return {**typed, **error.formatted}
