"""The issue that a dependency which is behind asks for, and finding the one that was filed already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace
from packaging.version import Version

from fleet_tui.domain.release_qa import NewIssue

MARKER = "<!-- fleet-tui dependency: {key} -->"
MARKED = re.compile(r"^<!-- fleet-tui dependency: (?P<key>[\w-]+) -->[ \t]*\r?$", re.MULTILINE)


class Update(Struct, frozen=True):
    """A dependency that is to be updated: how its issue is marked, what it is called, and where it is pinned."""

    key: str
    subject: str
    place: str
    labels: tuple[str, ...]
    notes: str = ""
    """Address of what the new version brings."""
    note: str = ""
    """What has to be thought of."""

    def with_notes(self, url: str) -> Update:
        """The same, with the address of the release notes."""
        return replace(self, notes=url)


class OpenIssue(Struct, frozen=True):
    """An open issue, as far as it is compared with one to be filed."""

    number: int
    title: str
    body: str
    url: str


def update_issue(update: Update, product: Version, latest: Version, people: Sequence[str], *, blocks: bool) -> NewIssue:
    """The bug or story for an update; `people` are the release DRI and who is on call, the empty ones left out."""
    blocking = "This blocks the release." if blocks else "This does not block the release."
    paragraphs = (
        f"The product has {product}; the latest stable version is {latest}.",
        f"It is pinned in `{update.place}`. What it brings: {update.notes}",
        update.note,
        blocking,
        MARKER.format(key=update.key),
    )
    return NewIssue(
        title=f"Update {update.subject} to {latest}",
        labels=update.labels,
        assignees=tuple(dict.fromkeys(filter(None, people))),
        body="\n\n".join(filter(None, paragraphs)) + "\n",
    )


def already_filed(wanted: NewIssue, issues: Iterable[OpenIssue]) -> OpenIssue | None:
    """The open issue that stands for `wanted`: it carries the same marker, or has the same title.

    The marker names the dependency and no version: while an update to 1.22.4 is open, 1.22.5 needs no second issue.
    """
    keys, title = set(MARKED.findall(wanted.body)), wanted.title.strip().casefold()
    return next(
        (one for one in issues if keys & set(MARKED.findall(one.body)) or one.title.strip().casefold() == title), None
    )
