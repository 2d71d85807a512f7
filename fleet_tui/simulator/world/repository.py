"""A repository: its issues, labels, milestones, files and commits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from fleet_tui.simulator.world.history import History, Release
from fleet_tui.simulator.world.issue import Issue
from fleet_tui.simulator.world.mentions import mentioned
from fleet_tui.simulator.world.model import ChangedFile, Commit, Gone, IssueState, Label, Milestone, Moved, Unknown
from fleet_tui.simulator.world.pull import PullRequest
from fleet_tui.simulator.world.workflow import Workflow

if TYPE_CHECKING:
    from fleet_tui.simulator.world.world import World


class Repository:
    """A repository of the world."""

    def __init__(self, world: World, full_name: str, default_branch: str = "main") -> None:
        self.world = world
        self.id = world.next_id()
        self.full_name = full_name
        self.default_branch = default_branch
        self.created_at = world.now()
        self.issues: dict[int, Issue] = {}
        self.labels: dict[str, Label] = {}
        self.milestones: dict[int, Milestone] = {}
        self.commits: dict[str, Commit] = {}
        self.tags: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.history = History()
        self.releases: list[Release] = []
        self.workflows: dict[str, Workflow] = {}
        """The workflows that are started by hand, by their files' names."""
        self._gone: set[int] = set()
        self._moved: dict[int, Moved] = {}

    @property
    def owner(self) -> str:
        """The login of the owner."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The name without the owner."""
        return self.full_name.partition("/")[2]

    def issue(self, number: int) -> Issue:
        """An issue or a pull request. Raises `Unknown`, `Gone` or `Moved`."""
        if number in self._moved:
            raise self._moved[number]
        if number in self._gone:
            raise Gone(number)
        if number not in self.issues:
            raise Unknown(number)
        return self.issues[number]

    def pull(self, number: int) -> PullRequest:
        """A pull request. Raises `Unknown` for an issue that is none."""
        issue = self.issue(number)
        if not isinstance(issue, PullRequest):
            raise Unknown(number)
        return issue

    def pulls(self, *, base: str | None = None, state: IssueState | None = None) -> list[PullRequest]:
        """Its pull requests by number, of one base branch and state where those are given."""
        return [
            issue
            for _, issue in sorted(self.issues.items())
            if isinstance(issue, PullRequest) and base in (None, issue.base) and state in (None, issue.state)
        ]

    def branch_head(self, name: str) -> Commit:
        """The newest commit of a branch: the default one, or one that pull requests are against. Raises `KeyError`."""
        if name not in {self.default_branch, *(pull.base for pull in self.pulls())}:
            raise KeyError(name)
        sha = hashlib.sha1(f"{self.full_name} {name}".encode(), usedforsecurity=False).hexdigest()
        return self.commits.setdefault(sha, Commit(sha, self.created_at))

    def open_issue(
        self,
        title: str,
        body: str = "",
        *,
        by: str,
        labels: Iterable[str] = (),
        assignees: Iterable[str] = (),
        milestone: Milestone | None = None,
        number: int | None = None,
        at: datetime | None = None,
    ) -> Issue:
        """Open an issue; without `number` it gets the next one."""
        moment = at or self.world.now()
        issue = Issue(self, number or self._next_number(), title, body, self.world.user(by), moment)
        self._open(issue, labels, assignees, milestone)
        return issue

    def open_pull(
        self,
        title: str,
        body: str = "",
        *,
        by: str,
        files: Iterable[str | ChangedFile] = (),
        base: str = "main",
        head: str | None = None,
        draft: bool = False,
        labels: Iterable[str] = (),
        number: int | None = None,
        at: datetime | None = None,
    ) -> PullRequest:
        """Open a pull request; Merge Freeze reports on it at once."""
        moment = at or self.world.now()
        pull = PullRequest(self, number or self._next_number(), title, body, self.world.user(by), moment)
        pull.base, pull.draft, pull.head_ref = base, draft, head or pull.head_ref
        pull.files = [ChangedFile(file) if isinstance(file, str) else file for file in files]
        self._open(pull, labels, (), None)
        self.world.merge_freeze.report(pull, at=moment)
        return pull

    def cross_reference(self, source: Issue, text: str, *, by: str, at: datetime) -> None:
        """Note on every issue that `text` mentions that `source` mentions it."""
        for number in mentioned(text, self.full_name):
            target = self.issues.get(number)
            if target and target is not source:
                target.referenced_from(source, by=by, at=at)

    def delete(self, number: int) -> None:
        """Delete an issue: from now on it is `Gone`."""
        del self.issues[self.issue(number).number]
        self._gone.add(number)

    def transfer(self, number: int, to: Repository) -> Issue:
        """Transfer an issue to another repository, where it gets a new number."""
        issue = self.issues.pop(self.issue(number).number)
        issue.repository, issue.number = to, to._next_number()
        to.issues[issue.number] = issue
        self._moved[number] = Moved(to.full_name, issue.number)
        return issue

    def label(self, name: str, color: str = "ededed", description: str | None = None) -> Label:
        """The label of this name, whatever its capitals; it is made when there is none."""
        key = name.casefold()
        if key not in self.labels:
            self.labels[key] = Label(self.world.next_id(), name, color, description)
        return self.labels[key]

    def add_milestone(
        self, title: str, *, by: str, due_on: datetime | None = None, at: datetime | None = None
    ) -> Milestone:
        """Make a milestone."""
        moment, number = at or self.world.now(), max(self.milestones, default=0) + 1
        milestone = Milestone(self.world.next_id(), number, title, self.world.user(by), moment, moment, due_on=due_on)
        self.milestones[number] = milestone
        return milestone

    def issues_of(self, milestone: Milestone) -> list[Issue]:
        """All that is in a milestone, by number."""
        return [issue for _, issue in sorted(self.issues.items()) if issue.milestone is milestone]

    def _open(self, issue: Issue, labels: Iterable[str], assignees: Iterable[str], milestone: Milestone | None) -> None:
        self.issues[issue.number] = issue
        by, at = issue.author.login, issue.created_at
        issue.add_labels(*labels, by=by, at=at)
        issue.assign(*assignees, by=by, at=at)
        issue.set_milestone(milestone, by=by, at=at)
        self.cross_reference(issue, issue.body, by=by, at=at)

    def _next_number(self) -> int:
        return max((*self.issues, *self._gone, *self._moved), default=0) + 1
