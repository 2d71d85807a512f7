"""The frequencies of rituals, and the days that follow from them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct


class Step(Struct, frozen=True):
    """From one day of a ritual to the next: days or months, one of them 0."""

    days: int = 0
    months: int = 0


STEPS: Mapping[str, Step] = {
    "daily": Step(days=1),
    "weekly": Step(days=7),
    "triweekly": Step(days=21),
    "monthly": Step(months=1),
    "quarterly": Step(months=3),
    "annually": Step(months=12),
}
"""The words of the handbook (Triweekly: every three weeks). Any other is free text, from which no day follows."""


def step_of(frequency: str) -> Step | None:
    """What a frequency means, in any capitals; None for free text."""
    return STEPS.get(frequency.strip().casefold())


def next_day(started: date, step: Step, earliest: date) -> date | None:
    """The first day of the series that is not before `earliest`; None behind the last year that dates have.

    Months are counted from `started`: what began on the 31st falls on the last day of shorter months, and on the 31st
    again after them.
    """
    try:
        return _day(started, step, _index(started, step, earliest))
    except (OverflowError, ValueError):
        return None


def _index(started: date, step: Step, earliest: date) -> int:
    """How many steps lead to the first day that is not before `earliest`."""
    if started >= earliest:
        return 0
    if step.days:
        return -(-(earliest - started).days // step.days)
    months = (earliest.year - started.year) * 12 + earliest.month - started.month
    index = months // step.months
    return index if _day(started, step, index) >= earliest else index + 1


def _day(started: date, step: Step, index: int) -> date:
    if step.days:
        return started + timedelta(days=step.days * index)
    years, month = divmod(started.month - 1 + step.months * index, 12)
    year, month = started.year + years, month + 1
    return date(year, month, min(started.day, monthrange(year, month)[1]))
