"""GraphQL queries, parsed and judged once: a program asks the same few again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute_sync, parse, validate

KEPT = 64


class Queries:
    """What is asked of one schema, which is built at the first query."""

    def __init__(self, schema: Callable[[], GraphQLSchema]) -> None:
        self._schema = schema
        self._judged = lru_cache(maxsize=KEPT)(self._judge)

    def execute(self, query: str, **how: Any) -> ExecutionResult:
        """The answer; `how` is what `graphql.execute_sync` takes. One that the schema does not allow has no data."""
        try:
            document, faults = self._judged(query)
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        if faults:
            return ExecutionResult(data=None, errors=faults)
        return execute_sync(self._schema(), document, **how)

    def _judge(self, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
        document = parse(query)
        return document, validate(self._schema(), document)
