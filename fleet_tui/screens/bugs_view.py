"""How the bug board looks. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import Board, CutOff, Placed
from fleet_tui.domain.bug_filter import IS
from fleet_tui.domain.bug_moves import MoveName
from fleet_tui.domain.bugs import (
    Bug,
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
from fleet_tui.domain.critical import Incident, is_unanswered, next_words
from fleet_tui.domain.kpis import Kpis
from fleet_tui.domain.spans import day_and_hour, short_span
from fleet_tui.domain.text import clean
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.card_list import Card, Entry, Heading

REPRODUCED = (State.ENGINEERING, State.AWAITING_QA, State.PRODUCT)
COLUMNS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Inbox", (State.INBOX,)),
    ("Acknowledged", (State.ACKNOWLEDGED,)),
    ("Reproduced", REPRODUCED),
)
"""Title and states of each column."""
MOVES = {
    MoveName.ACKNOWLEDGE: "Acknowledge",
    MoveName.REPRODUCED: "Reproduced",
    MoveName.PRODUCT: "To drafting",
    MoveName.SEEN: "Seen by manager",
    MoveName.AWAIT_QA: "Awaiting QA",
    MoveName.PING: "Ask the reporter",
    MoveName.STALE: "Close as stale",
    MoveName.PRIORITY: "Priority",
}
"""The moves that can be made with several, as people call them."""
ALARM_FOLLOWS = "Then the alarm is prepared; you decide whether it is posted or copied."


def headline(board: Board, week: Kpis) -> Content:
    """How many are open, and how many were opened this week."""
    return Content.assemble((f"{board.open:,} open", "bold"), f"   this week {week.opened} opened")


def aside(group: str, marked: Collection[str]) -> Content:
    """What is left out, and what is marked."""
    parts = [f"only {group}, g for the next"] if group else []
    parts += [f"{len(marked)} marked, u unmarks"] if marked else []
    return Content.styled("   ".join(parts), Tone.ACCENT)


def meaningless(unknown: Sequence[str]) -> Content:
    """What of the filter means nothing, and what would."""
    *words, last = IS
    told = f"is:{unknown[0]} means nothing: try {', '.join(words)} or {last}" if unknown else ""
    return Content.styled(told, Tone.ACCENT)


def orphans_line(orphans: Iterable[Placed], key: str) -> Content:
    """Loud when there is any: nobody would ever look at them. `key` lists them."""
    found = list(orphans)
    if not found:
        return Content()
    numbers = ", ".join(f"#{one.bug.number}" for one in found[:4]) + (" …" if len(found) > 4 else "")
    words = "1 orphan, which nobody looks at" if len(found) == 1 else f"{len(found)} orphans, which nobody looks at"
    return Content.assemble(
        (f"{glyphs.ACT} {words}: {numbers}", f"bold {Tone.ACT}"), (f"   {key} to tidy up", Tone.OLD)
    )


def column_title(
    title: str, placed: Sequence[Placed] | None, now: datetime, *, current: bool, brief: bool = False
) -> Content:
    """`Inbox 7 · 2 overdue`, briefly `Inbox 7 ! 2`; the title alone while nothing has been read."""
    style = f"bold underline {Tone.ACCENT}" if current else "bold"
    if placed is None:
        return Content.styled(title, style)
    overdue = sum(one.is_overdue(now) for one in placed)
    parts: list[tuple[str, str]] = [(title, style), (f" {len(placed):,}", "")]
    if overdue:
        late = f" {glyphs.ACT} {overdue}" if brief else f" {glyphs.DOT} {overdue} overdue"
        parts.append((late, str(Tone.ACT)))
    return Content.assemble(*parts)


def entries(states: tuple[State, ...], shown: Iterable[Placed]) -> Iterator[Entry]:
    """The cards of a column; with several states a heading before each."""
    groups: dict[State, list[Placed]] = {state: [] for state in states}
    for one in shown:
        groups[one.state].append(one)
    for state, ones in groups.items():
        if ones and len(states) > 1:
            yield Heading(f"state {state.name}", f"{_capital(state.value)} {glyphs.DOT} {len(ones):,}")
        for one in ones:
            yield Card(str(one.bug.number), one)


def face(one: Placed, width: int, now: datetime, config: Config, *, half_done: bool = False) -> tuple[Content, Content]:
    """The two lines of a card: what it is and what makes it urgent; how it stands and for how long."""
    title = Content.assemble((f"#{one.bug.number} ", Tone.OLD), one.bug.title)
    stands = Content(f" {glyphs.DOT} ").join(_standing(one, now, config, half_done=half_done))
    since = Content(age(one, now))
    return _spread(title, badge_words(one, config), width), _spread(stands, since, width).stylize_before(Tone.OLD)


def _spread(left: Content, right: Content, width: int) -> Content:
    """`left` is cut so that `right` has its room at the end of the line."""
    gap = "  " if right else ""
    room = max(0, width - right.cell_length - len(gap))
    return left.truncate(room, ellipsis=True, pad=True) + gap + right


def _standing(one: Placed, now: datetime, config: Config, *, half_done: bool) -> Iterator[Content]:
    """What is to be said of it, most important first. A triage far ahead is of no moment."""
    bug, labels = one.bug, config.labels
    clock, is_late = clock_words(one, now, config), one.state is State.ENGINEERING and not is_close(one, now)
    if half_done:
        yield Content.styled(f"{glyphs.ACT} half-way, f finishes", Tone.ACT)
    if clock and not is_late:
        yield clock
    if one.state in REPRODUCED and is_incoming(bug, labels):
        yield Content.styled("incoming", Tone.SOON)
    if released_of(bug, labels) is Released.UNRELEASED:
        yield Content("unreleased")
    yield from (Content(_short(group.label)) for group in groups_of(bug, config))
    if customers := customers_of(bug, labels):
        yield Content.styled(", ".join(customers), Tone.ACCENT)
    if bug.assignees:
        yield Content(", ".join(bug.assignees))
    if clock and is_late:
        yield clock


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
    """What its clock says; empty when none runs."""
    if one.clock is None:
        return Content()
    words = one.clock.words(now, config)
    if one.is_overdue(now):
        return Content.styled(f"{glyphs.ACT} {words}", Tone.ACT)
    return Content.styled(words, Tone.SOON) if is_close(one, now) else Content(words)


def age(one: Placed, now: datetime) -> str:
    """For how long it has been in its state: `12 d`; `≤ 12 d` when the moment is not known."""
    return f"{'' if one.since.known else '≤ '}{short_span(now - one.since.at)}"


def is_close(one: Placed, now: datetime) -> bool:
    """Whether its clock has run down, or nearly: a fifth of the time is left."""
    if one.clock is None:
        return False
    whole = one.clock.due - one.since.at
    return (one.clock.due - now) * 5 <= whole


def facts(
    one: Placed,
    now: datetime,
    config: Config,
    *,
    title: bool = True,
    rest: CutOff | None = None,
    incident: Incident | None = None,
) -> Content:
    """Everything about a bug that its card leaves out, most important first.

    `rest`: what is left of a move that was cut off. `incident`: of a critical one.
    """
    bug = one.bug
    lines = [Content.assemble((f"#{bug.number} ", Tone.OLD), (bug.title, "bold"))] if title else []
    if rest:
        lines.append(Content.styled(f"{glyphs.ACT} {half_done_words(rest)}", Tone.ACT))
    if incident:
        late = is_unanswered(incident, now, config)
        words = next_words(incident, bug, now, config)
        lines.append(Content.assemble((words, Tone.ACT if late else Tone.SOON), ("   ! for the steps", Tone.OLD)))
    lines.append(Content("   ").join([_state(one, now, config), *filter(None, [clock_words(one, now, config)])]))
    by = f"reported {short_span(now - bug.created)} ago by {bug.author or 'somebody'}"
    who = ", ".join(bug.assignees) or "nobody"
    said = f"{bug.comments} comment" if bug.comments == 1 else f"{bug.comments} comments"
    where = f" {glyphs.DOT} {bug.milestone}" if bug.milestone else ""
    lines.append(Content.styled(f"{by} {glyphs.DOT} assigned to {who} {glyphs.DOT} {said}{where}", Tone.OLD))
    lines.append(Content.styled("Labels: " + (", ".join(sorted(bug.labels)) or "none"), Tone.OLD))
    return Content("\n").join(lines)


def half_done_words(rest: CutOff) -> str:
    """`Moved half-way: Hand to #g-mdm as released bug. Missing: assign mna. f finishes it, z undoes it.`"""
    missing = ", ".join(step.words for step in rest.missing)
    undoes = ", z undoes it" if rest.done else ""
    return f"Moved half-way: {rest.title}. Missing: {missing}. f finishes it{undoes}."


def named(chosen: Sequence[Bug], most: int = 8) -> tuple[str, ...]:
    """The bugs that are meant, a line each, as far as there is room."""
    lines = [f"#{bug.number} {bug.title}" for bug in chosen[:most]]
    return (*lines, f"and {len(chosen) - most} more") if len(chosen) > most else tuple(lines)


def _state(one: Placed, now: datetime, config: Config) -> Content:
    since = "since" if one.since.known else "not before"
    return Content(f"{_capital(one.state.value)} {since} {day_and_hour(one.since.at, config.team.zone, now=now)}")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _short(label: str) -> str:
    """`#g-mdm` is `mdm` on a card."""
    return clean(label).removeprefix("#").removeprefix("g-")
