"""Release QA issues, read: which are open, the text of one, who edited it, what was said about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.qa import BodyEdit, QaBody, QaIssue, Remark
from fleet_tui.domain.text import clean, clean_lines
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_body import deleted, moved, unknown
from fleet_tui.services.github_pull_shapes import Author, CamelCase, NamePart

MOST_EDITS = 30

EDITS = """
query Edits($owner: String!, $name: String!, $number: Int!, $first: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) {
    userContentEdits(first: $first) { nodes { editor { login } editedAt diff } }
  } }
}
"""


class GitHubQa:
    """Reads of release QA issues: those with all of `labels` whose title one of `patterns` matches."""

    def __init__(self, github: GitHub, patterns: Sequence[str], labels: Sequence[str]) -> None:
        self._github = github
        self._patterns = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        self._labels = ",".join(labels)

    async def issues(self) -> tuple[QaIssue, ...]:
        """The open ones among the 100 newest with the labels, newest first. Raises `Failure`."""
        query: dict[str, str | int] = {"state": "open", "sort": "created", "direction": "desc", "per_page": 100}
        if self._labels:
            query["labels"] = self._labels
        github = self._github
        answer = await github.http.get(github.service, f"{github.path}/issues", query)
        found = (one.value() for one in answer.decode(list[_Issue]) if one.pull_request is None)
        return tuple(issue for issue in found if any(pattern.search(issue.title) for pattern in self._patterns))

    async def issue(self, number: int) -> QaBody:
        """The issue with its text; costs nothing while it is unchanged. Raises `Failure`."""
        github, path = self._github, f"{self._github.path}/issues/{number}"
        try:
            answer = await github.http.get(github.service, path)
        except Failure as failure:
            problem = failure.problem
            if problem.cause is not Cause.MISSING:
                raise
            gone = deleted if ": 410" in problem.detail else unknown
            raise Failure(gone(number, problem.detail)) from None
        one = answer.decode(_Issue)
        place = one.repository_url.rpartition("/repos/")[2]
        if (place.casefold(), one.number) != (github.repository.casefold(), number):
            raise Failure(moved(number, f"{place}#{one.number}"))
        return QaBody(one.value(), one.body or "", one.comments)

    async def edits(self, number: int, first: int = MOST_EDITS) -> tuple[BodyEdit, ...]:
        """The newest versions of the text, newest first; empty for one that was never edited. Raises `Failure`.

        Each brings the whole text: ask only when it has changed, and for no more than are needed.
        """
        github = self._github
        variables = {"owner": github.owner, "name": github.name, "number": number, "first": first}
        data = await github.graphql(EDITS, variables, _EditsData)
        if data.repository.issue is None:
            raise Failure(unknown(number, "POST /graphql: NOT_FOUND"))
        return tuple(one.value() for one in data.repository.issue.user_content_edits.nodes)

    async def comments(self, number: int) -> tuple[Remark, ...]:
        """What was said about it, oldest first. Raises `Failure`."""
        github, path = self._github, f"{self._github.path}/issues/{number}/comments"
        pages = github.http.pages(github.service, path, {}, list[_Comment])
        return tuple([comment.value() async for page in pages for comment in page])


class _Issue(msgspec.Struct):
    number: int
    title: str
    html_url: str
    repository_url: str
    state: str
    updated_at: datetime
    labels: tuple[NamePart, ...] = ()
    assignees: tuple[Author, ...] = ()
    locked: bool = False
    body: str | None = None
    comments: int = 0
    pull_request: dict[str, Any] | None = None

    def value(self) -> QaIssue:
        return QaIssue(
            self.number,
            clean(self.title),
            self.html_url,
            self.state,
            tuple(clean(author.login) for author in self.assignees),
            frozenset(clean(label.name) for label in self.labels),
            self.updated_at,
            self.locked,
        )


class _Comment(msgspec.Struct):
    html_url: str
    created_at: datetime
    user: Author | None = None
    body: str | None = None

    def value(self) -> Remark:
        author = clean(self.user.login) if self.user else ""
        return Remark(author, self.created_at, clean_lines(self.body or ""), self.html_url)


class _Edit(CamelCase):
    edited_at: datetime
    editor: Author | None = None
    diff: str | None = None

    def value(self) -> BodyEdit:
        return BodyEdit(clean(self.editor.login) if self.editor else "", self.edited_at, self.diff)


class _Edits(msgspec.Struct):
    nodes: tuple[_Edit, ...] = ()


class _EditedIssue(CamelCase):
    user_content_edits: _Edits = msgspec.field(default_factory=_Edits)


class _IssueOf(msgspec.Struct):
    issue: _EditedIssue | None = None


class _EditsData(msgspec.Struct):
    repository: _IssueOf
