"""The filters and orders of GraphQL's lists of issues and pull requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from fleet_tui.simulator.github.connections import Connection, Info, connection
from fleet_tui.simulator.world import Issue, PullRequest

T = TypeVar("T", bound=Issue)

ORDERS: dict[str, Callable[[Issue], Any]] = {
    "CREATED_AT": lambda issue: (issue.created_at, issue.number),
    "UPDATED_AT": lambda issue: (issue.updated_at, issue.number),
    "COMMENTS": lambda issue: (len(issue.comments), issue.number),
}


class Selection:
    """The fields of a node that has issues and pull requests: `_members`, both kinds."""

    _members: Collection[Issue]

    def issues(
        self,
        info: Info,
        states: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        order_by: dict[str, str] | None = None,
        **page: Any,
    ) -> Connection:
        """Issues, pull requests left out. Several labels mean any of them, other than in REST."""
        found = [
            issue
            for issue in self._members
            if not isinstance(issue, PullRequest)
            and (states is None or issue.state.upper() in states)
            and _has_one_of(issue, labels)
        ]
        return connection(info, _ordered(found, order_by), **page)

    def pull_requests(
        self,
        info: Info,
        states: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        order_by: dict[str, str] | None = None,
        base_ref_name: str | None = None,
        head_ref_name: str | None = None,
        **page: Any,
    ) -> Connection:
        """Pull requests."""
        found = [
            issue
            for issue in self._members
            if isinstance(issue, PullRequest)
            and (states is None or ("MERGED" if issue.merged else issue.state.upper()) in states)
            and base_ref_name in (None, issue.base)
            and head_ref_name in (None, issue.head_ref)
            and _has_one_of(issue, labels)
        ]
        return connection(info, _ordered(found, order_by), **page)


def _has_one_of(issue: Issue, labels: Sequence[str] | None) -> bool:
    if not labels:
        return True
    return bool({name.casefold() for name in labels} & {name.casefold() for name in issue.label_names})


def _ordered(found: list[T], order_by: dict[str, str] | None) -> list[T]:
    order = order_by or {"field": "CREATED_AT", "direction": "ASC"}
    return sorted(found, key=ORDERS[order["field"]], reverse=order["direction"] == "DESC")
