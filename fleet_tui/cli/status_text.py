"""The figures of the first screen as sentences, area by area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta

from fleet_tui.cli import output
from fleet_tui.cli.status_sources import Source
from fleet_tui.config.schema import Config
from fleet_tui.desks.on_call import freeze_sentence
from fleet_tui.domain.certificates import countdown
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.counts import are, counted
from fleet_tui.domain.on_call_waiting import clock
from fleet_tui.domain.overview import (
    COMMUNITY,
    QA,
    BugFigures,
    CertificateFigures,
    FreezeFigures,
    Line,
    OnCallFigures,
    Overview,
    QaFigures,
)
from fleet_tui.domain.ritual_agenda import Standing
from fleet_tui.domain.spans import day_and_hour, span, zone_name

UNKNOWN = "Not known."


def as_text(found: Mapping[str, Sequence[str]]) -> str:
    """The areas with their lines beside them."""
    width = max(map(len, found))
    return "\n".join(
        output.beside(f"{area if place == 0 else '':<{width}}  ", line)
        for area, lines in found.items()
        for place, line in enumerate(lines)
    )


def as_markdown(found: Mapping[str, Sequence[str]]) -> str:
    """The areas as headings, their lines as lists."""
    return "\n\n".join(f"## {area}\n\n" + "\n".join(f"- {line}" for line in lines) for area, lines in found.items())


def as_csv(found: Mapping[str, Sequence[str]]) -> str:
    """A row for each line, with its area."""
    return output.as_csv([("area", "line"), *((area, line) for area, lines in found.items() for line in lines)])


def parts(shown: Overview, found: Sequence[Source], config: Config) -> dict[str, list[str]]:
    """What there is to say of each area, in the order of the first screen."""
    now, bugs, on_call, unread = shown.at, shown.bugs, shown.on_call, shown.unread
    return {
        "Freeze": [*freeze_lines(shown.freeze, now, config, unread)],
        "On call": [UNKNOWN] if "roster" in unread else [*_on_call(on_call, now, config)],
        "Release QA": [UNKNOWN] if unread & QA else [*_qa(shown.qa)],
        "Bugs": [*_bugs(bugs)],
        "Critical": _named(bugs.critical if bugs else None),
        "Blockers": _named(bugs.blockers if bugs else None),
        "Community": [UNKNOWN] if unread & COMMUNITY else [*_community(on_call, now, config)],
        "Certificates": [*_certificates(shown.certificates, now)],
        "Rituals": [UNKNOWN] if "rituals" in unread else [*_rituals(on_call)],
        "Read": [*map(_source, found)],
    }


def freeze_lines(
    figures: FreezeFigures | None, now: datetime, config: Config, unread: Set[str] = frozenset()
) -> Iterator[str]:
    """How the branch stands, and what may merge."""
    if figures is None:
        yield UNKNOWN
        return
    zone = config.team.zone
    yield freeze_sentence(figures.at, figures.branch, now, zone)
    if figures.at.mismatch:
        yield f"{figures.branch} {figures.at.mismatch.value}."
    if plan := figures.at.schedule:
        yield f"{plan.version} is due {day_and_hour(plan.release, zone, now=now)} {zone_name(plan.release, zone)}."
    if "pulls" in unread:
        yield "The open pull requests are not known."
        return
    pulls = f"{figures.may_merge} of {counted(figures.waiting, 'open pull request')} may merge now"
    yield f"{pulls}, {are(figures.unfrozen)} unfrozen." if figures.at.frozen else f"{pulls}."


def _on_call(figures: OnCallFigures | None, now: datetime, config: Config) -> Iterator[str]:
    if figures is None or not figures.now:
        yield "Nobody is known to be."
        return
    zone = config.team.zone
    for shift in figures.now:
        who = f"{shift.person} ({shift.login})" if shift.login else shift.person
        yield f"{shift.rotation}: {who} until {day_and_hour(shift.end, zone, now=now)}"
    for shift in figures.coming[:1]:
        yield f"Next: {shift.person}, {day_and_hour(shift.start, zone, now=now)}"


def _qa(figures: QaFigures | None) -> Iterator[str]:
    if figures is None:
        yield "No release QA issue is open."
        return
    yield f"{figures.title} #{figures.number}: {_tested(figures.progress)}"
    for group in figures.groups:
        ready = f"; ready, says {group.ready_by}" if group.ready_by else ""
        yield f"{group.label}: {_tested(group.progress)}{ready}"
    if figures.conflicts:
        yield f"Conflicts to decide: {figures.conflicts}"


def _tested(of: Progress) -> str:
    return f"{of.tested} of {of.total} tested" + (f", {of.failed} failed" if of.failed else "")


def _bugs(figures: BugFigures | None) -> Iterator[str]:
    if figures is None:
        yield UNKNOWN
        return
    yield f"{figures.open} open; this week {figures.opened} opened, {figures.closed} closed."
    for state, count in figures.states.items():
        late = figures.overdue.get(state, 0)
        yield f"{state}: {count}" + (f", {late} overdue" if late else "")


def _named(bugs: Iterable[Line] | None) -> list[str]:
    if bugs is None:
        return [UNKNOWN]
    return [f"#{bug.key} {bug.title} ({bug.note})" for bug in bugs] or ["None."]


def _community(figures: OnCallFigures | None, now: datetime, config: Config) -> Iterator[str]:
    if figures is None:
        yield UNKNOWN
        return
    if not figures.is_team_known:
        yield "Who is of the team is not known: some of these may be."
    yield from (f"#{one.number} {one.title} ({one.author}), {clock(one, now, config)}" for one in figures.late)
    if not figures.late:
        yield "None is near its limit."


def _certificates(figures: CertificateFigures | None, now: datetime) -> Iterator[str]:
    if figures is None:
        yield "None is configured, or none was read."
        return
    yield from (f"{fault.name}: {fault.sentence} {fault.remedy}".rstrip() for fault in figures.unreadable)
    yield from (f"{one.name} ({one.kind.value}): {countdown(one, now)}" for one in figures.near)
    if not figures.near and figures.total:
        yield "None ends soon." if not figures.unreadable else "None of the others ends soon."
    elif not figures.total and not figures.unreadable:
        yield "There is none."


def _rituals(figures: OnCallFigures | None) -> Iterator[str]:
    if figures is None:
        yield UNKNOWN
        return
    for one in figures.rituals:
        late = f", overdue since {one.day}" if one.standing is Standing.OVERDUE else ""
        yield f"{one.ritual.task} ({one.ritual.dri or 'nobody'}){late}"
    if not figures.rituals:
        yield "None is due today."


def _source(one: Source) -> str:
    read = f"{_age(one.age)} ago" if one.age is not None else "nothing yet"
    return f"{one.title}: {read}" + (", and cannot be read now" if one.problem else "")


def _age(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else span(timedelta(seconds=seconds))
