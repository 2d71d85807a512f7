"""Pull requests: issues with a change to be merged."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from fleet_tui.simulator.world.issue import Issue
from fleet_tui.simulator.world.mentions import closing
from fleet_tui.simulator.world.model import (
    ChangedFile,
    CheckConclusion,
    CheckRun,
    Commit,
    Review,
    ReviewState,
    Status,
    StatusState,
    Unknown,
    User,
)

if TYPE_CHECKING:
    from fleet_tui.simulator.world.repository import Repository


class PullRequest(Issue):
    """A pull request."""

    node_prefix = "PR"

    def __init__(self, repository: Repository, number: int, title: str, body: str, author: User, at: datetime) -> None:
        super().__init__(repository, number, title, body, author, at)
        self.base = "main"
        self.head_ref = f"{number}-change"
        self.draft = False
        self.files: list[ChangedFile] = []
        self.reviews: list[Review] = []
        self.merged_at: datetime | None = None
        self.merged_by: User | None = None
        self.merge_sha: str | None = None
        self._pushes = 0
        self.requested: list[User] = []
        """Reviewers who were asked and have not reviewed it since."""
        self.head = self._new_commit(author, at)

    @property
    def merged(self) -> bool:
        """Whether it was merged."""
        return self.merged_at is not None

    def closes(self) -> list[Issue]:
        """The issues that merging it closes."""
        numbers = closing(self.body, self.repository.full_name)
        return [issue for number in numbers if (issue := self.repository.issues.get(number))]

    def will_close(self, issue: Issue) -> bool:
        """Whether merging it closes `issue`: asked of each pull request for each issue."""
        named = issue.number in closing(self.body, self.repository.full_name)
        return named and self.repository.issues.get(issue.number) is issue

    def opinions(self) -> list[Review]:
        """The newest approving or rejecting review of each reviewer."""
        opinionated = [review for review in self.reviews if review.state != "COMMENTED"]
        return list({review.author.login: review for review in opinionated}.values())

    def decision(self) -> str:
        """The reviewers' verdict: `APPROVED`, `CHANGES_REQUESTED` or `REVIEW_REQUIRED`."""
        states = {review.state for review in self.opinions()}
        return next((state for state in ("CHANGES_REQUESTED", "APPROVED") if state in states), "REVIEW_REQUIRED")

    def blocked_by(self) -> list[str]:
        """The commit statuses that keep it from being merged."""
        return [status.context for status in self.head.latest_statuses() if status.state != "success"]

    def review(
        self, state: ReviewState, *, by: str, body: str = "", at: datetime | None = None, commit: str = ""
    ) -> Review:
        """Review it, or what it was at an older `commit`."""
        moment, world = self._touch(at), self.repository.world
        review = Review(world.next_id(), world.user(by), state, body, moment, commit or self.head.sha)
        self.reviews.append(review)
        self.requested = [user for user in self.requested if user is not review.author]
        return review

    def request_review(self, *logins: str, at: datetime | None = None) -> None:
        """Ask people for a review."""
        self._touch(at)
        self.requested += [user for user in map(self.repository.world.user, logins) if user not in self.requested]

    def push(self, *, by: str | None = None, at: datetime | None = None) -> None:
        """Push a new head commit; nothing has been reported on it but what Merge Freeze says at once."""
        author = self.repository.world.user(by) if by else self.author
        self.head = self._new_commit(author, self._touch(at))
        self.repository.world.merge_freeze.report(self)

    def ready(self, *, by: str, at: datetime | None = None) -> None:
        """Take it out of draft."""
        self.draft = False
        self._record("ready_for_review", by, at)

    def merge(self, *, by: str, at: datetime | None = None) -> None:
        """Merge it and close the issues that it closes."""
        event = self._record("merged", by, at)
        self.merged_at, self.merged_by = event.at, event.actor
        self.merge_sha = _sha(f"merge {self.node_id}")
        self.close(by=by, at=event.at)
        for issue in self.closes():
            if issue.state == "open":
                issue.close(by=by, at=event.at)

    def set_status(
        self, context: str, state: StatusState, description: str = "", *, at: datetime | None = None
    ) -> None:
        """Report a commit status on the head commit."""
        world = self.repository.world
        self.head.statuses.append(Status(world.next_id(), context, state, description, at or world.now()))

    def start_check(self, name: str, *, at: datetime | None = None) -> CheckRun:
        """Start a check run on the head commit."""
        world = self.repository.world
        check = CheckRun(world.next_id(), name, at or world.now())
        self.head.checks = [*(run for run in self.head.checks if run.name != name), check]
        return check

    def finish_check(self, name: str, conclusion: CheckConclusion, *, at: datetime | None = None) -> None:
        """Finish a check run of the head commit. Raises `Unknown` when none of that name was started."""
        check = next((run for run in self.head.checks if run.name == name), None)
        if check is None:
            raise Unknown(name)
        check.conclusion, check.completed_at = conclusion, at or self.repository.world.now()

    def _new_commit(self, author: User, at: datetime) -> Commit:
        self._pushes += 1
        commit = Commit(_sha(f"{self.node_id} {self._pushes}"), at, author)
        self.repository.commits[commit.sha] = commit
        return commit


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
