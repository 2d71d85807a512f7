"""Relay's connections: lists in pages by cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLResolveInfo

Info: TypeAlias = "GraphQLResolveInfo[Any]"

LARGEST_PAGE = 100
PREFIX = "cursor:v2:"


class TypedError(GraphQLError):
    """An error with GitHub's `type` beside the message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of a list."""

    nodes: Sequence[Any]
    page_info: PageInfo
    total_count: int


def connection(
    info: Info,
    items: Sequence[Any],
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Connection:
    """The page of `items` that the arguments ask for. Refuses a page without bounds or above a hundred, as GitHub."""
    size = first if first is not None else last
    if size is None:
        raise TypedError(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{info.field_name}` connection.",
        )
    if not 0 <= size <= LARGEST_PAGE:
        raise TypedError(
            "EXCESSIVE_PAGINATION",
            f"Requesting {size} records on the `{info.field_name}` connection exceeds the `first` limit of "
            f"{LARGEST_PAGE} records.",
        )
    start = _position(after) if after else 0
    stop = _position(before) - 1 if before else len(items)
    start, stop = (start, min(stop, start + size)) if first is not None else (max(start, stop - size), stop)
    nodes = items[start:stop]
    page = PageInfo(
        has_next_page=stop < len(items),
        has_previous_page=start > 0,
        start_cursor=_cursor(start + 1) if nodes else None,
        end_cursor=_cursor(start + len(nodes)) if nodes else None,
    )
    return Connection(nodes, page, len(items))


def _cursor(position: int) -> str:
    return base64.b64encode(f"{PREFIX}{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix(PREFIX))
    except (binascii.Error, ValueError):
        raise TypedError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None
