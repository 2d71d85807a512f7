"""What of the rituals is due: today, this week, overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import groupby

from msgspec import Struct

from fleet_tui.domain.frequencies import next_day, step_of
from fleet_tui.domain.rituals import Ritual

DAY = timedelta(days=1)


class Mark(Struct, frozen=True):
    """A ritual was done. Kept on this machine alone."""

    task: str
    due: date
    """The day for which it was done; everything until then counts as settled."""
    at: datetime


class Standing(IntEnum):
    """How urgent a ritual is, the most urgent first."""

    OVERDUE = 0
    TODAY = 1
    THIS_WEEK = 2
    """Until Sunday."""
    LATER = 3
    AS_WRITTEN = 4
    """Its frequency is free text: no day follows from it."""


class Due(Struct, frozen=True):
    """A ritual and when it is due."""

    ritual: Ritual
    standing: Standing
    day: date | None
    """None for a frequency in free text."""
    done: Mark | None = None
    """When it was done last, as far as is known here."""


def agenda(rituals: Iterable[Ritual], marks: Iterable[Mark], today: date) -> tuple[Due, ...]:
    """Every ritual with the day on which it is due, the most urgent first.

    One that was marked as done is due on the first day after the one it was done for, and overdue once that has passed.
    Of one that was never marked nobody here knows whether it was done, so it is never overdue: it is due on its first
    day from today on.
    """
    last = {mark.task: mark for mark in sorted(marks, key=lambda mark: mark.due)}
    found = [due(ritual, last.get(ritual.task), today) for ritual in rituals]
    return tuple(sorted(found, key=lambda one: (one.standing, one.day or date.max, one.ritual.task)))


def due(ritual: Ritual, done: Mark | None, today: date) -> Due:
    """When one ritual is due, given when it was `done` last."""
    step = step_of(ritual.frequency)
    if step is None or ritual.started is None:
        return Due(ritual, Standing.AS_WRITTEN, None, done)
    day = next_day(ritual.started, step, done.due + DAY if done else today)
    return Due(ritual, _standing(day, today), day, done)


def by_person(dues: Iterable[Due]) -> Mapping[str, tuple[Due, ...]]:
    """The same by `dri`, in alphabetical order; those of nobody under the empty name."""
    ordered = sorted(dues, key=lambda one: one.ritual.dri.casefold())
    return {login: tuple(own) for login, own in groupby(ordered, key=lambda one: one.ritual.dri)}


def _standing(day: date | None, today: date) -> Standing:
    if day is None or day > today + timedelta(days=6 - today.weekday()):
        return Standing.LATER
    if day == today:
        return Standing.TODAY
    return Standing.OVERDUE if day < today else Standing.THIS_WEEK
