"""One bug in full: what stands beside the board while the cursor rests on it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from fleet_tui.domain.qa import Remark


class LinkedPull(Struct, frozen=True):
    """A pull request that has to do with the bug."""

    number: int
    title: str
    url: str
    state: str
    """`open`, `draft`, `merged` or `closed`."""
    closes: bool
    """Whether merging it closes the bug; else it only mentions it."""
    elsewhere: bool = False
    """Whether it is in another repository, so that its number alone says nothing."""


class LabelChange(Struct, frozen=True):
    """A label that somebody set or removed."""

    label: str
    added: bool
    by: str
    """Empty for an account that is gone."""
    at: datetime


class BugDetail(Struct, frozen=True):
    """A bug with its text and what happened to it. All text is safe to show; bodies are Markdown."""

    number: int
    updated: datetime
    body: str
    comments: tuple[Remark, ...] = ()
    """The last ones, oldest first."""
    earlier_comments: int = 0
    """How many there are before those."""
    pulls: tuple[LinkedPull, ...] = ()
    """By number."""
    label_changes: tuple[LabelChange, ...] = ()
    """The last ones, oldest first."""
