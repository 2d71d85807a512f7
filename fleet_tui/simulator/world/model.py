"""The plain things that issues, pull requests and repositories consist of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fleet_tui.simulator.world.issue import Issue

IssueState = Literal["open", "closed"]
ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]
StatusState = Literal["success", "failure", "error", "pending"]
CheckConclusion = Literal["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"]


class Unknown(LookupError):
    """There is no such thing in the world."""


class Gone(LookupError):
    """The issue was deleted."""


class Moved(LookupError):
    """The issue was transferred, or the repository renamed."""

    def __init__(self, repository: str, number: int | None = None) -> None:
        super().__init__(repository, number)
        self.repository = repository
        self.number = number


@dataclass(frozen=True, slots=True)
class User:
    """An account. Members of the organization have push access to its repositories."""

    id: int
    login: str
    name: str = ""
    member: bool = True
    bot: bool = False
    concealed: bool = False
    """Whether members alone see that it is one."""


@dataclass(frozen=True, slots=True)
class Token:
    """What an access token is good for."""

    login: str
    push: bool = True
    """Without it labels, milestone and assignees are silently dropped, as for anyone without push access."""
    write: bool = True
    """Without it every write is refused, as with a fine-grained token that may only read."""


@dataclass(slots=True)
class Limits:
    """GitHub's rate limits."""

    core: int = 5000
    graphql: int = 5000
    anonymous: int = 60
    points_per_minute: int = 900
    creations_per_minute: int = 80
    secondary_status: Literal[403, 429] = 403


@dataclass(slots=True, eq=False)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(slots=True, eq=False)
class Milestone:
    """A milestone of a repository."""

    id: int
    number: int
    title: str
    creator: User
    created_at: datetime
    updated_at: datetime
    state: IssueState = "open"
    description: str | None = None
    due_on: datetime | None = None
    closed_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    author: User
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a pull request."""

    id: int
    author: User
    state: ReviewState
    body: str
    submitted_at: datetime
    commit: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A version of an issue's text: what it was after the edit."""

    id: int
    editor: User
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something on an issue's timeline; `kind` as in GitHub's REST API (`labeled`, `cross-referenced`, …)."""

    id: int
    kind: str
    actor: User
    at: datetime
    label: Label | None = None
    assignee: User | None = None
    milestone: str | None = None
    source: Issue | None = None
    renamed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A commit status."""

    id: int
    context: str
    state: StatusState
    description: str
    at: datetime


@dataclass(slots=True, eq=False)
class CheckRun:
    """A run of continuous integration on a commit; without a conclusion it is still going on."""

    id: int
    name: str
    started_at: datetime
    conclusion: CheckConclusion | None = None
    completed_at: datetime | None = None

    @property
    def status(self) -> str:
        """`completed` or `in_progress`."""
        return "completed" if self.conclusion else "in_progress"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a pull request changes."""

    path: str
    additions: int = 1
    deletions: int = 0


class Commit:
    """A commit with what was reported on it."""

    def __init__(self, sha: str, at: datetime, author: User | None = None) -> None:
        self.sha = sha
        self.at = at
        self.author = author
        self.statuses: list[Status] = []
        self.checks: list[CheckRun] = []

    def latest_statuses(self) -> list[Status]:
        """The newest status of each context, in the order in which the contexts first came."""
        return list({status.context: status for status in self.statuses}.values())
