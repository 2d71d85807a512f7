"""Milestones as GraphQL sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet_tui.simulator.github.connections import Connection, Info, connection
from fleet_tui.simulator.github.render import WEB, timestamp
from fleet_tui.simulator.github.selection import select_issues, select_pulls
from fleet_tui.simulator.world import Repository
from fleet_tui.simulator.world.model import Milestone


class MilestoneNode:
    """`Milestone`."""

    typename = "Milestone"

    def __init__(self, repository: Repository, milestone: Milestone) -> None:
        self._members = repository.issues_of(milestone)
        self.id = f"MI_kwDO{milestone.id:08x}"
        self.number = milestone.number
        self.title = milestone.title
        self.description = milestone.description
        self.url = f"{WEB}/{repository.full_name}/milestone/{milestone.number}"
        self.state = milestone.state.upper()
        self.due_on = timestamp(milestone.due_on)
        self.created_at = timestamp(milestone.created_at)
        self.updated_at = timestamp(milestone.updated_at)
        self.closed_at = timestamp(milestone.closed_at)

    def issues(
        self,
        info: Info,
        states: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        order_by: dict[str, str] | None = None,
        **page: Any,
    ) -> Connection:
        """Its issues, pull requests left out."""
        found = select_issues(self._members, states, labels, order_by)
        return connection(info, found, **page)

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
        """Its pull requests."""
        found = select_pulls(self._members, states, labels, order_by, base_ref_name, head_ref_name)
        return connection(info, found, **page)
