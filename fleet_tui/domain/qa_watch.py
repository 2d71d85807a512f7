"""What a look at the newest body means for a change that is under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.qa import BodyEdit, Conflict, Pending, State, Target, Watch
from fleet_tui.domain.qa_merge import Standing, read_body, standing, text_of

NOT_THERE = Problem(
    "GitHub", Cause.MISSING, "This is not in the issue any more.", "It is kept here, and sent if it comes back."
)
NOT_TAKEN = Problem(
    "GitHub",
    Cause.REFUSED,
    "The issue's text does not take this: it would change other tests.",
    "Look at the text around it on the web page.",
)


class Patience(Struct, frozen=True):
    """How long a change is watched, and how often it is written."""

    looks: int = 5
    """A change is confirmed when it was found in place so often in a row, …"""
    watched: timedelta = timedelta(minutes=15)
    """… and for so long: about as long as people keep the web page's editor open."""
    taken_back: int = 2
    """So often a change is set again that vanished while nothing else changed; then a person has to decide."""
    wiped: int = 40
    """So often one is set again that vanished among other changes: saves that cross each other do that."""
    grace: timedelta = timedelta(seconds=15)
    """So long an overwritten verdict is left to the program of the one who made it, which sets it again by itself."""
    backoff: float = 1.0
    """Seconds: twice as many at most, at random, before a write after each collision."""
    longest_backoff: float = 30.0


def judged(one: Pending, body: str, now: datetime, patience: Patience, *, alone: bool = False) -> Pending | None:
    """`one` after a look at `body`; None when there is nothing left to do for it.

    `alone` says that its place is all that has changed since the look before.
    """
    stands = standing(body, one.change)
    if one.change.restores and (stands is Standing.THEIRS or (stands is Standing.THERE and _is_early(one, now))):
        return None
    if stands is Standing.GONE:
        return replace(one, problem=NOT_THERE)
    if one.problem is not NOT_TAKEN or stands is not Standing.MISSING:
        one = replace(one, problem=None)
    if one.state is State.CONFLICT:
        return _still_contested(one, body, stands)
    if stands is Standing.THERE:
        return _seen(one, now, patience)
    if stands is Standing.THEIRS:
        return contested(one, text_in(body, one.change.target))
    return _missed(one, body, patience, alone=alone) if one.state is State.SENT else one


def contested(one: Pending, theirs: str, their_name: str = "") -> Pending:
    """`one` against `theirs`: a person has to decide."""
    return replace(one, state=State.CONFLICT, conflict=Conflict(one.change.wanted, theirs, their_name))


def joined(older: Pending, newer: Pending) -> Pending:
    """What is left of two words on one place, left by two programs of this computer that are gone.

    For one person the later one counts; of two persons, a third one decides.
    """
    if newer.change.restores or older.change.restores or older.change.wanted == newer.change.wanted:
        return older if newer.change.restores else newer
    if older.change.who != newer.change.who:
        return contested(newer, older.change.wanted, older.change.who)
    known = newer.change.known | older.change.known | {older.change.wanted, f"text {older.change.wanted}"}
    return Pending(replace(newer.change, known=known))


def text_in(body: str, target: Target) -> str:
    """The characters at `target`; empty when it is not there."""
    thing = read_body(body).things.get(target)
    return text_of(thing) if thing else ""


def author(edits: Sequence[BodyEdit], target: Target, text: str) -> str:
    """Who wrote `text` at `target`, by the newest versions (newest first); empty when they do not reach so far."""
    for edit, older in pairwise(edits):
        if edit.body is None or older.body is None:
            return ""
        if text_in(edit.body, target) == text != text_in(older.body, target):
            return edit.editor
    return ""


def _is_early(one: Pending, now: datetime) -> bool:
    return one.state is State.QUEUED and one.change.due is not None and now < one.change.due


def _seen(one: Pending, now: datetime, patience: Patience) -> Pending:
    watch = replace(one.watch, since=one.watch.since or now, looks=one.watch.looks + 1)
    stood = watch.looks >= patience.looks and now - (watch.since or now) >= patience.watched
    return replace(one, state=State.CONFIRMED if stood else State.SENT, watch=watch)


def _missed(one: Pending, body: str, patience: Patience, *, alone: bool) -> Pending | None:
    watch = Watch(wiped=one.watch.wiped + 1, taken_back=one.watch.taken_back + alone)
    if watch.taken_back <= patience.taken_back and watch.wiped <= patience.wiped:
        return replace(one, state=State.QUEUED, watch=watch)
    if one.change.restores:
        return None
    return replace(contested(one, text_in(body, one.change.target)), watch=watch)


def _still_contested(one: Pending, body: str, stands: Standing) -> Pending:
    """The other side may have changed its mind meanwhile; agreement is for a person to see, too."""
    theirs = text_in(body, one.change.target)
    if one.conflict and (stands is Standing.THERE or theirs == one.conflict.theirs):
        return one
    return contested(one, theirs)
