"""The filters and orders of GitHub's issue list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import invalid
from fleet_tui.simulator.world import Issue

ORDERS: dict[str, Callable[[Issue], Any]] = {
    "created": lambda issue: (issue.created_at, issue.number),
    "updated": lambda issue: (issue.updated_at, issue.number),
    "comments": lambda issue: (len(issue.comments), issue.number),
}


def filtered(call: Call) -> list[Issue]:
    """The issues that the query asks for, in its order."""
    keep = [
        _by_state(call),
        _by_labels(call),
        _by_milestone(call),
        _by_assignee(call),
        _by_creator(call),
        _by_time(call.time_argument("since")),
    ]
    found = [issue for issue in call.repo().issues.values() if all(test(issue) for test in keep)]
    order = ORDERS.get(call.argument("sort", "created"))
    if order is None:
        raise invalid("Issue", "sort")
    return sorted(found, key=order, reverse=call.argument("direction", "desc") != "asc")


Test = Callable[[Issue], bool]


def _by_state(call: Call) -> Test:
    state = call.argument("state", "open")
    if state not in {"open", "closed", "all"}:
        raise invalid("Issue", "state")
    return lambda issue: state in ("all", issue.state)


def _by_labels(call: Call) -> Test:
    wanted = {name.strip().casefold() for name in call.argument("labels").split(",") if name.strip()}
    return lambda issue: wanted <= {name.casefold() for name in issue.label_names}


def _by_milestone(call: Call) -> Test:
    wanted = call.argument("milestone")
    if wanted in {"*", "none"}:
        return lambda issue: (issue.milestone is not None) == (wanted == "*")
    if wanted and not wanted.isdecimal():
        raise invalid("Issue", "milestone")
    return lambda issue: not wanted or (issue.milestone is not None and issue.milestone.number == int(wanted))


def _by_assignee(call: Call) -> Test:
    wanted = call.argument("assignee").casefold()
    if wanted in {"*", "none"}:
        return lambda issue: bool(issue.assignees) == (wanted == "*")
    return lambda issue: not wanted or wanted in {user.login.casefold() for user in issue.assignees}


def _by_creator(call: Call) -> Test:
    wanted = call.argument("creator").casefold()
    return lambda issue: wanted in ("", issue.author.login.casefold())


def _by_time(since: datetime | None) -> Test:
    # to the second, as the answers show it
    return lambda issue: since is None or issue.updated_at.replace(microsecond=0) >= since
