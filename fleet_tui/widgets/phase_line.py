"""The way from the open branch to the release, with everything in its place: two lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from textual.content import Content

from fleet_tui.domain.freeze import Phase, Schedule
from fleet_tui.domain.spans import day_and_hour
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.told import Told

UNKNOWN = "No release date is known."
OPEN = "open "
ROOM_FOR_OPEN = 40
STOPS = (0.18, 0.62, 1.0)
"""Where freeze, deep freeze and release stand. Not to scale: the last days would leave no room for their words."""
NEAR = 2
"""How many cells a label may lie beside its mark."""
GAP = 2
"""Cells between two labels."""


class Timeline(Struct, frozen=True):
    """What the line shows."""

    schedule: Schedule | None
    phase: Phase
    now: datetime
    zone: ZoneInfo


class PhaseLine(Told[Timeline | None]):
    """The timeline of a release; empty until told one."""

    DEFAULT_CSS = "PhaseLine { height: 2; }"

    def __init__(self, value: Timeline | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(value, id=id, classes=classes)

    def draw(self, value: Timeline | None, width: int) -> Content:
        """Both lines."""
        return Content() if value is None else draw(value, width)


class _Mark(Struct, frozen=True):
    phase: Phase
    moment: datetime
    at: int


def draw(timeline: Timeline, width: int) -> Content:
    """The line with its marks, and their labels below, in at most `width` cells."""
    plan = timeline.schedule
    if plan is None:
        return Content.styled(UNKNOWN, Tone.OLD).truncate(width, ellipsis=True)
    start = len(OPEN) if width >= ROOM_FOR_OPEN else 0
    last = width - start - 1
    if last < len(STOPS):
        return Content()
    moments = ((Phase.FREEZE, plan.freeze), (Phase.DEEP, plan.deep), (Phase.RELEASE, plan.release))
    marks = [
        _Mark(*pair, max(n, round(stop * last))) for n, (pair, stop) in enumerate(zip(moments, STOPS, strict=True))
    ]
    before = OPEN if start else ""
    current = not timeline.phase.restricts
    line = Content.assemble((before, f"bold {Tone.ACCENT}" if current else Tone.OLD), _track(marks, timeline, last))
    labels = [_Mark(mark.phase, mark.moment, mark.at + start) for mark in marks]
    return Content.assemble(line, "\n", _labels(labels, timeline, width))


def _track(marks: Sequence[_Mark], timeline: Timeline, last: int) -> Content:
    now = _position(marks, timeline.now)
    cells: list[tuple[str, str]] = [
        (glyphs.PAST, Tone.ACCENT) if at < now else (glyphs.RULE, Tone.OLD) for at in range(last + 1)
    ]
    if now <= last:
        cells[now] = (glyphs.NOW, f"bold {Tone.ACCENT}")
    for mark in marks:
        passed = timeline.now >= mark.moment
        sign = glyphs.RELEASE if mark.phase is Phase.RELEASE else glyphs.LIVE if passed else glyphs.COMING
        cells[mark.at] = (sign, Tone.ACCENT if passed else Tone.OLD)
    return Content.assemble(*cells)


def _position(marks: Sequence[_Mark], now: datetime) -> int:
    """The cell of `now`: between its marks in proportion; never on a mark, which would hide it."""
    freeze, last = marks[0], marks[-1]
    if now >= last.moment:
        return last.at + 1
    # As much time before the freeze as between freeze and release fits on the part before the first mark.
    start = _Mark(Phase.OPEN, freeze.moment - (last.moment - freeze.moment), -1)
    for earlier, later in pairwise((start, *marks)):
        if now < later.moment:
            length = later.moment - earlier.moment
            share = max(0.0, (now - earlier.moment) / length) if length else 0.0
            return min(earlier.at + 1 + int(share * (later.at - earlier.at - 1)), max(later.at - 1, 0))
    return last.at


NAMES = {Phase.FREEZE: "freeze", Phase.DEEP: "deep freeze", Phase.RELEASE: "release"}
SHORT_NAMES = {**NAMES, Phase.DEEP: "deep"}


def _labels(marks: Sequence[_Mark], timeline: Timeline, width: int) -> Content:
    """Names and moments, as many words as have room below their marks."""
    when = {mark.phase: day_and_hour(mark.moment, timeline.zone, now=timeline.now) for mark in marks}
    choices: tuple[Mapping[Phase, str], ...] = (
        {phase: f"{NAMES[phase]} {when[phase]}" for phase in NAMES},
        {phase: f"{SHORT_NAMES[phase]} {when[phase]}" for phase in NAMES},
        SHORT_NAMES,
        {**SHORT_NAMES, Phase.DEEP: ""},
        {**dict.fromkeys(NAMES, ""), Phase.RELEASE: NAMES[Phase.RELEASE]},
    )
    for words in choices:
        places = _place([(mark.at, words[mark.phase]) for mark in marks], width)
        if places is not None:
            break
    else:
        return Content()
    line = Content()
    for mark, place in zip(marks, places, strict=True):
        tone = f"bold {Tone.ACCENT}" if mark.phase is timeline.phase else Tone.OLD
        if words[mark.phase]:
            line = Content.assemble(line.pad_right(place - line.cell_length), (words[mark.phase], tone))
    return line


def _place(labels: Sequence[tuple[int, str]], width: int) -> list[int] | None:
    """Where each label begins, as centred below its mark as the others allow; None when there is no room."""
    places: list[int] = []
    end = width
    for at, words in reversed(labels):
        place = max(0, min(at - len(words) // 2, end - len(words)))
        if words:
            if place + len(words) > end or place + len(words) + NEAR <= at:
                return None
            end = place - GAP
        places.insert(0, place)
    return places
