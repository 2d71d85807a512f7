"""Milestones as GraphQL sees them."""

from __future__ import annotations

from fleet_tui.simulator.github.render import WEB, timestamp
from fleet_tui.simulator.github.selection import Selection
from fleet_tui.simulator.world import Repository
from fleet_tui.simulator.world.model import Milestone


class MilestoneNode(Selection):
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
