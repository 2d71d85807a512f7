"""What an on-call engineer wants to know at nine in the morning, as plain figures: for the first screen and `status`.

A part that is None has not been heard of yet, or is not configured; the problems of the sources stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from fleet_tui.domain.certificates import Certificate, Unreadable
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.freeze import Situation
from fleet_tui.domain.on_call_waiting import Waiting
from fleet_tui.domain.ritual_agenda import Due
from fleet_tui.domain.roster import Shift

QA = frozenset({"release_qa", "checklist"})
COMMUNITY = frozenset({"pulls", "members"})
WAITING = COMMUNITY | {"assigned", "bugs"}
"""The sources that each of these is made from: without one of them it would be too little."""
FEEDS = (
    *("freeze", "pulls", "milestones", "release_qa", "checklist", "bugs", "columns"),
    *("roster", "members", "assigned", "rituals", "certificates"),
)
"""All that the first screen is made from."""


class Line(Struct, frozen=True):
    """A bug, pull request or test that is named."""

    key: str
    """The number; of a test its name."""
    title: str
    note: str
    """How it stands: `P0, in engineering`."""


class FreezeFigures(Struct, frozen=True):
    """The branch, and how many pull requests it lets through."""

    at: Situation
    branch: str
    version: str
    """Of the coming release; empty when that is not known."""
    waiting: int
    """Open pull requests."""
    may_merge: int
    unfrozen: int
    ready: tuple[Line, ...]
    """Those that may merge and are still blocked."""


class GroupQa(Struct, frozen=True):
    """How far a product group is with its tests."""

    label: str
    progress: Progress
    ready_by: str
    """Who has said that it is ready; empty while nobody has."""


class QaFigures(Struct, frozen=True):
    """The chosen release QA issue."""

    number: int
    title: str
    progress: Progress
    groups: tuple[GroupQa, ...]
    conflicts: int
    left: tuple[Line, ...]
    """Tests that failed, then those without a verdict."""


class BugFigures(Struct, frozen=True):
    """The board in figures."""

    open: int
    opened: int
    closed: int
    """Opened and closed: this week."""
    states: Mapping[str, int]
    """How many stand in each open state, by its name."""
    overdue: Mapping[str, int]
    """How many of them are overdue."""
    critical: tuple[Line, ...]
    blockers: tuple[Line, ...]
    late: tuple[Line, ...]
    """Overdue in the inbox."""


class OnCallFigures(Struct, frozen=True):
    """Who is on call, and what waits."""

    now: tuple[Shift, ...]
    """One a rotation; empty when nobody is."""
    is_me: bool
    coming: tuple[Shift, ...]
    """Who takes over from the first of them, and after that."""
    late: tuple[Waiting, ...]
    """Community pull requests that are over their day or near it, most urgent first."""
    waiting: tuple[Waiting, ...]
    """All that waits for us, most urgent first."""
    rituals: tuple[Due, ...]
    """Due today, or before and not done."""
    rituals_later: tuple[Due, ...]
    """Due later this week."""
    is_team_known: bool = True
    """Else some of the community may be of the team."""


class CertificateFigures(Struct, frozen=True):
    """What expires within the longest threshold, most urgent first."""

    near: tuple[Certificate, ...]
    unreadable: tuple[Unreadable, ...]
    total: int


class Overview(Struct, frozen=True):
    """All of it at one moment."""

    at: datetime
    freeze: FreezeFigures | None
    qa: QaFigures | None
    bugs: BugFigures | None
    on_call: OnCallFigures | None
    certificates: CertificateFigures | None
    unread: frozenset[str] = frozenset()
    """Sources that nothing is known of, neither now nor from before: what would follow from them is not told."""
