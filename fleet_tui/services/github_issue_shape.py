"""An issue as GitHub's REST interface gives it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from fleet_tui.domain.bugs import Bug, History
from fleet_tui.domain.text import clean
from fleet_tui.services.github_pull_shapes import Author, NamePart


class Title(msgspec.Struct):
    """A milestone's name."""

    title: str


class RestIssue(msgspec.Struct):
    """An entry of the list of issues, or one that was asked for alone."""

    number: int
    title: str
    html_url: str
    repository_url: str
    state: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    comments: int = 0
    user: Author | None = None
    labels: tuple[NamePart, ...] = ()
    assignees: tuple[Author, ...] = ()
    milestone: Title | None = None
    pull_request: dict[str, object] | None = None

    def bug(self, history: History | None = None) -> Bug:
        """It as a bug, safe to show."""
        return Bug(
            self.number,
            clean(self.title),
            self.html_url,
            clean(self.user.login) if self.user else "",
            self.created_at,
            self.updated_at,
            frozenset(clean(label.name) for label in self.labels),
            tuple(clean(author.login) for author in self.assignees),
            (self.closed_at or self.updated_at) if self.state == "closed" else None,
            self.comments,
            clean(self.milestone.title) if self.milestone else "",
            history,
        )
