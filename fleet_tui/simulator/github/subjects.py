"""Issues and pull requests as GraphQL sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fleet_tui.simulator.github.connections import Connection, Info, connection
from fleet_tui.simulator.github.event_nodes import EventNode
from fleet_tui.simulator.github.milestone_nodes import MilestoneNode
from fleet_tui.simulator.github.nodes import (
    ActorNode,
    CommentNode,
    CommitNode,
    EditNode,
    LabelNode,
    PullRequestCommitNode,
    ReviewNode,
    actor,
)
from fleet_tui.simulator.github.render import html_url, timestamp
from fleet_tui.simulator.world import Issue, PullRequest


class SubjectNode:
    """What `Issue` and `PullRequest` share."""

    typename = "Issue"

    def __init__(self, issue: Issue) -> None:
        self._subject = issue
        self.id = issue.node_id
        self.number = issue.number
        self.title = issue.title
        self.body = issue.body
        self.url = html_url(issue)
        self.locked = issue.locked
        self.closed = issue.state == "closed"
        self.created_at = timestamp(issue.created_at)
        self.updated_at = timestamp(issue.updated_at)
        self.closed_at = timestamp(issue.closed_at)
        self.author = actor(issue.author)
        self.editor = actor(issue.edits[-1].editor) if issue.edits else None
        self.last_edited_at = timestamp(issue.edits[-1].at) if issue.edits else None

    @property
    def milestone(self) -> MilestoneNode | None:
        """Its milestone."""
        milestone = self._subject.milestone
        return MilestoneNode(self._subject.repository, milestone) if milestone else None

    def labels(self, info: Info, **page: Any) -> Connection:
        """Its labels."""
        return connection(info, [LabelNode(label) for label in self._subject.labels], **page)

    def assignees(self, info: Info, **page: Any) -> Connection:
        """Who is assigned."""
        return connection(info, [ActorNode(user) for user in self._subject.assignees], **page)

    def comments(self, info: Info, **page: Any) -> Connection:
        """Its comments, oldest first."""
        return connection(info, self._comments(), **page)

    def user_content_edits(self, info: Info, **page: Any) -> Connection:
        """The versions of its text, newest first."""
        return connection(info, [EditNode(edit) for edit in reversed(self._subject.edits)], **page)

    def timeline_items(
        self,
        info: Info,
        since: str | None = None,
        skip: int = 0,
        item_types: Sequence[str] | None = None,
        **page: Any,
    ) -> Connection:
        """What happened to it, oldest first."""
        start = datetime.fromisoformat(since) if since else None
        items = [
            item
            for item in self._happenings()
            if (item_types is None or item.item_type in item_types) and (start is None or item.moment >= start)
        ]
        return connection(info, sorted(items, key=lambda item: item.moment)[skip:], **page)

    def _comments(self) -> list[CommentNode]:
        return [CommentNode(self._subject, comment) for comment in self._subject.comments]

    def _happenings(self) -> list[EventNode | CommentNode | ReviewNode]:
        return [*(EventNode(self._subject, event) for event in self._subject.events), *self._comments()]


class IssueNode(SubjectNode):
    """`Issue`."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue)
        self.state = issue.state.upper()

    def state_reason(self, info: Info, **_: Any) -> str | None:
        """Why it was closed."""
        return self._subject.state_reason.upper() if self._subject.state_reason else None

    def closed_by_pull_requests_references(
        self, info: Info, include_closed_prs: bool = False, user_linked_only: bool = False, **page: Any
    ) -> Connection:
        """The pull requests that close it when merged; the open ones, unless the others are asked for too."""
        pulls = [
            pull
            for pull in self._subject.repository.pulls()
            if (include_closed_prs or pull.state == "open") and pull.will_close(self._subject)
        ]
        return connection(info, pulls, **page)


class PullRequestNode(SubjectNode):
    """`PullRequest`."""

    typename = "PullRequest"

    def __init__(self, pull: PullRequest) -> None:
        super().__init__(pull)
        self._pull = pull
        self.state = "MERGED" if pull.merged else pull.state.upper()
        self.is_draft = pull.draft
        self.merged = pull.merged
        self.merged_at = timestamp(pull.merged_at)
        self.merged_by = actor(pull.merged_by)
        self.mergeable = "UNKNOWN" if pull.merged else "MERGEABLE"
        self.base_ref_name = pull.base
        self.head_ref_name = pull.head_ref
        self.head_ref_oid = pull.head.sha
        self.additions = sum(file.additions for file in pull.files)
        self.deletions = sum(file.deletions for file in pull.files)
        self.changed_files = len(pull.files)
        self.review_decision = pull.decision()

    def reviews(
        self, info: Info, states: Sequence[str] | None = None, author: str | None = None, **page: Any
    ) -> Connection:
        """Its reviews, oldest first."""
        found = [
            review
            for review in self._pull.reviews
            if (states is None or review.state in states) and author in (None, review.author.login)
        ]
        return connection(info, [ReviewNode(self._pull, review) for review in found], **page)

    def latest_reviews(self, info: Info, writers_only: bool = False, **page: Any) -> Connection:
        """The newest review of each reviewer."""
        latest = {review.author.login: review for review in self._pull.reviews}
        return connection(info, [ReviewNode(self._pull, review) for review in latest.values()], **page)

    def latest_opinionated_reviews(self, info: Info, writers_only: bool = False, **page: Any) -> Connection:
        """The newest review of each reviewer that approves or rejects."""
        found = [review for review in self._pull.opinions() if review.author.member or not writers_only]
        return connection(info, [ReviewNode(self._pull, review) for review in found], **page)

    def files(self, info: Info, **page: Any) -> Connection:
        """The files it changes."""
        return connection(info, self._pull.files, **page)

    def commits(self, info: Info, **page: Any) -> Connection:
        """Its commits: the head alone."""
        head = CommitNode(self._pull.repository.full_name, self._pull.head)
        return connection(info, [PullRequestCommitNode(head)], **page)

    def closing_issues_references(self, info: Info, user_linked_only: bool = False, **page: Any) -> Connection:
        """The issues that merging it closes."""
        return connection(info, self._pull.closes(), **page)

    def _happenings(self) -> list[EventNode | CommentNode | ReviewNode]:
        return [*super()._happenings(), *(ReviewNode(self._pull, review) for review in self._pull.reviews)]


def subject(issue: Issue) -> IssueNode | PullRequestNode:
    """An issue or pull request as its type sees it."""
    return PullRequestNode(issue) if isinstance(issue, PullRequest) else IssueNode(issue)
