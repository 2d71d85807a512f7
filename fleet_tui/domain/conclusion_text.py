"""A concluded milestone in words: the dry run for people and for programs, the announcement, the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion_steps import Do, Step, Ticket
from fleet_tui.domain.counts import counted
from fleet_tui.domain.markup import markdown, slack

if TYPE_CHECKING:
    from fleet_tui.domain.conclusion import Conclusion, Fate

FORMAT = 1
"""Raised when a program that reads the JSON would have to change."""


class Report(Struct, frozen=True):
    """How far the steps of a milestone have come."""

    title: str
    done: tuple[Step, ...]
    """Carried out by this program."""
    found: tuple[Step, ...]
    """Done already when their turn came."""
    left: tuple[Step, ...]
    """Not done yet, those of a person among them."""

    @property
    def for_a_person(self) -> tuple[Step, ...]:
        """What only a person can do or tick."""
        return tuple(step for step in self.left if step.do.is_a_persons)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left, not even for a person."""
        return not self.left


def as_json(plan: Conclusion) -> str:
    """The dry run for programs; `format` says which fields there are."""
    shown: dict[str, Any] = {
        "format": FORMAT,
        "milestone": {"number": plan.milestone.number, "title": plan.milestone.title, "becomes": plan.title},
        "next": {"title": plan.following, "due": plan.following_due},
        "issues": [
            {
                "number": fate.ticket.number,
                "title": fate.ticket.title,
                "url": fate.ticket.url,
                "fate": fate.outcome.name.lower(),
                "why": fate.why,
                "steps": [step.id for step in fate.steps],
            }
            for fate in plan.fates
        ],
        "steps": [{"id": one.id, "does": one.words, "done_when": one.seen} for one in plan.steps],
    }
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()


def as_markdown(plan: Conclusion) -> str:
    """The dry run for people: the numbers, what becomes of each issue, and the steps around them."""
    counts = Counter(fate.outcome for fate in plan.fates)
    numbers = [f"- {count} × {outcome.value}" for outcome, count in counts.most_common()]
    own = {step.id for fate in plan.fates for step in fate.steps}
    first = min((place for place, step in enumerate(plan.steps) if step.id in own), default=0)
    steps = [f"1. {_line(step)}" for step in plan.steps if step.id not in own]
    if own:
        steps.insert(first, f"1. {counted(len(own), 'change')} of issues, as in the table")
    table = ["| issue | becomes | why | changes |", "| --- | --- | --- | --- |", *map(_row, plan.fates)]
    head = [f"# {markdown(plan.milestone.title)} is concluded", "", f"{counted(len(plan.fates), 'issue')}:", *numbers]
    return "\n".join([*head, "", "## Steps", "", *steps, "", "## Issues", "", *table]) + "\n"


def _line(step: Step) -> str:
    text = f": {markdown(step.name)}" if step.do is Do.ANNOUNCE else ""
    return f"{markdown(step.words)}{text}"


def _row(fate: Fate) -> str:
    ticket = fate.ticket
    changes = "; ".join(markdown(step.words.partition(": ")[2]) for step in fate.steps) or "none"
    name = f"[#{ticket.number}]({ticket.url}) {markdown(ticket.title)}"
    return f"| {name} | {fate.outcome.value} | {markdown(fate.why)} | {changes} |"


def announcement(version: str, following: str, due: date | None, stories: Sequence[Ticket], config: Config) -> str:
    """What Slack is told, in its own markup."""
    when = f", due on {due:%A}, {due.day} {due:%B}" if due else ""
    lines = [f"*{version}* is released and its milestone is concluded. `{slack(config.team.branch)}` is open again."]
    lines += [f"• <{ticket.url}|#{ticket.number}> {slack(ticket.title)}" for ticket in stories]
    return "\n".join([*lines, f"Next is {following}{when}."])


def report_text(report: Report) -> str:
    """The report, as Markdown."""
    figures = f"Steps carried out: {len(report.done)}. Found done already: {len(report.found)}."
    lines = [f"# {report.title}", "", figures]
    for heading, steps in (("Left to do", report.left), ("Done", report.done), ("Found done", report.found)):
        lines += _list(heading, steps)
    return "\n".join(lines) + "\n"


def report_as_json(report: Report) -> str:
    """The report for programs: each step with `state`, which is done, found or left; `format` as of the dry run."""
    states = (("done", report.done), ("found", report.found), ("left", report.left))
    steps = [
        {"id": one.id, "does": one.words, "done_when": one.seen, "state": state}
        for state, found in states
        for one in found
    ]
    shown = {"format": FORMAT, "under_way": report.title, "steps": steps}
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()


def _list(heading: str, steps: Iterable[Step]) -> list[str]:
    items = [f"- {_line(step)}" for step in steps]
    return ["", f"## {heading}", "", *items] if items else []
