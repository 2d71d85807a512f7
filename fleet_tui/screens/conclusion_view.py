"""How the conclusion of a milestone looks: the dry run, how far it is, the report. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from textual.content import Content

from fleet_tui.desks.release import Concluding
from fleet_tui.domain.conclusion import Conclusion, Fate, Outcome
from fleet_tui.domain.conclusion_steps import Do, Step
from fleet_tui.domain.conclusion_text import Report
from fleet_tui.domain.counts import counted
from fleet_tui.screens.release_rows import matches
from fleet_tui.services.conclusion_journal import Row as JournalRow
from fleet_tui.services.conclusion_journal import State
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Kind, Row, gap, heading

COLUMNS = (
    Column("sign", "", 1),
    Column("number", "", 7, align="right"),
    Column("what", "", 24, flex=True),
    Column("why", "", 20, flex=True, drop_below=70),
)
SIGNS = {
    Outcome.LEAVES: (glyphs.NONE, Tone.SOON),
    Outcome.STORY: (glyphs.DONE, Tone.DONE),
    Outcome.CLOSES: (glyphs.DONE, Tone.DONE),
    Outcome.STAYS: (glyphs.DOT, Tone.OLD),
    Outcome.BY_HAND: (glyphs.UNKNOWN, Tone.SOON),
}
STATES = {
    State.PLANNED: (glyphs.COMING, Tone.OLD, "to do"),
    State.STARTED: (glyphs.PENDING, Tone.SOON, "was sent; not seen yet"),
    State.DONE: (glyphs.DONE, Tone.DONE, "done"),
    State.FOUND: (glyphs.DONE, Tone.OLD, "found done"),
    State.TICKED: (glyphs.DONE, Tone.DONE, "done by hand"),
}
FATE, STEP = "fate ", "step "
"""Beginnings of rows' keys."""


def rows(plan: Conclusion | None, concluding: Concluding | None, words: str = "") -> Iterator[Row]:
    """The steps of a conclusion that was begun, those of a person first; else the fates of the last dry run."""
    if concluding and (concluding.is_unfinished or plan is None or plan.title == concluding.begun.title):
        yield from _step_rows(concluding, words)
    elif plan:
        yield from _fate_rows(plan, words)


def _fate_rows(plan: Conclusion, words: str) -> Iterator[Row]:
    order = list(Outcome)
    found = sorted(plan.fates, key=lambda fate: (order.index(fate.outcome), fate.ticket.number))
    wanted = [fate for fate in found if matches(words, f"#{fate.ticket.number} {fate.ticket.title} {fate.why}")]
    for outcome, members in groupby(wanted, key=lambda fate: fate.outcome):
        group = list(members)
        yield heading(f"heading {outcome.name}", f"{len(group)} × {outcome.value}")
        for fate in group:
            sign, tone = SIGNS[outcome]
            cells = (
                Content.styled(sign, tone),
                Content.styled(f"#{fate.ticket.number}", Tone.OLD),
                Content(fate.ticket.title),
                Content.styled(fate.why, Tone.OLD),
            )
            yield Row(f"{FATE}{fate.ticket.number}", cells)


def _step_rows(concluding: Concluding, words: str) -> Iterator[Row]:
    by_hand = [row for row in concluding.rows if row.step.do.is_a_persons]
    groups = (("By hand", by_hand), ("By fleet-tui", list(concluding.automatic)))
    for title, members in groups:
        shown = [row for row in members if matches(words, row.step.words)]
        if shown:
            over = sum(row.state.is_over for row in shown)
            yield heading(f"heading {title}", f"{title} {glyphs.DOT} {over} of {len(shown)}")
            yield from map(_step_row, shown)
            yield gap(f"gap {title}")


def _step_row(row: JournalRow) -> Row:
    sign, tone, word = STATES[row.state]
    number = f"#{row.step.issue}" if row.step.issue else ""
    what = row.step.words.partition(": ")[2] if row.step.issue and not row.step.do.is_a_persons else row.step.words
    cells = (Content.styled(sign, tone), Content.styled(number, Tone.OLD), Content(what), Content.styled(word, tone))
    return Row(f"{STEP}{row.step.id}", cells, Kind.OLD if row.state is State.FOUND else Kind.PLAIN)


def fate_detail(fate: Fate) -> Content:
    """What becomes of one issue, why, and what is changed for it."""
    ticket = fate.ticket
    changes = "; ".join(step.words.partition(": ")[2] for step in fate.steps) or "nothing is changed"
    lines = [
        Content.assemble((f"#{ticket.number} ", Tone.OLD), (ticket.title, "bold")),
        Content(f"{fate.outcome.value[0].upper()}{fate.outcome.value[1:]}."),
        Content.styled(fate.why, Tone.OLD),
        Content(f"Would be changed: {changes}."),
    ]
    return Content("\n").join(lines)


def step_detail(row: JournalRow) -> Content:
    """One step, and how one sees that it is done."""
    sign, tone, word = STATES[row.state]
    lines = [Content.assemble((f"{sign} {word}  ", tone), (row.step.words, "bold"))]
    if row.step.do is Do.ANNOUNCE:
        lines += [Content.styled("a posts or copies it; Space ticks it.", Tone.OLD), Content(row.step.name)]
    elif row.step.do.is_a_persons:
        lines.append(Content.styled("Space says that it is done.", Tone.OLD))
    else:
        lines.append(Content.styled(f"Done when {row.step.seen}.", Tone.OLD))
    return Content("\n").join(lines)


def dry_run(plan: Conclusion, warnings: Iterable[str]) -> Content:
    """Exactly what would change: the figures, the steps around the issues, issue by issue."""
    own = {step.id for fate in plan.fates for step in fate.steps}
    order = list(Outcome)
    counts = {outcome: [fate for fate in plan.fates if fate.outcome is outcome] for outcome in order}
    lines = [Content.styled(f"{glyphs.ACT} {one}", Tone.ACT) for one in warnings]
    size = f"{counted(len(plan.fates), 'issue')}, {counted(len(plan.steps), 'step')}"
    lines.append(Content(f"{size}. Nothing has been changed yet."))
    lines += [Content(f"{len(found):>4} × {outcome.value}") for outcome, found in counts.items() if found]
    lines += [Content(), Content.styled("Beside the issues", "bold")]
    lines += [Content(f"   {_about(step)}") for step in plan.steps if step.id not in own]
    for outcome, found in counts.items():
        if found:
            lines += [Content(), Content.styled(f"{outcome.value[0].upper()}{outcome.value[1:]}", "bold")]
            lines += [line for fate in found for line in _fate_lines(fate)]
    return Content("\n").join(lines)


def _fate_lines(fate: Fate) -> Iterator[Content]:
    yield Content.assemble((f"   #{fate.ticket.number} ", Tone.OLD), fate.ticket.title)
    changes = "; ".join(step.words.partition(": ")[2] for step in fate.steps)
    words = " ".join(filter(None, (fate.why, f"→ {changes}" if changes else "")))
    yield Content.styled(f"          {words}", Tone.OLD)


def _about(step: Step) -> str:
    who = "By hand: " if step.do.is_a_persons else ""
    text = "".join(f"\n      {line}" for line in step.name.splitlines()) if step.do is Do.ANNOUNCE else ""
    return f"{who}{step.words}{text}"


def report(found: Report) -> Content:
    """What was done, and what is left."""
    carried_out = counted(len(found.done), "step")
    lines = [Content(f"{carried_out} carried out, {len(found.found)} found done already, {len(found.left)} left.")]
    for title, steps, sign, tone in (
        ("Left to do", found.left, glyphs.COMING, Tone.SOON),
        ("Done", found.done, glyphs.DONE, Tone.DONE),
        ("Found done", found.found, glyphs.DONE, Tone.OLD),
    ):
        if steps:
            lines += [Content(), Content.styled(title, "bold")]
            lines += [Content.assemble((f" {sign} ", tone), step.words) for step in steps]
    return Content("\n").join(lines)
