"""The filters and orders of GraphQL's lists of issues and pull requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from fleet_tui.simulator.world import Issue, PullRequest

T = TypeVar("T", bound=Issue)

ORDERS: dict[str, Callable[[Issue], Any]] = {
    "CREATED_AT": lambda issue: (issue.created_at, issue.number),
    "UPDATED_AT": lambda issue: (issue.updated_at, issue.number),
    "COMMENTS": lambda issue: (len(issue.comments), issue.number),
}


def select_issues(
    issues: Iterable[Issue],
    states: Sequence[str] | None,
    labels: Sequence[str] | None,
    order_by: dict[str, str] | None,
) -> list[Issue]:
    """Issues, pull requests left out. Several labels mean any of them, other than in REST."""
    found = [
        issue
        for issue in issues
        if not isinstance(issue, PullRequest)
        and (states is None or issue.state.upper() in states)
        and _has_one_of(issue, labels)
    ]
    return _ordered(found, order_by)


def select_pulls(
    issues: Iterable[Issue],
    states: Sequence[str] | None,
    labels: Sequence[str] | None,
    order_by: dict[str, str] | None,
    base: str | None,
    head: str | None,
) -> list[PullRequest]:
    """Pull requests."""
    found = [
        issue
        for issue in issues
        if isinstance(issue, PullRequest)
        and (states is None or ("MERGED" if issue.merged else issue.state.upper()) in states)
        and base in (None, issue.base)
        and head in (None, issue.head_ref)
        and _has_one_of(issue, labels)
    ]
    return _ordered(found, order_by)


def _has_one_of(issue: Issue, labels: Sequence[str] | None) -> bool:
    if not labels:
        return True
    return bool({name.casefold() for name in labels} & {name.casefold() for name in issue.label_names})


def _ordered(found: list[T], order_by: dict[str, str] | None) -> list[T]:
    order = order_by or {"field": "CREATED_AT", "direction": "ASC"}
    return sorted(found, key=ORDERS[order["field"]], reverse=order["direction"] == "DESC")
