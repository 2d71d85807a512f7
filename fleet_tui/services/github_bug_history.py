"""The timelines of bugs, by GraphQL: since when each label stands and somebody is assigned, the reporter's last word.

A timeline is read once for each change, that is when the issue's `updated` is later than what its history was read
with. Whether labels, assignees and comments look the same is not asked: a label that was taken off and set again
between two polls looks the same, and its clock starts anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import nsmallest

import msgspec

from fleet_tui.config.schema import LabelNames
from fleet_tui.domain.bugs import Bug, History
from fleet_tui.domain.labels import named
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_pull_shapes import Author, CamelCase, IssueShape, NamePart

BATCH = 50
"""Bugs a request. Each has two lists: 100 of them are one point of GitHub's 5,000 an hour."""

PAST = """
fragment Past on Issue {
  number createdAt updatedAt
  author { login }
  labels(first: 40) { nodes { name } }
  assignees(first: 1) { nodes { login } }
  comments(last: 30) { nodes { createdAt author { login } } }
  timelineItems(last: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, UNASSIGNED_EVENT]) {
    nodes {
      kind: __typename
      ... on LabeledEvent { createdAt label { name } }
      ... on UnlabeledEvent { createdAt label { name } }
      ... on AssignedEvent { createdAt assignee { ... on User { login } ... on Bot { login } } }
      ... on UnassignedEvent { createdAt assignee { ... on User { login } ... on Bot { login } } }
    }
  }
}
"""


class BugHistories:
    """Reads histories; remembers which GitHub could not give."""

    def __init__(self, github: GitHub, labels: LabelNames) -> None:
        self._github = github
        self._reproduce = labels.reproduce
        self.missed: frozenset[int] = frozenset()
        """Bugs whose timeline was not there, or older than the bug, when it was last asked for."""

    def is_wanted(self, bug: Bug) -> bool:
        """Whether the timeline is to be read. That of a closed bug never is: no clock runs for it."""
        return bug.closed is None and (bug.history is None or bug.history.updated < bug.updated)

    def most_urgent(self, bugs: Iterable[Bug], count: int) -> list[Bug]:
        """The first `count` to read: the inbox, then acknowledged ones, then the others; of each the newest."""
        return nsmallest(count, bugs, key=self._urgency)

    def _urgency(self, bug: Bug) -> tuple[bool, bool, bool, float]:
        is_reproduced = named(bug.labels, self._reproduce) is None
        return bug.number in self.missed, is_reproduced, bool(bug.assignees), -bug.updated.timestamp()

    async def read(self, bugs: Sequence[Bug]) -> dict[int, History]:
        """The histories by number, in one request; without those that GitHub does not know. Raises `Failure`."""
        asked = {bug.number: bug for bug in bugs}
        variables = {"owner": self._github.owner, "name": self._github.name}
        found = (await self._github.graphql(_query(asked), variables, _PastData)).repository
        histories = {one.number: one.history() for one in found.values() if one and one.number in asked}
        current = {number for number, history in histories.items() if history.updated >= asked[number].updated}
        self.missed = (self.missed | asked.keys()) - current
        return histories


def _query(numbers: Iterable[int]) -> str:
    fields = " ".join(f"i{number}: issue(number: {number}) {{ ...Past }}" for number in numbers)
    return (
        f"query Past($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {fields} }} }}{PAST}"
    )


class _Event(CamelCase):
    """A label set or removed, a person assigned or taken off."""

    kind: str
    created_at: datetime
    label: NamePart | None = None
    assignee: Author | None = None


class _Events(msgspec.Struct):
    nodes: tuple[_Event, ...] = ()


class _Comment(CamelCase):
    created_at: datetime
    author: Author | None = None


class _Comments(msgspec.Struct):
    nodes: tuple[_Comment, ...] = ()


class _Assignees(msgspec.Struct):
    nodes: tuple[Author, ...] = ()


class _Past(IssueShape, kw_only=True):
    created_at: datetime
    updated_at: datetime
    author: Author | None = None
    assignees: _Assignees = msgspec.field(default_factory=_Assignees)
    comments: _Comments = msgspec.field(default_factory=_Comments)
    timeline_items: _Events = msgspec.field(default_factory=_Events)

    def history(self) -> History:
        reporter = self.author.login if self.author else None
        said = [(one.author.login == reporter, one.created_at) for one in self.comments.nodes if one.author]
        return History(
            self.updated_at,
            self._labelled(),
            self._assigned(),
            reporter_spoke=max((at for by_reporter, at in said if by_reporter), default=None),
            asked=max((at for by_reporter, at in said if not by_reporter), default=None),
        )

    def _labelled(self) -> tuple[tuple[str, datetime], ...]:
        # One whose setting is not told, in more than 100 events, is as old as the issue: rather too urgent than not.
        since = dict.fromkeys(self.label_names, self.created_at)
        for event in self.timeline_items.nodes:
            if event.kind == "LabeledEvent" and event.label and (name := clean(event.label.name)) in since:
                since[name] = event.created_at
        return tuple(sorted(since.items()))

    def _assigned(self) -> datetime | None:
        if not self.assignees.nodes:
            return None
        since, there = self.created_at, set[str]()
        for event in self.timeline_items.nodes:
            login = event.assignee.login if event.assignee else ""
            if event.kind == "AssignedEvent":
                since = since if there else event.created_at
                there.add(login)
            elif event.kind == "UnassignedEvent":
                there.discard(login)
        return since


class _PastData(msgspec.Struct):
    repository: dict[str, _Past | None]
