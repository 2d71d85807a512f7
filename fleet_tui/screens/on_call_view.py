"""How looks what waits for whoever is on call. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from fleet_tui.config.schema import Config, Team
from fleet_tui.domain.community import CommunityPull
from fleet_tui.domain.logins import is_same
from fleet_tui.domain.merge_conditions import Condition, Stand, Standing
from fleet_tui.domain.on_call_waiting import Kind, Waiting, clock, time_left
from fleet_tui.domain.pulls import Checks
from fleet_tui.domain.ritual_agenda import Due
from fleet_tui.domain.ritual_agenda import Standing as Urgency
from fleet_tui.domain.rituals import Fault, Rituals
from fleet_tui.domain.spans import short_span
from fleet_tui.screens.freeze_view import CHECK_SIGNS, matches
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Kind as RowKind
from fleet_tui.widgets.rows import Row, gap, heading

COLUMNS = (
    Column("number", "", 7),
    Column("title", "", 18, flex=True),
    Column("kind", "", 9, drop_below=64),
    Column("clock", "", 16),
    Column("checks", "CI", 2, drop_below=56),
    Column("conditions", "Ready", 5, drop_below=72),
    Column("who", "", 16, drop_below=96),
)
FILTERED = {"number", "title", "kind", "who"}
QUIET = "Nobody waits for you. Enjoy the quiet."
RITUAL = "ritual "
FAULT = "fault "
WORDS = {
    Kind.CRITICAL: "critical",
    Kind.COMMUNITY: "community",
    Kind.INBOX: "new bug",
    Kind.ISSUE: "issue",
    Kind.PULL: "pull req.",
}
SIGNS = {
    Stand.HOLDS: (glyphs.DONE, Tone.DONE),
    Stand.BY_HAND: (glyphs.DONE, Tone.DONE),
    Stand.UNTOLD: (glyphs.UNKNOWN, Tone.SOON),
    Stand.LACKING: (glyphs.FAILED, Tone.ACT),
}
BRIEF = {
    Condition.USEFUL: "useful",
    Condition.CHECKS: "CI",
    Condition.TESTS: "tests",
    Condition.DOCS: "docs",
    Condition.CHANGES: "changes",
}


class Shown(Struct, frozen=True):
    """What the table is made of."""

    waiting: tuple[Waiting, ...]
    community: Mapping[int, CommunityPull]
    rituals: tuple[Due, ...] = ()
    done: frozenset[str] = frozenset()
    """Tasks of the rituals that were done today."""
    faults: tuple[Fault, ...] = ()

    @property
    def drafts(self) -> tuple[CommunityPull, ...]:
        """The community's drafts."""
        return tuple(one for one in self.community.values() if one.pull.draft)


def rows(
    shown: Shown,
    login: str,
    now: datetime,
    config: Config,
    *,
    pending: frozenset[int] = frozenset(),
    words: str = "",
    airy: bool = False,
) -> Iterator[Row]:
    """The table: what waits, the most urgent first; drafts; rituals, the own first; filtered by `words`."""
    ours = [one for one in shown.waiting if one.our_turn]
    theirs = [one for one in shown.waiting if not one.our_turn]
    groups = (
        ("waits", "What waits", [_row(one, shown, now, config.team, pending) for one in ours]),
        ("theirs", "Their turn", [_row(one, shown, now, config.team, pending) for one in theirs]),
        ("drafts", "Drafts of the community", [_draft_row(one, now, pending) for one in shown.drafts]),
        *_ritual_groups(shown, login, config, now),
        ("faults", "Rituals that could not be read", list(map(_fault_row, shown.faults))),
    )
    wanted = [(key, title, [row for row in found if matches(words, _text(row))]) for key, title, found in groups]
    first = True
    if any(found for _, _, found in wanted) and not ours and not words:
        yield heading("heading quiet", QUIET)
        first = False
    for key, title, found in wanted:
        if not found:
            continue
        if airy and not first:
            yield gap(f"gap {key}")
        first = False
        yield heading(f"heading {key}", f"{title} {glyphs.DOT} {len(found)}")
        yield from found


def _text(row: Row) -> str:
    """What a filter looks at: a clock's figures would be found by every number."""
    return " ".join(cell.plain for cell, column in zip(row.cells, COLUMNS, strict=True) if column.key in FILTERED)


def _row(one: Waiting, shown: Shown, now: datetime, team: Team, pending: frozenset[int]) -> Row:
    community = shown.community.get(one.number) if one.kind is Kind.COMMUNITY else None
    kind = Content.styled(WORDS[one.kind], Tone.ACT if one.kind is Kind.CRITICAL else Tone.OLD)
    cells = (
        Content.styled(f"#{one.number}", Tone.OLD),
        Content(one.title),
        kind,
        clock_words(one, now, team),
        _checks(community.pull.checks) if community else Content(),
        _met(community.conditions) if community else Content(),
        Content.styled(one.author, Tone.OLD),
    )
    return Row(str(one.number), cells, RowKind.PENDING if one.number in pending else RowKind.PLAIN)


def _draft_row(one: CommunityPull, now: datetime, pending: frozenset[int]) -> Row:
    pull = one.pull
    cells = (
        Content.styled(f"#{pull.number}", Tone.OLD),
        Content.styled(pull.title, Tone.OLD),
        Content.styled("draft", Tone.OLD),
        Content.styled(short_span(now - pull.created), Tone.OLD),
        _checks(pull.checks),
        _met(one.conditions),
        Content.styled(pull.author, Tone.OLD),
    )
    return Row(str(pull.number), cells, RowKind.PENDING if pull.number in pending else RowKind.PLAIN)


def clock_words(one: Waiting, now: datetime, team: Team) -> Content:
    """`in 3 h 20 min`, `! 2 h over`; for what has no clock, since when: `5 d`."""
    if one.due is None or not one.our_turn:
        return Content.styled(short_span(now - one.since), Tone.OLD)
    words = time_left(one.due, now, team)
    return Content.styled(f"{glyphs.ACT} {words}", Tone.ACT) if one.due <= now else Content.styled(words, Tone.SOON)


def _checks(checks: Checks) -> Content:
    glyph, tone = CHECK_SIGNS[checks]
    return Content.styled(glyph, tone)


def _met(conditions: Sequence[Standing]) -> Content:
    met = sum(one.is_met for one in conditions)
    return Content.styled(f"{met}/{len(conditions)}", Tone.DONE if met == len(conditions) else Tone.OLD)


# Rituals


def _ritual_groups(shown: Shown, login: str, config: Config, now: datetime) -> Iterator[tuple[str, str, list[Row]]]:
    """By person, the own first: what is overdue, due today, due this week, or was done today."""
    by_person: dict[str, list[Due]] = {}
    for one in shown.rituals:
        if one.standing < Urgency.LATER or one.ritual.task in shown.done:
            by_person.setdefault(one.ritual.dri, []).append(one)
    for dri in sorted(by_person, key=lambda who: (who.casefold() != login.casefold(), who.casefold())):
        whose = "yours" if is_same(dri, login) else dri or "nobody's"
        yield f"rituals {dri}", f"Rituals: {whose}", [_ritual_row(one, shown, now, config) for one in by_person[dri]]
    written = [one for one in shown.rituals if one.standing is Urgency.AS_WRITTEN and one.ritual.task not in shown.done]
    yield "rituals as written", "Rituals without a day", [_ritual_row(one, shown, now, config) for one in written]


def _ritual_row(one: Due, shown: Shown, now: datetime, config: Config) -> Row:
    blank = Content()
    done = one.ritual.task in shown.done
    cells = (
        Content.styled(glyphs.DONE if done else "", Tone.DONE),
        Content.styled(one.ritual.task, Tone.OLD) if done else Content(one.ritual.task),
        Content.styled("ritual", Tone.OLD),
        Content.styled("done today", Tone.DONE) if done else ritual_clock(one, now, config),
        blank,
        blank,
        Content.styled(one.ritual.dri, Tone.OLD),
    )
    return Row(f"{RITUAL}{one.ritual.task}", cells)


def ritual_clock(one: Due, now: datetime, config: Config) -> Content:
    """`2 d over`, `today`, `Thu`; of a frequency that gives no day, the frequency."""
    if one.day is None:
        return Content.styled(one.ritual.frequency, Tone.OLD)
    days = (one.day - now.astimezone(config.team.zone).date()).days
    if days < 0:
        return Content.styled(f"{glyphs.ACT} {-days} d over", Tone.ACT)
    return Content.styled("today", Tone.SOON) if days == 0 else Content.styled(f"{one.day:%a}", Tone.OLD)


def _fault_row(fault: Fault) -> Row:
    blank = Content()
    where = Content.styled(f"line {fault.line}", Tone.OLD)
    return Row(
        f"{FAULT}{fault.line}",
        (Content.styled(glyphs.ACT, Tone.SOON), Content(fault.reason), blank, where, blank, blank, blank),
    )


# Detail


def detail(
    one: Waiting | None, pull: CommunityPull | None, why_not: str, now: datetime, config: Config, *, brief: bool
) -> Content:
    """All about one row, the most important first; `brief` puts the conditions into one line."""
    lines = []
    if pull is not None:
        lines += [_title(pull.pull.number, pull.pull.title), _verdict(why_not)]
        lines += [condition_line(pull.conditions)] if brief else list(map(condition, pull.conditions))
    elif one is not None:
        lines.append(_title(one.number, one.title))
    if one is not None:
        said = [one.kind.value, clock(one, now, config), one.note, f"by {one.author}" if one.author else ""]
        lines.append(Content.styled(f" {glyphs.DOT} ".join(filter(None, said)), Tone.OLD))
    if pull is not None and pull.pull.paths:
        more = f" and {len(pull.pull.paths) - 4} more" if len(pull.pull.paths) > 4 else ""
        lines.append(Content.styled("Files: " + ", ".join(pull.pull.paths[:4]) + more, Tone.OLD))
    return Content("\n").join(lines)


def _title(number: int, title: str) -> Content:
    return Content.assemble((f"#{number} ", Tone.OLD), (title, "bold"))


def _verdict(why_not: str) -> Content:
    if why_not:
        return Content.styled(f"{glyphs.FAILED} {why_not}", Tone.SOON)
    return Content.styled(f"{glyphs.DONE} It may be merged.", Tone.DONE)


def condition(one: Standing) -> Content:
    """One condition with its reason."""
    return Content.assemble(SIGNS[one.stand], f" {one.condition.value}", (f"  {one.reason}", Tone.OLD))


def what_can_be_marked(conditions: Iterable[Standing]) -> list[tuple[str, Condition]]:
    """The conditions that a person can vouch for, or has, in words; checks that fail are none of them."""
    return [
        (f"{SIGNS[one.stand][0]} {one.condition.value}: {one.reason}", one.condition)
        for one in conditions
        if one.can_be_marked and one.stand is not Stand.HOLDS
    ]


def question_lines(one: CommunityPull, *more: str) -> list[Content]:
    """What a question about a pull request shows of it."""
    lines = [Content(f"{one.pull.title}, by {one.pull.author}"), *map(condition, one.conditions)]
    return [*lines, *(Content.styled(words, Tone.OLD) for words in more)]


def condition_line(conditions: Iterable[Standing]) -> Content:
    """All conditions without their reasons."""
    words = [Content.assemble(SIGNS[one.stand], f" {BRIEF[one.condition]}") for one in conditions]
    return Content("   ").join(words)


def ritual_detail(one: Due, config: Config) -> Content:
    """All about a ritual."""
    ritual, lines = one.ritual, [Content.styled(one.ritual.task, "bold")]
    lines += [Content(ritual.description)] if ritual.description else []
    day = f"next on {one.day:%a} {one.day.day} {one.day:%b %Y}" if one.day else "no day follows from that"
    said = [ritual.frequency, day, f"by {ritual.dri}" if ritual.dri else "nobody's"]
    if one.done:
        there = one.done.at.astimezone(config.team.zone)
        said.append(f"done {there:%a} {there.day} {there:%b}, as far as this machine knows")
    lines.append(Content.styled(f" {glyphs.DOT} ".join(said), Tone.OLD))
    if ritual.labels:
        lines.append(Content.styled(f"An issue is opened for it, with {', '.join(ritual.labels)}.", Tone.OLD))
    return Content("\n").join(lines)


def note(sentence: str) -> Content:
    """Why it is doubtful who is of the community; empty when it is not."""
    return Content.styled(f"{glyphs.UNKNOWN} {sentence}", Tone.SOON) if sentence else Content()


def hint(rituals: Rituals | None, config: Config) -> Content:
    """What is missing for the whole picture; empty when nothing is."""
    if rituals is None or rituals.entries or rituals.faults:
        return Content()
    where = config.on_call.rituals_file or config.on_call.rituals
    return Content.styled(f"There is no list of rituals at {where}.", Tone.OLD)
