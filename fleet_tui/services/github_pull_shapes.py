"""The answers that `github_pulls` asks for: GitHub's fields as they come, checked against their types."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from fleet_tui.domain.pulls import Block, Checks, Remark, ReviewState, Word
from fleet_tui.domain.text import clean, clean_lines


class CamelCase(msgspec.Struct, rename="camel"):
    """GraphQL's names."""


class NamePart(msgspec.Struct):
    name: str


class Names(msgspec.Struct):
    nodes: tuple[NamePart, ...] = ()


class IssueShape(CamelCase):
    number: int
    labels: Names | None = None

    @property
    def label_names(self) -> frozenset[str]:
        return frozenset(clean(label.name) for label in self.labels.nodes) if self.labels else frozenset()


class Author(msgspec.Struct):
    login: str
    kind: str = msgspec.field(name="__typename", default="")


class RemarkShape(CamelCase):
    body: str
    author: Author | None = None
    created_at: datetime | None = None
    submitted_at: datetime | None = None
    state: str = ""


class Remarks(msgspec.Struct):
    nodes: tuple[RemarkShape, ...] = ()


class Spoken(CamelCase):
    """A review; who wrote it may have left GitHub."""

    author: Author | None = None
    submitted_at: datetime | None = None
    """None while it is being written."""


class Reviews(msgspec.Struct):
    nodes: tuple[Spoken, ...] = ()


class ReadyPart(CamelCase):
    created_at: datetime


class ReadyParts(msgspec.Struct):
    nodes: tuple[ReadyPart, ...] = ()


class PathPart(msgspec.Struct):
    path: str


class Files(CamelCase):
    total_count: int
    nodes: tuple[PathPart, ...] | None = ()


class Issues(msgspec.Struct):
    nodes: tuple[IssueShape, ...] = ()


class Context(CamelCase):
    """A check run or a commit status."""

    context: str = ""
    status: str = ""
    conclusion: str | None = None
    state: str = ""
    created_at: datetime | None = None

    @property
    def result(self) -> Checks:
        if self.state:
            return _STATES.get(self.state, Checks.FAILING)
        if self.status != "COMPLETED":
            return Checks.RUNNING
        return Checks.PASSING if self.conclusion in {"SUCCESS", "NEUTRAL", "SKIPPED"} else Checks.FAILING


_STATES = {"SUCCESS": Checks.PASSING, "PENDING": Checks.RUNNING, "EXPECTED": Checks.RUNNING}
_BLOCKS = {Checks.PASSING: Block.FREE, Checks.FAILING: Block.BLOCKED, Checks.RUNNING: Block.BLOCKED}


class Contexts(msgspec.Struct):
    nodes: tuple[Context, ...] = ()


class Rollup(msgspec.Struct):
    contexts: Contexts


class CommitAuthor(msgspec.Struct):
    user: Author | None = None


class Commit(CamelCase):
    committed_date: datetime | None = None
    author: CommitAuthor | None = None
    status_check_rollup: Rollup | None = None


class CommitNode(msgspec.Struct):
    commit: Commit


class Commits(msgspec.Struct):
    nodes: tuple[CommitNode, ...] = ()


class PullShape(IssueShape, kw_only=True):
    id: str
    title: str
    body: str
    url: str
    is_draft: bool
    state: str
    created_at: datetime
    updated_at: datetime
    base_ref_name: str
    head_ref_oid: str
    review_decision: str | None = None
    author: Author | None = None
    files: Files | None = None
    closing_issues_references: Issues = msgspec.field(default_factory=Issues)
    latest_opinionated_reviews: Remarks | None = None
    comments: Remarks = msgspec.field(default_factory=Remarks)
    commits: Commits = msgspec.field(default_factory=Commits)
    reviews: Reviews = msgspec.field(default_factory=Reviews)
    timeline_items: ReadyParts = msgspec.field(default_factory=ReadyParts)

    @property
    def login(self) -> str:
        return clean(self.author.login) if self.author else "ghost"

    @property
    def file_nodes(self) -> tuple[PathPart, ...]:
        return (self.files.nodes or ()) if self.files else ()

    def contexts(self) -> Iterable[Context]:
        for node in self.commits.nodes:
            if node.commit.status_check_rollup:
                yield from node.commit.status_check_rollup.contexts.nodes

    def checks(self, status_context: str) -> Checks:
        results = {one.result for one in self.contexts() if one.context != status_context}
        order = (Checks.FAILING, Checks.RUNNING, Checks.PASSING)
        return next((result for result in order if result in results), Checks.NONE)

    def has_running(self, status_context: str) -> bool:
        """Whether any check but Merge Freeze's is still running, also when another has failed already."""
        return any(one.result is Checks.RUNNING for one in self.contexts() if one.context != status_context)

    def block(self, status_context: str) -> tuple[Block, datetime | None]:
        """What Merge Freeze's status says, and since when."""
        found = next((one for one in self.contexts() if one.context == status_context), None)
        return (_BLOCKS[found.result], found.created_at) if found else (Block.UNKNOWN, None)

    @property
    def review(self) -> ReviewState:
        # GitHub decides only where the branch's rules ask for reviews; elsewhere the reviewers' words stand.
        said = {self.review_decision} if self.review_decision else {review.state for review in self._opinions}
        if "CHANGES_REQUESTED" in said:
            return ReviewState.CHANGES
        if "APPROVED" in said:
            return ReviewState.APPROVED
        return ReviewState.AWAITED if self.review_decision else ReviewState.NONE

    @property
    def reviewed(self) -> tuple[Word, ...]:
        said = ((one.author, one.submitted_at) for one in self.reviews.nodes)
        return tuple(Word(clean(author.login), at) for author, at in said if author and at)

    @property
    def pushed(self) -> Word | None:
        # The date is the clock's of who committed: it cannot be after the last change that GitHub has seen.
        commit = self.commits.nodes[-1].commit if self.commits.nodes else None
        if commit is None or commit.committed_date is None:
            return None
        user = commit.author.user if commit.author else None
        return Word(clean(user.login) if user else "", min(commit.committed_date, self.updated_at))

    @property
    def readied(self) -> datetime | None:
        return max((one.created_at for one in self.timeline_items.nodes), default=None)

    @property
    def _opinions(self) -> tuple[RemarkShape, ...]:
        return self.latest_opinionated_reviews.nodes if self.latest_opinionated_reviews else ()

    @property
    def _approving(self) -> list[RemarkShape]:
        return [review for review in self._opinions if review.state == "APPROVED"]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        spoken = [(remark, True) for remark in self._approving] + [(remark, False) for remark in self.comments.nodes]
        return tuple(
            Remark(
                clean(remark.author.login),
                clean_lines(remark.body, 4000),
                remark.submitted_at or remark.created_at or self.updated_at,
                approves,
            )
            for remark, approves in spoken
            if remark.author is not None
        )


class PageInfo(CamelCase):
    has_next_page: bool
    end_cursor: str | None = None


class PullPage(CamelCase):
    page_info: PageInfo
    nodes: tuple[PullShape, ...]


class RepositoryShape(CamelCase):
    pull_requests: PullPage


class OpenPullsData(msgspec.Struct):
    repository: RepositoryShape


class NodesData(msgspec.Struct):
    nodes: tuple[PullShape | None, ...]


class MentionedData(msgspec.Struct):
    repository: dict[str, IssueShape | None]


class Touched(msgspec.Struct):
    """An entry of the REST list of issues, which has the pull requests too."""

    number: int
    node_id: str
    state: str
    updated_at: datetime
    labels: tuple[NamePart, ...] = ()
    pull_request: dict[str, object] | None = None

    @property
    def is_open_pull(self) -> bool:
        return self.pull_request is not None and self.state == "open"

    @property
    def label_names(self) -> frozenset[str]:
        return frozenset(clean(label.name) for label in self.labels)
