"""The events of a timeline as GraphQL sees them."""

from __future__ import annotations

from typing import Any

from fleet_tui.simulator.github.connections import Info
from fleet_tui.simulator.github.nodes import LabelNode, actor
from fleet_tui.simulator.github.render import timestamp
from fleet_tui.simulator.world import Issue, PullRequest
from fleet_tui.simulator.world.model import Event


class EventNode:
    """One of the timeline's event types."""

    def __init__(self, issue: Issue, event: Event) -> None:
        self._issue = issue
        self._event = event
        self.typename, self.item_type = EVENT_TYPES[event.kind]
        self.id = f"EV_kwDO{event.id:08x}"
        self.actor = actor(event.actor)
        self.created_at = timestamp(event.at)
        self.moment = event.at
        self.label = LabelNode(event.label) if event.label else None
        self.assignee = actor(event.assignee)
        self.milestone_title = event.milestone
        self.previous_title = event.renamed and event.renamed[0]
        self.current_title = event.renamed and event.renamed[1]

    @property
    def source(self) -> Issue | None:
        """Where the issue was mentioned."""
        return self._event.source

    @property
    def target(self) -> Issue:
        """The issue that was mentioned."""
        return self._issue

    @property
    def will_close_target(self) -> bool:
        """Whether merging the source closes the target."""
        source = self._event.source
        return isinstance(source, PullRequest) and source.will_close(self._issue)

    @property
    def is_cross_repository(self) -> bool:
        """Whether it was mentioned from another repository."""
        source = self._event.source
        return source is not None and source.repository is not self._issue.repository

    @property
    def merge_ref_name(self) -> str | None:
        """The branch that it was merged into."""
        return self._issue.base if isinstance(self._issue, PullRequest) else None

    def state_reason(self, info: Info, **_: Any) -> str | None:
        """Why it was closed."""
        return self._issue.state_reason.upper() if self._issue.state_reason else None


EVENT_TYPES = {
    "labeled": ("LabeledEvent", "LABELED_EVENT"),
    "unlabeled": ("UnlabeledEvent", "UNLABELED_EVENT"),
    "assigned": ("AssignedEvent", "ASSIGNED_EVENT"),
    "unassigned": ("UnassignedEvent", "UNASSIGNED_EVENT"),
    "milestoned": ("MilestonedEvent", "MILESTONED_EVENT"),
    "demilestoned": ("DemilestonedEvent", "DEMILESTONED_EVENT"),
    "renamed": ("RenamedTitleEvent", "RENAMED_TITLE_EVENT"),
    "locked": ("LockedEvent", "LOCKED_EVENT"),
    "closed": ("ClosedEvent", "CLOSED_EVENT"),
    "reopened": ("ReopenedEvent", "REOPENED_EVENT"),
    "cross-referenced": ("CrossReferencedEvent", "CROSS_REFERENCED_EVENT"),
    "merged": ("MergedEvent", "MERGED_EVENT"),
    "ready_for_review": ("ReadyForReviewEvent", "READY_FOR_REVIEW_EVENT"),
}
