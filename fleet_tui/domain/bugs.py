"""Bugs: what GitHub says of one, and the state that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class State(Enum):
    """Where a bug stands. The rule is `state_of`."""

    INBOX = "inbox"
    ACKNOWLEDGED = "acknowledged"
    PRODUCT = "in product drafting"
    ENGINEERING = "in engineering"
    AWAITING_QA = "awaiting QA"
    ORPHAN = "orphan"
    """Forgotten: no label says who has it."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class History:
    """What an issue's timeline tells of a bug, as of the issue's `updated`."""

    updated: datetime
    labelled: tuple[tuple[str, datetime], ...] = ()
    """Each label it has now, and when it was set last."""
    assigned: datetime | None = None
    """Since when it has had somebody assigned without a break; None while nobody is."""
    reporter_spoke: datetime | None = None
    """Last word of who reported it, the report itself not counted."""


@dataclass(frozen=True, slots=True)
class Bug:
    """An issue with the label of bugs."""

    number: int
    title: str
    url: str
    author: str
    created: datetime
    updated: datetime
    labels: frozenset[str] = frozenset()
    assignees: tuple[str, ...] = ()
    closed: datetime | None = None
    comments: int = 0
    milestone: str = ""
    history: History | None = None
    """None until the timeline has been read; may be older than `updated`."""
