"""How the bug board looks. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import Board, Placed
from fleet_tui.domain.bugs import (
    Released,
    State,
    customers_of,
    groups_of,
    is_blocker,
    is_critical,
    is_incoming,
    priority_of,
    released_of,
)
from fleet_tui.domain.kpis import Kpis
from fleet_tui.domain.spans import day_and_hour, short_span
from fleet_tui.domain.text import clean
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.card_list import Card, Entry, Heading

COLUMNS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Inbox", (State.INBOX,)),
    ("Acknowledged", (State.ACKNOWLEDGED,)),
    ("Reproduced", (State.ENGINEERING, State.AWAITING_QA, State.PRODUCT)),
)
"""Title and states of each column."""
ALARM_FOLLOWS = "Then the alarm is prepared; you decide whether it is posted or copied."


def headline(board: Board, week: Kpis) -> Content:
    """How many are open, and how many were opened this week."""
    return Content.assemble((f"{board.open:,} open", "bold"), f"   this week {week.opened} opened")


def aside(group: str, marked: Collection[str]) -> Content:
    """What is left out, and what is marked."""
    parts = [f"only {group}, g for the next"] if group else []
    parts += [f"{len(marked)} marked, u unmarks"] if marked else []
    return Content.styled("   ".join(parts), Tone.ACCENT)


def orphans_line(orphans: Iterable[Placed]) -> Content:
    """Loud when there is any: nobody would ever look at them."""
    found = list(orphans)
    if not found:
        return Content()
    numbers = ", ".join(f"#{one.bug.number}" for one in found[:4]) + (" …" if len(found) > 4 else "")
    words = "1 orphan, which nobody looks at" if len(found) == 1 else f"{len(found)} orphans, which nobody looks at"
    return Content.assemble((f"{glyphs.ACT} {words}: {numbers}", f"bold {Tone.ACT}"), ("   T to tidy up", Tone.OLD))


def column_title(title: str, placed: Iterable[Placed], now: datetime, *, current: bool) -> Content:
    """`Inbox 7 · 2 overdue`"""
    ones = list(placed)
    overdue = sum(one.is_overdue(now) for one in ones)
    style = f"bold underline {Tone.ACCENT}" if current else "bold"
    parts: list[tuple[str, str]] = [(title, style), (f" {len(ones):,}", "")]
    if overdue:
        parts.append((f" {glyphs.DOT} {overdue} overdue", str(Tone.ACT)))
    return Content.assemble(*parts)


def entries(board: Board, states: tuple[State, ...], shown: Iterable[Placed]) -> Iterator[Entry]:
    """The cards of a column; with several states a heading before each."""
    groups: dict[State, list[Placed]] = {state: [] for state in states}
    for one in shown:
        groups[one.state].append(one)
    for state, ones in groups.items():
        if ones and len(states) > 1:
            yield Heading(f"state {state.name}", f"{state.value[0].upper()}{state.value[1:]} {glyphs.DOT} {len(ones)}")
        for one in ones:
            yield Card(str(one.bug.number), one)


def face(one: Placed, width: int, now: datetime, config: Config) -> tuple[Content, Content]:
    """The two lines of a card: what it is, and how it stands."""
    bug, labels = one.bug, config.labels
    badges = badge_words(one, config)
    room = width - badges.cell_length - (1 if badges else 0)
    number = Content.styled(f"#{bug.number} ", Tone.OLD)
    title = (number + Content(bug.title)).truncate(max(0, room), ellipsis=True)
    first = title.pad_right(max(0, room - title.cell_length)) + (Content(" ") + badges if badges else Content())
    facts = [clock_words(one, now, config)]
    if one.state in (State.ENGINEERING, State.AWAITING_QA, State.PRODUCT) and is_incoming(bug, labels):
        facts.append(Content.styled("incoming", Tone.SOON))
    if released_of(bug, labels) is Released.UNRELEASED:
        facts.append(Content("unreleased"))
    facts += [Content(_short(group.label)) for group in groups_of(bug, config)]
    facts += [Content.styled(", ".join(customers), Tone.ACCENT)] if (customers := customers_of(bug, labels)) else []
    facts += [Content(", ".join(bug.assignees))] if bug.assignees else []
    line = Content(f" {glyphs.DOT} ").join([part for part in facts if part.plain])
    return first, line.truncate(width, ellipsis=True).stylize_before(Tone.OLD)


def badge_words(one: Placed, config: Config) -> Content:
    """What makes it urgent: critical, blocker, priority."""
    labels = config.labels
    parts = []
    if is_critical(one.bug, labels):
        parts.append(Content.styled(f"{glyphs.ACT} critical", f"bold {Tone.ACT}"))
    if is_blocker(one.bug, labels):
        parts.append(Content.styled("blocker", Tone.SOON))
    if (place := priority_of(one.bug, labels)) is not None:
        parts.append(Content.styled(labels.priorities[place], f"bold {Tone.ACT if place == 0 else Tone.SOON}"))
    return Content(" ").join(parts)


def clock_words(one: Placed, now: datetime, config: Config) -> Content:
    """Its clock where one runs, else its age in the state."""
    if one.clock is None or (one.state is State.ENGINEERING and not is_close(one, now)):
        mark = "" if one.since.known else "≤ "
        return Content(f"{mark}{short_span(now - one.since.at)}")
    words = one.clock.words(now, config)
    if one.is_overdue(now):
        return Content.styled(f"{glyphs.ACT} {words}", Tone.ACT)
    return Content.styled(words, Tone.SOON) if is_close(one, now) else Content(words)


def is_close(one: Placed, now: datetime) -> bool:
    """Whether its clock has nearly run down: a fifth of the way left, or a day."""
    if one.clock is None:
        return False
    whole = one.clock.due - one.since.at
    return (one.clock.due - now) * 5 <= whole


def facts(one: Placed, now: datetime, config: Config, *, title: bool = True) -> Content:
    """Everything about a bug that its card leaves out, most important first."""
    bug, zone = one.bug, config.team.zone
    since = "since" if one.since.known else "not before"
    state = f"{one.state.value[0].upper()}{one.state.value[1:]} {since} {day_and_hour(one.since.at, zone, now=now)}"
    lines = [Content.assemble((f"#{bug.number} ", Tone.OLD), (bug.title, "bold"))] if title else []
    clock = (Content("   ") + clock_words(one, now, config)) if one.clock else Content()
    lines.append(Content(state) + clock)
    by = f"reported {short_span(now - bug.created)} ago by {bug.author or 'somebody'}"
    who = ", ".join(bug.assignees) or "nobody"
    said = f"{bug.comments} comment" if bug.comments == 1 else f"{bug.comments} comments"
    where = f" {glyphs.DOT} {bug.milestone}" if bug.milestone else ""
    lines.append(Content.styled(f"{by} {glyphs.DOT} assigned to {who} {glyphs.DOT} {said}{where}", Tone.OLD))
    lines.append(Content.styled("Labels: " + (", ".join(sorted(bug.labels)) or "none"), Tone.OLD))
    return Content("\n").join(lines)


def _short(label: str) -> str:
    """`#g-mdm` is `mdm` on a card."""
    return clean(label).removeprefix("#").removeprefix("g-")
