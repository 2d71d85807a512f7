"""Bugs: what GitHub says of one, and the state that follows from it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config, Group, LabelNames
from fleet_tui.domain.columns import same_column
from fleet_tui.domain.labels import named


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


class History(Struct, frozen=True, gc=False):
    """What an issue's timeline tells of a bug, as of the issue's `updated`."""

    updated: datetime
    labelled: tuple[tuple[str, datetime], ...] = ()
    """Each label it has now, and when it was set last."""
    assigned: datetime | None = None
    """Since when it has had somebody assigned without a break; None while nobody is."""
    reporter_spoke: datetime | None = None
    """Last word of who reported it, the report itself not counted."""
    asked: datetime | None = None
    """Last word of anybody else, as far as it is known: after two weeks of silence it is what a ping was."""


class Bug(Struct, frozen=True, gc=False):
    """An issue with the label of bugs.

    There may be ten thousand, and nothing in them leads back to them: Python need not look through them for garbage,
    which took 0.1 s again and again.
    """

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


def moved_on(before: Bug, after: Bug) -> Bug:
    """`after` with the history of `before`, brought up to date: all that differs between the two was done just now.

    A history that was not of today before is not made so.
    """
    past = before.history
    if past is None or past.updated < before.updated:
        return replace(after, history=past)
    dates = dict(past.labelled)
    labelled = tuple(sorted((label, dates.get(label, after.updated)) for label in after.labels))
    stayed = past.assigned if set(before.assignees) & set(after.assignees) else after.updated
    assigned = stayed if after.assignees else None
    return replace(after, history=replace(past, updated=after.updated, labelled=labelled, assigned=assigned))


class Released(Enum):
    """Whether a release has the bug."""

    RELEASED = "released"
    UNRELEASED = "unreleased"
    UNTOLD = "not told"
    """No label says so, or both do."""


def state_of(bug: Bug, column: str, config: Config) -> State:
    """The state of `bug`, which stands in `column` of its group's board ("" when that is not known, or none).

    Domain rules "Bugs". Where labels contradict each other, `:reproduce` counts first: what is not reproduced is with
    nobody else. Then `:product`, which is added before `:release` is removed. The column counts for what is in
    engineering: a bug without any of the three labels is forgotten wherever it stands.
    """
    names = config.labels
    if bug.closed:
        return State.CLOSED
    if named(bug.labels, names.reproduce):
        return State.ACKNOWLEDGED if bug.assignees else State.INBOX
    if named(bug.labels, names.product):
        return State.PRODUCT
    if not named(bug.labels, names.release):
        return State.ORPHAN
    return State.AWAITING_QA if same_column(column, config.bugs.awaiting_qa_column) else State.ENGINEERING


def is_incoming(bug: Bug, labels: LabelNames) -> bool:
    """Whether its engineering manager has not seen it yet."""
    return named(bug.labels, labels.incoming) is not None


def is_critical(bug: Bug, labels: LabelNames) -> bool:
    """Whether it blocks a workflow, prevents upgrades, loses data or is a vulnerability: labelled so."""
    return named(bug.labels, labels.critical) is not None


def is_blocker(bug: Bug, labels: LabelNames) -> bool:
    """Whether it is labelled as release blocker."""
    return named(bug.labels, labels.release_blocker) is not None


def priority_of(bug: Bug, labels: LabelNames) -> int | None:
    """The place of its (most urgent) priority among `labels.priorities`, from 0; None without one."""
    name = named(bug.labels, labels.priorities)
    return labels.priorities.index(name) if name else None


def released_of(bug: Bug, labels: LabelNames) -> Released:
    """Whether a release has it, by its labels."""
    released = named(bug.labels, labels.released_bug) is not None
    if released is (named(bug.labels, labels.unreleased_bug) is not None):
        return Released.UNTOLD
    return Released.RELEASED if released else Released.UNRELEASED


def groups_of(bug: Bug, config: Config) -> tuple[Group, ...]:
    """The product groups that its labels name: one, if all is well."""
    return tuple(group for group in config.groups if named(bug.labels, (group.label,)))


def group_of(bug: Bug, config: Config) -> Group | None:
    """Its product group; None when no label, or more than one group's, tells."""
    found = groups_of(bug, config)
    return found[0] if len(found) == 1 else None


def customers_of(bug: Bug, labels: LabelNames) -> tuple[str, ...]:
    """The customers who wait for it, by name, without the prefix of their labels."""
    prefix = labels.customer_prefix.casefold()
    return tuple(sorted(label[len(prefix) :] for label in bug.labels if label.casefold().startswith(prefix)))
