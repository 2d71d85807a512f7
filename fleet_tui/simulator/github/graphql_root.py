"""Where GraphQL queries start."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fleet_tui.simulator.github.connections import Connection, Info, TypedError, connection
from fleet_tui.simulator.github.limits import Quota
from fleet_tui.simulator.github.milestone_nodes import MilestoneNode
from fleet_tui.simulator.github.nodes import ActorNode
from fleet_tui.simulator.github.render import WEB, timestamp
from fleet_tui.simulator.github.selection import Selection
from fleet_tui.simulator.world import Issue, PullRequest, Repository, World
from fleet_tui.simulator.world.model import Milestone, Moved, Unknown, User


class Query:
    """`Query`."""

    def __init__(self, world: World, viewer: User, quota: Quota, *, push: bool) -> None:
        self._world = world
        self._quota = quota
        self._push = push
        self.viewer = ActorNode(viewer)

    def rate_limit(self, info: Info, dry_run: bool = False) -> RateLimitNode:
        """The caller's limit, this query counted."""
        return RateLimitNode(self._quota)

    def repository(self, info: Info, owner: str, name: str, follow_renames: bool = True) -> RepositoryNode:
        """A repository."""
        full_name = f"{owner}/{name}"
        try:
            return RepositoryNode(self._world.repo(full_name), push=self._push)
        except Moved as moved:
            return RepositoryNode(self._world.repo(moved.repository), push=self._push)
        except Unknown:
            message = f"Could not resolve to a Repository with the name '{full_name}'."
            raise TypedError("NOT_FOUND", message) from None

    def node(self, info: Info, id: str) -> Issue:
        """An issue or pull request by its global identifier."""
        if id not in self._by_id:
            raise TypedError("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        return self._by_id[id]

    def nodes(self, info: Info, ids: Sequence[str]) -> list[Issue | TypedError]:
        """Several of them; each that is unknown is null, with an error."""
        return [self._node_or_error(info, id) for id in ids]

    @cached_property
    def _by_id(self) -> dict[str, Issue]:
        repositories = self._world.repos.values()
        return {issue.node_id: issue for repository in repositories for issue in repository.issues.values()}

    def _node_or_error(self, info: Info, id: str) -> Issue | TypedError:
        try:
            return self.node(info, id)
        except TypedError as error:
            return error


class RateLimitNode:
    """`RateLimit`."""

    cost = 1
    node_count = 0

    def __init__(self, quota: Quota) -> None:
        self.limit = quota.limit
        self.used = quota.used + self.cost
        self.remaining = quota.remaining - self.cost
        self.reset_at = timestamp(quota.reset)


class RepositoryNode(Selection):
    """`Repository`."""

    typename = "Repository"

    def __init__(self, repository: Repository, *, push: bool) -> None:
        self._repository = repository
        self._members = repository.issues.values()
        self.id = f"R_kgDO{repository.id:08x}"
        self.name = repository.name
        self.name_with_owner = repository.full_name
        self.url = f"{WEB}/{repository.full_name}"
        self.viewer_permission = "WRITE" if push else "READ"

    def issue_or_pull_request(self, info: Info, number: int) -> Issue:
        """Whatever has the number."""
        if number not in self._repository.issues:
            raise _unresolved("an issue or pull request", number)
        return self._repository.issues[number]

    def issue(self, info: Info, number: int) -> Issue:
        """The issue of the number; a pull request is none."""
        found = self._repository.issues.get(number)
        if found is None or isinstance(found, PullRequest):
            raise _unresolved("an Issue", number)
        return found

    def pull_request(self, info: Info, number: int) -> PullRequest:
        """The pull request of the number."""
        found = self._repository.issues.get(number)
        if not isinstance(found, PullRequest):
            raise _unresolved("a PullRequest", number)
        return found

    def milestone(self, info: Info, number: int) -> MilestoneNode | None:
        """The milestone of the number."""
        milestone = self._repository.milestones.get(number)
        return MilestoneNode(self._repository, milestone) if milestone else None

    def milestones(
        self,
        info: Info,
        states: Sequence[str] | None = None,
        order_by: dict[str, str] | None = None,
        query: str = "",
        **page: Any,
    ) -> Connection:
        """Its milestones."""
        found = [
            milestone
            for milestone in self._repository.milestones.values()
            if (states is None or milestone.state.upper() in states) and query in milestone.title
        ]
        if order_by:
            found.sort(key=MILESTONE_ORDERS[order_by["field"]], reverse=order_by["direction"] == "DESC")
        return connection(info, [MilestoneNode(self._repository, milestone) for milestone in found], **page)


def _due(milestone: Milestone) -> float:
    return milestone.due_on.timestamp() if milestone.due_on else float("inf")


MILESTONE_ORDERS = {
    "DUE_DATE": _due,
    "CREATED_AT": lambda milestone: milestone.created_at.timestamp(),
    "UPDATED_AT": lambda milestone: milestone.updated_at.timestamp(),
    "NUMBER": lambda milestone: milestone.number,
}


def _unresolved(what: str, number: int) -> TypedError:
    return TypedError("NOT_FOUND", f"Could not resolve to {what} with the number of {number}.")
