"""The handoff at the end of a week on call: the note for the next developer, and the steps that are ticked off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.markup import markdown
from fleet_tui.domain.on_call_waiting import Kind, Waiting, clock
from fleet_tui.domain.spans import day_and_hour, zone_name

NONE = "None."


class Draft(Struct, frozen=True):
    """What is typed and ticked for one handoff so far."""

    shift: datetime
    """When the shift began that is handed over."""
    answers: tuple[tuple[str, str], ...] = ()
    """Questions of the retrospective and what was typed, as it was typed."""
    ticked: frozenset[str] = frozenset()
    """The steps that are done, by their words."""

    def answered(self, question: str, text: str) -> Draft:
        """With another answer to `question`."""
        others = {known: answer for known, answer in self.answers if known != question}
        return replace(self, answers=tuple({**others, question: text}.items()))

    def toggled(self, step: str) -> Draft:
        """With `step` ticked, or no longer."""
        return replace(self, ticked=self.ticked ^ {step})


class Step(Struct, frozen=True):
    """One step of the handoff."""

    words: str
    done: bool


def steps(draft: Draft, config: Config) -> tuple[Step, ...]:
    """The checklist, in the order of the settings."""
    return tuple(Step(words, words in draft.ticked) for words in config.on_call.handoff_steps)


class HandoffFacts(Struct, frozen=True):
    """What the note tells, as it stands now."""

    by: str
    """GitHub login of who hands over."""
    to: str
    """… and of who takes over; empty when nobody is known."""
    start: datetime
    end: datetime
    waiting: tuple[Waiting, ...] = ()
    freeze: str = ""
    """A sentence on the branch; empty when nothing is known."""
    release: str = ""
    """A sentence on the coming release; empty when nothing is known."""
    expiring: tuple[str, ...] = ()
    """A line for each certificate near its end."""


def note(facts: HandoffFacts, draft: Draft, now: datetime, config: Config) -> str:
    """The handoff note as Markdown. What comes from outside stands in it as plain text; the answers as they are."""
    zone = config.team.zone
    start, end = (day_and_hour(moment, zone, now=now) for moment in (facts.start, facts.end))
    bugs, rest = _told(facts, now, config, critical=True), _told(facts, now, config, critical=False)
    parts = [
        f"# On-call handoff: {_login(facts.by)} → {_login(facts.to)}",
        f"{start} to {end} ({zone_name(facts.end, zone)}).",
        "## Open threads and pull requests", _list(rest),
        "## Critical bugs", _list(bugs),
        "## Freeze and release", _list(markdown(line) for line in (facts.freeze, facts.release) if line),
        "## Certificates near expiry", _list(map(markdown, facts.expiring)),
        "## Retrospective", *_retrospective(draft, config),
        "## Checklist", _list(f"[{'x' if step.done else ' '}] {markdown(step.words)}" for step in steps(draft, config)),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _told(facts: HandoffFacts, now: datetime, config: Config, *, critical: bool) -> list[str]:
    return [_line(one, now, config) for one in facts.waiting if (one.kind is Kind.CRITICAL) is critical]


def _line(one: Waiting, now: datetime, config: Config) -> str:
    said = [one.kind.value, *([f"by {markdown(one.author)}"] if one.author else []), clock(one, now, config)]
    said += [markdown(one.note)] if one.note else []
    return f"[#{one.number}]({quote(one.url, safe=':/#?&=%')}) {markdown(one.title)} ({', '.join(said)})"


def _retrospective(draft: Draft, config: Config) -> list[str]:
    answers = dict(draft.answers)
    return [
        part
        for question in config.on_call.retrospective
        for part in (f"**{markdown(question)}**", answers.get(question, "").strip() or "*Not answered.*")
    ]


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or NONE


def _login(login: str) -> str:
    return f"@{login}" if login else "nobody known"
