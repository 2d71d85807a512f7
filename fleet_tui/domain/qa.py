"""Verdicts and notes on their way into a release QA issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.domain.checklist import Checklist, Item, ItemId, Note, NoteId, Verdict
from fleet_tui.domain.problem import Problem

Target = ItemId | NoteId
Thing = TypeVar("Thing", bound=Item | Note)


class Kind(Enum):
    """What a change writes."""

    VERDICT = "verdict"
    """A verdict, in the spelling of its place."""
    TEXT = "text"
    """The characters of a verdict as they once were: an undo, or what somebody else had written."""
    NOTE = "note"


class State(Enum):
    """How far a change has come."""

    QUEUED = "queued"
    SENT = "sent"
    """Seen on the server, and watched: another person's save may still wipe it out."""
    CONFIRMED = "confirmed"
    """Stood for as long as it was watched."""
    CONFLICT = "conflict"
    """Somebody else wants something else. Nothing is written until a person decides."""


class Change(Struct, frozen=True):
    """One verdict or note that somebody wants."""

    id: int
    """In the outbox; 0 before it is there."""
    at: datetime
    issue: int
    target: Target
    kind: Kind
    wanted: str
    """The `Verdict`'s value, or text."""
    former: str
    """The text that stood there before: an undo puts it back."""
    who: str
    known: frozenset[str] = frozenset()
    """What the place said earlier (`qa_merge.mark`): found again, that is an old save, and nobody else's verdict."""
    due: datetime | None = None
    """Not to be written before."""
    restores: bool = False
    """Whether it puts back what our own save overwrote: a verdict of `who`, an editor, and not of this user."""


class Conflict(Struct, frozen=True):
    """Two people, two opinions; all three texts as they are, not made safe to show."""

    mine: str
    theirs: str
    their_name: str
    """Empty when the edit history does not tell."""


class Watch(Struct, frozen=True):
    """What was seen of a change since it was on the server."""

    since: datetime | None = None
    looks: int = 0
    """How often it was found there since it was last written."""
    wiped: int = 0
    """How often it was gone again."""
    taken_back: int = 0
    """How often it was gone while all else stood as before."""


class Pending(Struct, frozen=True):
    """A change and how far it has come."""

    change: Change
    state: State = State.QUEUED
    conflict: Conflict | None = None
    problem: Problem | None = None
    """Why it cannot be written for now; the change is kept."""
    watch: Watch = msgspec.field(default_factory=Watch)


class QaIssue(Struct, frozen=True):
    """An open release QA issue."""

    number: int
    title: str
    url: str
    state: str
    assignees: tuple[str, ...]
    labels: frozenset[str]
    updated: datetime
    locked: bool


class QaBody(Struct, frozen=True):
    """A release QA issue with its text, which is exactly as GitHub holds it."""

    issue: QaIssue
    body: str
    comments: int = 0


class BodyEdit(Struct, frozen=True):
    """One version of an issue's text."""

    editor: str
    """Empty for a deleted account."""
    at: datetime
    body: str | None
    """The whole text after the edit; None when it was removed from the history."""


class Remark(Struct, frozen=True):
    """A comment on the issue."""

    author: str
    at: datetime
    text: str
    url: str


class Shown(Struct, frozen=True):
    """What a screen shows: the server's checklist with the pending verdicts and notes in their places."""

    checklist: Checklist
    pending: Mapping[Target, Pending]


def overlaid(checklist: Checklist, pending: Mapping[Target, Pending]) -> Shown:
    """`checklist` with everything that is under way; a conflict shows what the server has."""
    mine = {
        target: one.change
        for target, one in pending.items()
        if one.state in {State.QUEUED, State.SENT} and not one.change.restores
    }
    sections = tuple(
        replace(
            section,
            items=tuple(thing_with(item, mine.get(item.id)) for item in section.items),
            notes=tuple(thing_with(note, mine.get(note.id)) for note in section.notes),
        )
        for section in checklist.sections
    )
    return Shown(replace(checklist, sections=sections), pending)


def thing_with(thing: Thing, change: Change | None) -> Thing:
    """`thing` as `change` wants it."""
    if change is None:
        return thing
    if isinstance(thing, Note):
        return replace(thing, text=change.wanted)
    if change.kind is Kind.TEXT:
        spelling = thing.spelling
        words = {spelling.untested: Verdict.UNTESTED, spelling.passed: Verdict.PASS, spelling.failed: Verdict.FAIL}
        return replace(thing, verdict=words.get(change.wanted, Verdict.OTHER), verdict_text=change.wanted)
    verdict = Verdict(change.wanted)
    if verdict is thing.verdict:
        return thing
    return replace(thing, verdict=verdict, verdict_text=thing.spelling.of(verdict) or "")
