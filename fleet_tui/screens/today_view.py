"""How the first screen looks: the overview becomes a sentence and tiles. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace
from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import State
from fleet_tui.domain.certificates import Severity, countdown, severity
from fleet_tui.domain.checklist import Verdict
from fleet_tui.domain.counts import counted
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.on_call_waiting import Kind, Waiting, time_left
from fleet_tui.domain.overview import (
    COMMUNITY,
    FEEDS,
    QA,
    BugFigures,
    CertificateFigures,
    FreezeFigures,
    Line,
    OnCallFigures,
    Overview,
    QaFigures,
)
from fleet_tui.domain.ritual_agenda import Due, Standing
from fleet_tui.domain.spans import day, day_and_hour, day_month_hour, until, zone_name
from fleet_tui.feed import failures
from fleet_tui.keys import SCREENS
from fleet_tui.screens.activity_view import Health
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.bar import bar
from fleet_tui.widgets.phases import SIGNS
from fleet_tui.widgets.tile import TileRow, TileValue

BAR = 10
LINES = 2
"""Of the sentence."""
QUIET = "Nothing needs a hand right now."
RATHER_QUIET = "Nothing needs a hand, as far as is known."
NOTHING_KNOWN = "Nothing is known yet."


def tiles(shown: Overview, config: Config) -> dict[str, TileValue]:
    """The tiles by name, in the order in which they stand."""
    now, unread = shown.at, shown.unread
    found = {
        "freeze": freeze_tile(shown.freeze, now, config, unread),
        "oncall": on_call_tile(shown.on_call, now, config, unread),
        "qa": qa_tile(shown.qa, unread),
        "bugs": bugs_tile(shown.bugs),
        "urgent": urgent_tile(shown.bugs),
        "waiting": waiting_tile(shown.on_call, now, config, unread),
        "certificates": certificates_tile(shown.certificates, now, config, unread),
        "rituals": rituals_tile(shown.on_call, config, unread),
    }
    return {name: replace(tile, hint=f"{_key(tile.screen, config)} shows all") for name, tile in found.items()}


def _key(screen: str, config: Config) -> str:
    """The key that leads to a screen, as the user has it."""
    return config.keys.get(f"go.{screen}", SCREENS[screen][0])


def headline(shown: Overview, config: Config, width: int) -> Content:
    """What needs a hand, the worst first: as much by name as there is room for, on lines that break between things."""
    found = list(needs(shown, config))
    if not found:
        return _quiet(shown.unread)
    sign = Content.styled(f"{glyphs.ACT} ", found[0][1])
    parts = [Content.styled(words, f"bold {tone}") for words, tone in found]
    lines = list(_lines(sign, parts, width))
    for named in range(len(found) - 1, 0, -1):
        if len(lines) <= LINES:
            break
        rest = Content.styled(f"and {len(found) - named} more", Tone.OLD)
        lines = list(_lines(sign, [*parts[:named], rest], width))
    return Content("\n").join(lines)


def _quiet(unread: frozenset[str]) -> Content:
    if unread.isdisjoint(FEEDS):
        return Content.assemble((f"{glyphs.DONE} ", Tone.DONE), (QUIET, "bold"))
    return Content.styled(f"{glyphs.UNKNOWN} {NOTHING_KNOWN if unread.issuperset(FEEDS) else RATHER_QUIET}", Tone.OLD)


def _lines(sign: Content, parts: Iterable[Content], width: int) -> Iterator[Content]:
    between, indent = Content.styled(f" {glyphs.DOT} ", Tone.OLD), Content(" " * sign.cell_length)
    line, begun = sign, False
    for part in parts:
        if begun and line.cell_length + between.cell_length + part.cell_length > width:
            yield line
            line, begun = indent, False
        line, begun = (line + between if begun else line) + part, True
    yield line


def needs(shown: Overview, config: Config) -> Iterator[tuple[str, Tone]]:
    """Each thing that needs a hand, with how urgent it is."""
    bugs, on_call, certificates, freeze = shown.bugs, shown.on_call, shown.certificates, shown.freeze
    if bugs and bugs.critical:
        yield counted(len(bugs.critical), "critical bug"), Tone.ACT
    if freeze and freeze.at.mismatch:
        yield f"{freeze.branch} {freeze.at.mismatch.value}", Tone.ACT
    if certificates:
        over = [one for one in certificates.near if one.valid_until <= shown.at]
        if over:
            yield f"{counted(len(over), 'certificate')} expired", Tone.ACT
    if bugs and (late := bugs.overdue.get(State.INBOX.value, 0)):
        yield f"{late} of {bugs.states[State.INBOX.value]} bugs in the inbox overdue", Tone.ACT
    if (
        on_call
        and on_call.is_team_known
        and (missed := [one for one in on_call.late if one.due and one.due <= shown.at])
    ):
        yield f"{counted(len(missed), 'contributor')} without an answer", Tone.ACT
    if bugs and bugs.blockers:
        yield counted(len(bugs.blockers), "release blocker"), Tone.SOON
    if shown.qa and shown.qa.progress.failed:
        yield f"{counted(shown.qa.progress.failed, 'test')} failed", Tone.SOON
    if bugs and (orphans := bugs.states.get(State.ORPHAN.value, 0)):
        yield counted(orphans, "orphan"), Tone.SOON


def freeze_tile(
    figures: FreezeFigures | None, now: datetime, config: Config, unread: frozenset[str] = frozenset()
) -> TileValue:
    """Phase, next change, and what may merge."""
    if figures is None:
        return TileValue("Freeze", rows=(_told("Asking Merge Freeze …"),), screen="freeze")
    at, zone = figures.at, config.team.zone
    sign, tone = SIGNS[at.phase]
    state = f"{figures.branch} is {'frozen' if at.frozen else 'open'}"
    stage = "" if at.phase in (Phase.OPEN, Phase.FREEZE) else f" {glyphs.DOT} {at.phase.value}"
    rows = [TileRow(Content.assemble((f"{sign} ", tone), (state, "bold"), stage))]
    if at.mismatch:
        rows.append(TileRow(Content.styled(f"{glyphs.ACT} It {at.mismatch.value}.", Tone.ACT)))
    if at.next_change:
        phase, moment = at.next_change
        name = "release" if phase.value == "release day" else phase.value
        when = f"{day_and_hour(moment, zone, now=now)} {zone_name(moment, zone)}"
        rows.append(TileRow(Content(f"{name[0].upper()}{name[1:]} {when}"), Content(until(moment, now))))
    rows.append(_told("Reading the pull requests …") if "pulls" in unread else _may_merge(figures))
    ready = tuple(_named(figures.ready, "freeze")) if at.frozen else ()
    return TileValue("Freeze", Content.styled(figures.version, Tone.OLD), tuple(rows), ready, "freeze")


def _may_merge(figures: FreezeFigures) -> TileRow:
    several, may = f"{figures.may_merge} of {figures.waiting}", "may merge now"
    unfrozen = Content(f"{figures.unfrozen} unfrozen") if figures.at.frozen else Content()
    return TileRow(Content(f"{several} pull requests {may}"), unfrozen, brief=Content(f"{several} {may}"))


def on_call_tile(
    figures: OnCallFigures | None, now: datetime, config: Config, unread: frozenset[str] = frozenset()
) -> TileValue:
    """Who is on call, until when, and who is next."""
    if figures and "roster" in unread:
        return TileValue("On call", rows=(_told("Reading the roster …"),), screen="oncall")
    if figures is None or not figures.now:
        words = "Nobody is on call." if figures else "No roster is configured: [on_call]."
        return TileValue("On call", rows=(_told(words),), screen="oncall")
    zone = config.team.zone
    rows = []
    for shift in figures.now:
        login = f" ({shift.login})" if shift.login and shift.login.casefold() != shift.person.casefold() else ""
        who = Content.assemble((shift.person, "bold"), (login, Tone.OLD))
        rows.append(TileRow(who, Content(f"until {day_and_hour(shift.end, zone, now=now)}")))
    coming = [
        TileRow(Content.styled(shift.person, Tone.OLD), Content.styled(f"from {day(shift.start, zone)}", Tone.OLD))
        for shift in figures.coming
    ]
    mine = Content.styled("you are on call", f"bold {Tone.ACCENT}") if figures.is_me else Content()
    return TileValue("On call", mine, tuple(rows), tuple(coming), "oncall")


def qa_tile(figures: QaFigures | None, unread: frozenset[str] = frozenset()) -> TileValue:
    """How far each group is with its tests."""
    if figures is None:
        words = "Reading the release QA issue …" if unread & QA else "No release QA issue is open."
        return TileValue("Release QA", rows=(_told(words),), screen="release_qa")
    rows = []
    for group in figures.groups:
        done = group.progress
        state = Content.styled(f"{glyphs.DONE} ready", Tone.DONE) if group.ready_by else Content()
        if done.failed and not group.ready_by:
            state = Content.styled(f"{done.failed} failed", Tone.ACT)
        strip = bar(done.passed, done.failed, done.total, BAR)
        right = Content(" ").join(
            [part for part in (state, strip, Content(f"{done.tested}/{done.total}".rjust(5))) if part.plain]
        )
        rows.append(TileRow(Content(group.label), right))
    if figures.conflicts:
        words = f"{glyphs.ACT} {counted(figures.conflicts, 'conflict')} to decide"
        rows.append(TileRow(Content.styled(words, Tone.ACT), weight=1))
    done = figures.progress
    tested = Content(f"{done.tested} of {done.total} tested")
    left = [TileRow(Content.styled(line.title, Tone.OLD), _verdict(line.note)) for line in figures.left]
    return TileValue(figures.title, tested, tuple(rows), tuple(left), "release_qa")


def _verdict(word: str) -> Content:
    return Content.styled(word, Tone.ACT) if word == Verdict.FAIL.value else Content()


def bugs_tile(figures: BugFigures | None) -> TileValue:
    """How many stand in each state, and how many are overdue there."""
    if figures is None:
        return TileValue("Bugs", rows=(_told("Reading the bugs …"),), screen="bugs")
    rows = []
    for state, count in figures.states.items():
        is_orphan, overdue = state == State.ORPHAN.value, figures.overdue.get(state, 0)
        if is_orphan and not count:
            continue
        name = f"{state[0].upper()}{state[1:]}"
        words = Content.styled(f"{glyphs.ACT} {name}", Tone.SOON) if is_orphan else Content(name)
        late = Content.styled(f"{overdue} overdue ", Tone.ACT) if overdue else Content()
        rows.append(TileRow(words, late + Content(f"{count:>4,}"), weight=2 if overdue else int(is_orphan)))
    brief = f"{figures.open:,} open"
    week = Content.styled(f"{brief}, this week {figures.opened} opened, {figures.closed} closed", Tone.OLD)
    longest = tuple(_named(figures.late))
    return TileValue("Bugs", week, tuple(rows), longest, "bugs", brief=Content.styled(brief, Tone.OLD))


def urgent_tile(figures: BugFigures | None) -> TileValue:
    """Critical bugs and release blockers by name."""
    rows = [*_marked(figures.critical, "critical", Tone.ACT)] if figures else []
    critical = {row.target for row in rows}
    blockers = [*_marked(figures.blockers, "blocker", Tone.SOON)] if figures else []
    rows += [row for row in blockers if row.target not in critical]
    empty = _told("No critical bug, no release blocker." if figures else "Reading the bugs …")
    return TileValue("Critical and blocking", rows=tuple(rows) or (empty,), screen="bugs")


def _marked(lines: Iterable[Line], word: str, tone: Tone) -> Iterator[TileRow]:
    for line in lines:
        left = Content.assemble((f"#{line.key} ", Tone.OLD), line.title)
        yield TileRow(left, Content.styled(f"{glyphs.ACT} {word}", tone), "bugs", line.key)


def _named(lines: Iterable[Line], screen: str = "bugs") -> Iterator[TileRow]:
    for line in lines:
        left = Content.assemble((f"#{line.key} ", Tone.OLD), line.title)
        yield TileRow(left, Content.styled(line.note.rpartition(", ")[0] or line.note, Tone.OLD), screen, line.key)


def waiting_tile(
    figures: OnCallFigures | None, now: datetime, config: Config, unread: frozenset[str] = frozenset()
) -> TileValue:
    """What waits for whoever is on call: first the community pull requests that are over their day or near it."""
    if figures is None or unread & COMMUNITY:
        return TileValue("What waits", rows=(_told("Reading what waits …"),), screen="oncall")
    rows = [_waiting(one, now, config) for one in figures.late]
    others = [_waiting(one, now, config) for one in figures.waiting if one not in figures.late]
    count = f"{len(figures.waiting)} wait" if figures.waiting else ""
    aside = Content.styled(f"{count} in all" if count else "", Tone.OLD)
    if not figures.is_team_known:
        rows.insert(0, TileRow(Content.styled(f"{glyphs.UNKNOWN} Who is of the team is not known.", Tone.SOON)))
    quiet = _told("Every contributor has an answer, or time is left.")
    return TileValue(
        "What waits",
        aside,
        tuple(rows) or (quiet,),
        tuple(others),
        "oncall",
        brief=Content.styled(count, Tone.OLD),
    )


def _waiting(one: Waiting, now: datetime, config: Config) -> TileRow:
    near = one.kind is Kind.COMMUNITY and one.due is not None
    tone = Tone.OLD if not near else Tone.ACT if one.due and one.due <= now else Tone.SOON
    left = Content.assemble((f"#{one.number} ", Tone.OLD), one.title)
    words = time_left(one.due, now, config.team) if one.due else one.kind.value
    return TileRow(left, Content.styled(words, tone), "oncall", str(one.number))


def certificates_tile(
    figures: CertificateFigures | None, now: datetime, config: Config, unread: frozenset[str] = frozenset()
) -> TileValue:
    """What expires within the longest threshold."""
    if figures is None:
        is_unread = "certificates" in unread
        words = "Reading the certificates …" if is_unread else "No certificate is watched: [certificates]."
        return TileValue("Certificates", rows=(_told(words),), screen="certificates")
    rows = []
    for one in figures.near:
        grave = severity(one, now, config.certificates.threshold_days) >= Severity.URGENT
        tone = Tone.ACT if grave else Tone.SOON
        rows.append(TileRow(Content(one.name), Content.styled(countdown(one, now), tone), "certificates", one.id))
    rows += [
        TileRow(Content(one.name), Content.styled(f"{glyphs.UNKNOWN} unreadable", Tone.SOON), "certificates", one.id)
        for one in figures.unreadable
    ]
    aside = Content.styled(f"{figures.total} watched", Tone.OLD)
    quiet = _told("None expires soon.")
    return TileValue("Certificates", aside, tuple(rows) or (quiet,), screen="certificates")


def rituals_tile(figures: OnCallFigures | None, config: Config, unread: frozenset[str] = frozenset()) -> TileValue:
    """What is due today, or overdue."""
    rows = [_ritual(one) for one in figures.rituals] if figures else []
    later = [_ritual(one) for one in figures.rituals_later] if figures else []
    quiet = "Reading the rituals …" if "rituals" in unread else "None today."
    return TileValue("Rituals due today", rows=tuple(rows) or (_told(quiet),), extra=tuple(later), screen="oncall")


def _ritual(one: Due) -> TileRow:
    when = Content.styled("overdue ", Tone.ACT) if one.standing is Standing.OVERDUE else Content()
    if one.standing is Standing.THIS_WEEK and one.day:
        when = Content.styled(f"{one.day:%a} ", Tone.OLD)
    name = one.ritual.task
    return TileRow(Content(name), when + Content.styled(one.ritual.dri, Tone.OLD), "oncall", f"ritual {name}")


def release_words(figures: FreezeFigures | None, config: Config) -> Content:
    """Which release comes, and when."""
    if figures is None or figures.at.schedule is None:
        return Content()
    zone = config.team.zone
    return Content.styled(f"{figures.version} {glyphs.DOT} {day(figures.at.schedule.release, zone)}", Tone.OLD)


def _told(words: str) -> TileRow:
    return TileRow(Content.styled(words, Tone.OLD))


def trouble(health: Iterable[Health], config: Config, width: int) -> Content:
    """The sources that fail, on one line, and what to do if that is one thing; empty when none does."""
    readings = [one.reading for one in health]
    failing = failures(readings)
    if not failing:
        return Content()
    zone = config.team.zone
    since = f"since {failing[0][0].astimezone(zone):%H:%M}"
    former = [one.at for one in readings if one.problem and one.stored and one.at]
    shown = f"Shown is from {day_month_hour(min(former), zone)}. " if former else ""
    first, *others = {(problem.sentence, problem.remedy) for _, problem in failing}
    is_silence = all(problem.cause.is_silence for _, problem in failing)
    if others or is_silence:
        sources = ", ".join(sorted({problem.source for _, problem in failing}))
        words = f"{'No answer' if is_silence else 'Trouble'} {since}: {sources}."
    else:
        words = f"{first[0].rstrip('.')}, {since}. {first[1]}".rstrip()
    more = Content.styled(f"  {_key('activity', config)} tells more", Tone.OLD)
    told = Content.styled(f"{glyphs.FAILED} {shown}{words}", Tone.ACT)
    return told.truncate(max(1, width - more.cell_length), ellipsis=True) + more
