"""One line that says which source is failing, since when, and when the next try comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from textual.content import Content

from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.spans import day_and_hour, span
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.told import Told

SIGNS = {
    Cause.OFFLINE: (glyphs.FAILED, Tone.ACT),
    Cause.TOKEN: (glyphs.ACT, Tone.ACT),
    Cause.PERMISSION: (glyphs.ACT, Tone.ACT),
    Cause.MISSING: (glyphs.ACT, Tone.ACT),
}
"""All other causes pass by themselves."""


class Trouble(Struct, frozen=True):
    """A source that is failing."""

    problem: Problem
    since: datetime
    last_good: datetime | None
    """When the value still shown was read."""
    next_try: datetime | None
    now: datetime
    zone: ZoneInfo


class FreshnessLine(Told[Trouble | None]):
    """One line about a failing source; takes no room when all is well."""

    DEFAULT_CSS = "FreshnessLine { height: 1; padding: 0 1; display: none; }"

    def __init__(self, value: Trouble | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(value, id=id, classes=classes)
        self.display = value is not None

    def show(self, value: Trouble | None) -> None:
        """Show `value`, or hide."""
        super().show(value)
        self.display = value is not None

    def draw(self, value: Trouble | None, width: int) -> Content:
        """The sentence about `value` that fits best."""
        if value is None:
            return Content()
        sign, tone = SIGNS.get(value.problem.cause, (glyphs.STALE, Tone.SOON))
        lines = [f"{sign} {sentence}" for sentence in sentences(value)]
        fitting = (line for line in lines if Content(line).cell_length <= width)
        return Content.styled(next(fitting, lines[-1]), tone).truncate(width, ellipsis=True)


def sentences(trouble: Trouble) -> tuple[str, ...]:
    """What to say of `trouble`, from everything to the least."""
    problem = trouble.problem
    what, bare = _what(trouble)
    shown = _shown(trouble)
    coming = _coming(trouble)
    remedy = "" if problem.cause.is_silence else problem.remedy
    choices = (
        (what, remedy, shown, coming),
        (what, remedy, coming),
        (bare, remedy, shown, coming),
        (bare, remedy, coming),
        (bare, remedy),
    )
    return tuple(" ".join(filter(None, parts)) for parts in choices)


def _what(trouble: Trouble) -> tuple[str, str]:
    """What happened, with the reason and without."""
    problem, since = trouble.problem, _time(trouble.since, trouble)
    reason = problem.sentence.rstrip(".")
    if not problem.cause.is_silence:
        return f"{reason}, since {since}.", f"{problem.source} fails since {since}."
    reason = reason.removeprefix(f"{problem.source} ")
    reason = reason.replace("The ", "the ", 1) if reason.startswith("The ") else reason
    bare = f"{problem.source} has not answered since {since}"
    return f"{bare} ({reason}).", f"{bare}."


def _shown(trouble: Trouble) -> str:
    return f"Shown: {_time(trouble.last_good, trouble)}." if trouble.last_good else "Nothing to show yet."


def _coming(trouble: Trouble) -> str:
    if trouble.next_try is None:
        return ""
    left = trouble.next_try - trouble.now
    if left <= timedelta(0):
        return "Trying now."
    return f"Next try in {span(left) if left >= timedelta(minutes=1) else f'{left.seconds} s'}."


def _time(moment: datetime, trouble: Trouble) -> str:
    """`14:02` within half a day, with the weekday or the date before that."""
    there = moment.astimezone(trouble.zone)
    recent = abs(trouble.now - moment) < timedelta(hours=12)
    return f"{there.hour}:{there:%M}" if recent else day_and_hour(moment, trouble.zone, now=trouble.now)
