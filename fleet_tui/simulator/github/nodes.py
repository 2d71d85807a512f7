"""The small things of the world as GraphQL's types see them.

Everywhere fields are attributes and methods of the same name in snake case; methods take GraphQL's arguments.
"""

from __future__ import annotations

from typing import Any

from fleet_tui.simulator.github.connections import Connection, Info, connection
from fleet_tui.simulator.github.render import WEB, html_url, timestamp
from fleet_tui.simulator.world import Issue, PullRequest
from fleet_tui.simulator.world.model import CheckRun, Comment, Commit, Edit, Label, Review, Status, User


class ActorNode:
    """`User` or `Bot`."""

    def __init__(self, user: User) -> None:
        self.typename = "Bot" if user.bot else "User"
        self.id = f"U_kgDO{user.id:08x}"
        self.login = user.login
        self.name = user.name
        self.url = f"{WEB}/{user.login}"


def actor(user: User | None) -> ActorNode | None:
    """An account, where there is one."""
    return ActorNode(user) if user else None


class LabelNode:
    """`Label`."""

    typename = "Label"

    def __init__(self, label: Label) -> None:
        self.id = f"LA_kwDO{label.id:08x}"
        self.name = label.name
        self.color = label.color
        self.description = label.description


class CommentNode:
    """`IssueComment`."""

    typename = "IssueComment"
    item_type = "ISSUE_COMMENT"

    def __init__(self, issue: Issue, comment: Comment) -> None:
        self.id = f"IC_kwDO{comment.id:08x}"
        self.database_id = comment.id
        self.author = actor(comment.author)
        self.body = comment.body
        self.created_at = timestamp(comment.created_at)
        self.updated_at = timestamp(comment.updated_at)
        self.url = f"{html_url(issue)}#issuecomment-{comment.id}"
        self.moment = comment.created_at


class EditNode:
    """`UserContentEdit`. Its `diff` is the whole text after the edit, as on GitHub."""

    typename = "UserContentEdit"
    deleted_at = None

    def __init__(self, edit: Edit) -> None:
        self.id = f"UCE_kwDO{edit.id:08x}"
        self.editor = actor(edit.editor)
        self.edited_at = self.created_at = self.updated_at = timestamp(edit.at)
        self.diff = edit.body


class ReviewNode:
    """`PullRequestReview`."""

    typename = "PullRequestReview"
    item_type = "PULL_REQUEST_REVIEW"

    def __init__(self, pull: PullRequest, review: Review) -> None:
        self.id = f"PRR_kwDO{review.id:08x}"
        self.author = actor(review.author)
        self.body = review.body
        self.state = review.state
        self.submitted_at = timestamp(review.submitted_at)
        self.url = f"{html_url(pull)}#pullrequestreview-{review.id}"
        self.moment = review.submitted_at


class CheckRunNode:
    """`CheckRun`."""

    typename = "CheckRun"

    def __init__(self, run: CheckRun) -> None:
        self.id = f"CR_kwDO{run.id:08x}"
        self.name = run.name
        self.status = run.status.upper()
        self.conclusion = run.conclusion.upper() if run.conclusion else None
        self.started_at = timestamp(run.started_at)
        self.completed_at = timestamp(run.completed_at)


class StatusContextNode:
    """`StatusContext`."""

    typename = "StatusContext"
    target_url = None

    def __init__(self, status: Status) -> None:
        self.id = f"SC_kwDO{status.id:08x}"
        self.context = status.context
        self.state = status.state.upper()
        self.description = status.description
        self.created_at = timestamp(status.at)


class RollupNode:
    """`StatusCheckRollup`: all that was reported on a commit."""

    typename = "StatusCheckRollup"

    def __init__(self, commit: Commit) -> None:
        self.id = f"SCR_{commit.sha[:12]}"
        self._contexts: list[CheckRunNode | StatusContextNode] = [
            *(CheckRunNode(run) for run in commit.checks),
            *(StatusContextNode(status) for status in commit.latest_statuses()),
        ]

    @property
    def state(self) -> str:
        """The worst of all."""
        states = {
            context.conclusion or "PENDING" if isinstance(context, CheckRunNode) else context.state
            for context in self._contexts
        }
        if states - PASSING - {"PENDING"}:
            return "FAILURE"
        return "PENDING" if "PENDING" in states else "SUCCESS"

    def contexts(self, info: Info, **page: Any) -> Connection:
        """Check runs and commit statuses."""
        return connection(info, self._contexts, **page)


PASSING = {"SUCCESS", "NEUTRAL", "SKIPPED"}


class GitActorNode:
    """`GitActor`: a name in a commit, and the account behind it where GitHub knows it."""

    typename = "GitActor"

    def __init__(self, user: User | None) -> None:
        self.name = user.name if user else None
        self.user = actor(user)


class CommitNode:
    """`Commit`."""

    typename = "Commit"

    def __init__(self, repository: str, commit: Commit) -> None:
        self.id = f"C_{commit.sha[:12]}"
        self.oid = commit.sha
        self.url = f"{WEB}/{repository}/commit/{commit.sha}"
        self.committed_date = self.authored_date = timestamp(commit.at)
        self.author = GitActorNode(commit.author)
        self.status_check_rollup = RollupNode(commit) if commit.checks or commit.statuses else None


class PullRequestCommitNode:
    """`PullRequestCommit`."""

    typename = "PullRequestCommit"

    def __init__(self, commit: CommitNode) -> None:
        self.id = f"PRC_{commit.oid[:12]}"
        self.commit = commit
