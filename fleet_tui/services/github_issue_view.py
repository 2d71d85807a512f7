"""One bug in full, in one GraphQL request, kept until the bug changes."""

from __future__ import annotations

from datetime import datetime

import msgspec

from fleet_tui.domain.bug_detail import BugDetail, LabelChange, LinkedPull
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa import Remark
from fleet_tui.domain.text import clean, clean_lines
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_body import unknown
from fleet_tui.services.github_pull_shapes import Author, CamelCase, NamePart

KEPT = 100
COMMENTS, CHANGES, PULLS = 10, 50, 30

VIEW = f"""
query View($owner: String!, $name: String!, $number: Int!) {{
  repository(owner: $owner, name: $name) {{ issue(number: $number) {{
    updatedAt body
    comments(last: {COMMENTS}) {{ totalCount nodes {{ url body createdAt author {{ login }} }} }}
    labelled: timelineItems(last: {CHANGES}, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {{ nodes {{
      kind: __typename
      ... on LabeledEvent {{ createdAt actor {{ login }} label {{ name }} }}
      ... on UnlabeledEvent {{ createdAt actor {{ login }} label {{ name }} }}
    }} }}
    mentioned: timelineItems(last: {PULLS}, itemTypes: [CROSS_REFERENCED_EVENT]) {{ nodes {{
      ... on CrossReferencedEvent {{ isCrossRepository source {{ ... on PullRequest {{ ...Pull }} }} }}
    }} }}
    closing: closedByPullRequestsReferences(first: {PULLS}, includeClosedPrs: true) {{ nodes {{ ...Pull }} }}
  }} }}
}}
fragment Pull on PullRequest {{ number title url state isDraft }}
"""


class BugDetails:
    """Bugs in full, each asked for once a change."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._kept: dict[int, tuple[datetime, BugDetail]] = {}

    def known(self, bug: Bug) -> BugDetail | None:
        """What was read of the bug as it is now; None if nothing was."""
        updated, detail = self._kept.get(bug.number, (None, None))
        return detail if updated == bug.updated else None

    async def read(self, bug: Bug) -> BugDetail:
        """The bug in full; no request for one that is `known`. Raises `Failure`."""
        if known := self.known(bug):
            return known
        github = self._github
        variables = {"owner": github.owner, "name": github.name, "number": bug.number}
        issue = (await github.graphql(VIEW, variables, _ViewData)).repository.issue
        if issue is None:
            raise Failure(unknown(bug.number, "POST /graphql: NOT_FOUND"))
        detail = issue.detail(bug.number)
        self._kept.pop(bug.number, None)
        self._kept[bug.number] = bug.updated, detail
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return detail


class _Comment(CamelCase):
    url: str
    body: str
    created_at: datetime
    author: Author | None = None

    def value(self) -> Remark:
        return Remark(_login(self.author), self.created_at, clean_lines(self.body), self.url)


class _Comments(CamelCase):
    total_count: int
    nodes: tuple[_Comment, ...] = ()


class _LabelEvent(CamelCase):
    kind: str
    created_at: datetime
    label: NamePart
    actor: Author | None = None

    def value(self) -> LabelChange:
        return LabelChange(clean(self.label.name), self.kind == "LabeledEvent", _login(self.actor), self.created_at)


class _LabelEvents(msgspec.Struct):
    nodes: tuple[_LabelEvent, ...] = ()


class _Pull(CamelCase):
    number: int = 0
    """0: it was mentioned by an issue, of which no field is asked for."""
    title: str = ""
    url: str = ""
    state: str = ""
    is_draft: bool = False

    def value(self, *, closes: bool, elsewhere: bool = False) -> LinkedPull:
        state = "draft" if self.is_draft and self.state == "OPEN" else clean(self.state.lower())
        return LinkedPull(self.number, clean(self.title), self.url, state, closes, elsewhere)


class _Mention(CamelCase):
    source: _Pull | None = None
    is_cross_repository: bool = False


class _Mentions(msgspec.Struct):
    nodes: tuple[_Mention, ...] = ()


class _Pulls(msgspec.Struct):
    nodes: tuple[_Pull, ...] = ()


class _View(CamelCase):
    updated_at: datetime
    body: str
    comments: _Comments
    labelled: _LabelEvents
    mentioned: _Mentions
    closing: _Pulls | None = None

    def detail(self, number: int) -> BugDetail:
        mentions = [
            one.source.value(closes=False, elsewhere=one.is_cross_repository)
            for one in self.mentioned.nodes
            if one.source and one.source.number
        ]
        closing = [one.value(closes=True) for one in self.closing.nodes] if self.closing else []
        pulls = {pull.url: pull for pull in (*mentions, *closing)}
        return BugDetail(
            number,
            self.updated_at,
            clean_lines(self.body),
            tuple(one.value() for one in self.comments.nodes),
            self.comments.total_count - len(self.comments.nodes),
            tuple(sorted(pulls.values(), key=lambda pull: pull.number)),
            tuple(one.value() for one in self.labelled.nodes),
        )


class _Issue(msgspec.Struct):
    issue: _View | None = None


class _ViewData(msgspec.Struct):
    repository: _Issue


def _login(author: Author | None) -> str:
    return clean(author.login) if author else ""
