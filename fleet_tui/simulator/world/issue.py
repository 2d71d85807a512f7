"""Issues, and every way in which one changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleet_tui.simulator.world.model import Comment, Edit, Event, IssueState, Label, Milestone, Unknown, User

if TYPE_CHECKING:
    from fleet_tui.simulator.world.repository import Repository


class Issue:
    """An issue. Each change is made by somebody (`by`, a login) at some time (`at`, else the world's now).

    A change moves `updated_at` exactly when GitHub does: labels, people, texts, comments and state do; being mentioned
    elsewhere and reports on commits do not.
    """

    node_prefix = "I"

    def __init__(self, repository: Repository, number: int, title: str, body: str, author: User, at: datetime) -> None:
        self.repository = repository
        self.id = repository.world.next_id()
        self.number = number
        self.title = title
        self.body = body
        self.author = author
        self.created_at = at
        self.updated_at = at
        self.state: IssueState = "open"
        self.state_reason: str | None = None
        self.closed_at: datetime | None = None
        self.closed_by: User | None = None
        self.locked = False
        self.labels: list[Label] = []
        self.assignees: list[User] = []
        self.milestone: Milestone | None = None
        self.comments: list[Comment] = []
        self.events: list[Event] = []
        self.edits: list[Edit] = []

    @property
    def node_id(self) -> str:
        """The global identifier, the same in REST and GraphQL."""
        return f"{self.node_prefix}_kwDO{self.id:08x}"

    @property
    def label_names(self) -> list[str]:
        """The names of its labels."""
        return [label.name for label in self.labels]

    def add_labels(self, *names: str, by: str, at: datetime | None = None) -> None:
        """Add labels; those that it has already stay as they are."""
        for label in map(self.repository.label, names):
            if label not in self.labels:
                self.labels.append(label)
                self._record("labeled", by, at, label=label)

    def remove_label(self, name: str, *, by: str, at: datetime | None = None) -> None:
        """Remove one label. Raises `Unknown` when the issue does not have it."""
        label = next((label for label in self.labels if label.name.casefold() == name.casefold()), None)
        if label is None:
            raise Unknown(name)
        self.labels.remove(label)
        self._record("unlabeled", by, at, label=label)

    def set_labels(self, names: Iterable[str], *, by: str, at: datetime | None = None) -> None:
        """Replace all labels."""
        wanted = {name.casefold(): name for name in names}
        for name in [name for name in self.label_names if name.casefold() not in wanted]:
            self.remove_label(name, by=by, at=at)
        self.add_labels(*wanted.values(), by=by, at=at)

    def assign(self, *logins: str, by: str, at: datetime | None = None) -> None:
        """Assign people."""
        for user in map(self.repository.world.user, logins):
            if user not in self.assignees:
                self.assignees.append(user)
                self._record("assigned", by, at, assignee=user)

    def unassign(self, *logins: str, by: str, at: datetime | None = None) -> None:
        """Take people off; who is not assigned is passed over."""
        for user in map(self.repository.world.user, logins):
            if user in self.assignees:
                self.assignees.remove(user)
                self._record("unassigned", by, at, assignee=user)

    def set_milestone(self, milestone: Milestone | None, *, by: str, at: datetime | None = None) -> None:
        """Put it into a milestone, or out of any."""
        if milestone is self.milestone:
            return
        if self.milestone:
            self._record("demilestoned", by, at, milestone=self.milestone.title)
        if milestone:
            self._record("milestoned", by, at, milestone=milestone.title)
        self.milestone = milestone

    def comment(self, body: str, *, by: str, at: datetime | None = None) -> Comment:
        """Comment on it."""
        moment = self._touch(at)
        comment = Comment(self.repository.world.next_id(), self.repository.world.user(by), body, moment, moment)
        self.comments.append(comment)
        self.repository.cross_reference(self, body, by=by, at=moment)
        return comment

    def rename(self, title: str, *, by: str, at: datetime | None = None) -> None:
        """Change the title."""
        if title != self.title:
            self._record("renamed", by, at, renamed=(self.title, title))
            self.title = title

    def edit(self, body: str, *, by: str, at: datetime | None = None) -> None:
        """Change the text, as the API does: every character as given."""
        if body == self.body:
            return
        moment, next_id = self._touch(at), self.repository.world.next_id
        if not self.edits:
            self.edits.append(Edit(next_id(), self.author, self.created_at, self.body))
        self.edits.append(Edit(next_id(), self.repository.world.user(by), moment, body))
        self.body = body
        self.repository.cross_reference(self, body, by=by, at=moment)

    def web_edit(self, body: str, *, by: str, at: datetime | None = None) -> None:
        """Change the text as the editor on the web page does: with Windows line ends."""
        self.edit("\r\n".join(body.splitlines()), by=by, at=at)

    def close(self, *, by: str, reason: str = "completed", at: datetime | None = None) -> None:
        """Close it."""
        self.state, self.state_reason = "closed", reason
        self.closed_by = self.repository.world.user(by)
        self.closed_at = self._record("closed", by, at).at

    def reopen(self, *, by: str, at: datetime | None = None) -> None:
        """Open it again."""
        self.state, self.state_reason, self.closed_at, self.closed_by = "open", "reopened", None, None
        self._record("reopened", by, at)

    def lock(self, *, by: str, at: datetime | None = None) -> None:
        """Lock the conversation."""
        self.locked = True
        self._record("locked", by, at)

    def referenced_from(self, source: Issue, *, by: str, at: datetime) -> None:
        """Note on the timeline that `source` mentions it."""
        if not any(event.source is source for event in self.events):
            self.events.append(self._event("cross-referenced", by, at, source=source))

    def _record(self, kind: str, by: str, at: datetime | None, **details: Any) -> Event:
        event = self._event(kind, by, self._touch(at), **details)
        self.events.append(event)
        return event

    def _event(self, kind: str, by: str, at: datetime, **details: Any) -> Event:
        world = self.repository.world
        return Event(world.next_id(), kind, world.user(by), at, **details)

    def _touch(self, at: datetime | None) -> datetime:
        moment = at or self.repository.world.now()
        self.updated_at = max(self.updated_at, moment)
        return moment
