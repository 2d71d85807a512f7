"""How the release looks: one line, the timeline, the names of the sections. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from fleet_tui.desks.release import Concluding
from fleet_tui.domain.dependencies import Dependency, unfiled
from fleet_tui.domain.release_standing import Standing
from fleet_tui.domain.release_timeline import Stage, State, Timeline
from fleet_tui.domain.spans import day, day_and_hour, span, until, zone_name
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs

SIGNS = {
    State.DONE: (glyphs.DONE, Tone.DONE),
    State.CURRENT: (glyphs.NOW, Tone.ACCENT),
    State.COMING: (glyphs.COMING, Tone.OLD),
    State.BLOCKED: (glyphs.ACT, Tone.SOON),
    State.OVERDUE: (glyphs.ACT, Tone.ACT),
}
SHORT = {
    "Freeze begins": "freeze",
    "Dependencies confirmed": "dependencies",
    "QA issue created": "QA issue",
    "Deep freeze begins": "deep freeze",
    "Groups ready": "groups",
    "Release published": "release",
    "Dogfood deployed": "dogfood",
    "Milestone concluded": "milestone",
    "Freeze lifted": "freeze lifted",
}
"""Names of stages where there is little room."""
COLUMNS_OF_STAGES = 3
NAME_WIDTH, WHEN_WIDTH = 24, 18
MOST_NAMED, LEAST_SHARE = 3, 20
"""So many things that hold up a stage are named, and each in that many cells at least."""


class Section(Struct, frozen=True):
    """A part of the screen: its name, and how many things in it need a hand."""

    name: str
    waiting: int = 0
    is_done: bool = False


def headline(
    version: str,
    standing: Standing | None,
    dependencies: Sequence[Dependency],
    line: Timeline | None,
    concluding: Concluding | None,
    *,
    running: bool,
    key: str,
) -> Content:
    """The sentence at the top: ready, what is missing, or what comes after the release. `key`: goes on with it."""
    if concluding and concluding.is_unfinished:
        return _unfinished(concluding, key, running=running)
    if not version:
        return Content.styled("Asking GitHub for the coming release …", Tone.OLD)
    if standing is None or standing.version != version:
        return Content.assemble((version, "bold"), (": asking how it stands …", Tone.OLD))
    if standing.is_published:
        return _after(version, line)
    if missing := (*standing.missing, *unfiled(dependencies)):
        words = f"{version} is not ready: "
        return Content.assemble((f"{glyphs.ACT} ", Tone.SOON), (words, "bold"), "; ".join(missing), ".")
    return Content.assemble((f"{glyphs.DONE} ", Tone.DONE), (f"{version} is ready to release", f"bold {Tone.DONE}"))


def within(words: Content, width: int, most: int) -> Content:
    """`words` on `most` lines at most; that something is cut is seen."""
    lines = words.wrap(width)
    if len(lines) <= most:
        return words
    last = Content(" ").join(lines[most - 1 : most + 1]).truncate(width, ellipsis=True)
    return Content("\n").join([*lines[: most - 1], last])


def _unfinished(concluding: Concluding, key: str, *, running: bool) -> Content:
    far = f"{concluding.over} of {len(concluding.automatic)} steps"
    title = concluding.begun.title
    if running:
        return Content.assemble((f"{glyphs.LIVE} ", Tone.ACCENT), (f"{title} is being concluded: {far}", "bold"))
    words = f"The conclusion of {title} was cut off after {far}: press {key} to go on"
    return Content.assemble((f"{glyphs.ACT} ", Tone.ACT), (words, f"bold {Tone.ACT}"))


def _after(version: str, line: Timeline | None) -> Content:
    coming = line.next if line else None
    rest = f"next: {SHORT.get(coming.name, coming.name)}" if coming else "everything is done"
    return Content.assemble((f"{glyphs.DONE} ", Tone.DONE), (f"{version} is out", "bold"), f"   {rest}")


def release_line(line: Timeline | None, trouble: str, now: datetime, zone: ZoneInfo) -> Content:
    """The release day, where it comes from when that is not clear, and what is next."""
    if line is None:
        return Content()
    release = next((stage for stage in line.stages if stage.name == "Release published"), None)
    said = Content("No release day is known: give the milestone a due date.")
    if release and release.at:
        what = "Published" if release.state is State.DONE else "The release is due"
        when = f"{day_and_hour(release.at, zone, now=now)} {zone_name(release.at, zone)}, {until(release.at, now)}"
        said = Content(f"{what} {when}")
    warned = " ".join(filter(None, (line.disagreement, trouble)))
    return Content.assemble(said, (f"   {glyphs.ACT} {warned}", Tone.SOON)) if warned else said


def stages(line: Timeline | None, now: datetime, zone: ZoneInfo, width: int, *, high: bool) -> Content:
    """All stages: a line for each where there is room, else three in a row and below them who blocks."""
    if line is None:
        return Content()
    if high:
        return Content("\n").join(_stage(stage, now, zone, width) for stage in line.stages)
    return _grid(line.stages, now, zone, width)


def _stage(stage: Stage, now: datetime, zone: ZoneInfo, width: int) -> Content:
    line = _line(stage, now, zone)
    room = width - line.cell_length + cell_len(stage.blocker)
    if named := _named(stage.named, room):
        line = _line(replace(stage, blocker=named), now, zone)
    return line.truncate(width, ellipsis=True)


def _named(things: Sequence[str], room: int) -> str:
    """The first of `things`, cut to equal shares of `room` cells where needed; empty if that says too little."""
    if things and cell_len(whole := ", ".join(things)) <= room:
        return whole
    for count in range(min(len(things), MOST_NAMED), 0, -1):
        rest = f" and {len(things) - count} more" if len(things) > count else ""
        share = (room - len(rest) + 2) // count - 2
        if share >= LEAST_SHARE:
            return ", ".join(Content(one).truncate(share, ellipsis=True).plain for one in things[:count]) + rest
    return ""


def _line(stage: Stage, now: datetime, zone: ZoneInfo) -> Content:
    sign, tone = SIGNS[stage.state]
    quiet = stage.state in {State.DONE, State.COMING}
    when = day_and_hour(stage.at, zone, now=now) if stage.at else ""
    return Content.assemble(
        (f"{sign} ", tone),
        (stage.name.ljust(NAME_WIDTH), "" if stage.state is State.DONE else Tone.OLD if quiet else "bold"),
        (when.ljust(WHEN_WIDTH), Tone.OLD),
        _words(stage, now),
    )


def _words(stage: Stage, now: datetime) -> Content:
    """How it stands, in words, and whose turn it is."""
    detail = (f"   {stage.detail}" if stage.detail else "", Tone.OLD)
    ahead = until(stage.at, now) if stage.at and stage.at > now else ""
    match stage.state:
        case State.DONE:
            return Content.assemble(("done", Tone.DONE), detail)
        case State.COMING:
            waits = f"   {stage.blocker}" if stage.blocker else ""
            return Content.assemble((ahead, Tone.OLD), (waits, Tone.OLD), detail)
        case State.OVERDUE:
            over = f"{span(now - stage.at)} over" if stage.at else "overdue"
            return Content.assemble((over, Tone.ACT), f"   {stage.blocker}" if stage.blocker else "", detail)
        case State.BLOCKED:
            return Content.assemble(("waits for ", Tone.SOON), stage.blocker, (f"   {ahead}", Tone.OLD), detail)
    return Content.assemble(("next", Tone.ACCENT), f"   {ahead}", detail)


def _grid(found: Sequence[Stage], now: datetime, zone: ZoneInfo, width: int) -> Content:
    room = width // COLUMNS_OF_STAGES
    rows = -(-len(found) // COLUMNS_OF_STAGES)
    lines = [Content("").join(_cell(stage, now, zone, room) for stage in found[row::rows]) for row in range(rows)]
    waiting = [stage for stage in found if stage.blocker and stage.state in {State.BLOCKED, State.OVERDUE}]
    words = f"   {glyphs.DOT}   ".join(f"{SHORT.get(stage.name, stage.name)}: {stage.blocker}" for stage in waiting)
    who = Content.assemble((f"{glyphs.ACT} ", Tone.SOON), words) if words else Content()
    return Content("\n").join([*lines, who.truncate(width, ellipsis=True)])


def _cell(stage: Stage, now: datetime, zone: ZoneInfo, width: int) -> Content:
    sign, tone = SIGNS[stage.state]
    when = _short_day(stage.at, now, zone) if stage.at else ""
    name = SHORT.get(stage.name, stage.name)
    strong = stage.state not in {State.DONE, State.COMING}
    cell = Content.assemble((f"{sign} ", tone), (name, "bold" if strong else ""), (f" {when}", Tone.OLD))
    return cell.truncate(width - 1, ellipsis=True).pad_right(max(0, width - min(cell.cell_length, width - 1)))


def _short_day(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    words = day_and_hour(moment, zone, now=now)
    return words if len(words) <= len("Tue 12:00") else day(moment, zone).partition(" ")[2]


def sections(found: Iterable[Section], current: int, width: int) -> Content:
    """The names of the sections; the one that is shown stands out without colours too."""
    parts = [_section(section, is_current=number == current) for number, section in enumerate(found)]
    return Content("   ").join(parts).truncate(width, ellipsis=True)


def _section(section: Section, *, is_current: bool) -> Content:
    name = (section.name, f"bold underline {Tone.ACCENT}" if is_current else "")
    if section.waiting:
        return Content.assemble(name, (f" {section.waiting}", Tone.SOON))
    return Content.assemble(name, (f" {glyphs.DONE}", Tone.DONE)) if section.is_done else Content.assemble(name)
