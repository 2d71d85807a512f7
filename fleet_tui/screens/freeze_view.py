"""How the freeze looks: domain values become sentences and rows. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.domain.counts import are, counted
from fleet_tui.domain.freeze import BranchState, Mismatch, Phase, Situation, Weight, consequences
from fleet_tui.domain.pulls import Answer, Candidate, Checks, Kind, ReviewState, Role, Story, who_approves
from fleet_tui.domain.releases import ComingRelease
from fleet_tui.domain.spans import day, day_and_hour, short_span, until, zone_name
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.phases import SIGNS
from fleet_tui.widgets.rows import Kind as RowKind
from fleet_tui.widgets.rows import Row, gap, heading

COLUMNS = (
    Column("number", "", 7, align="right"),
    Column("title", "Pull request", 20, flex=True),
    Column("kind", "Kind", 10),
    Column("why", "Why", 34, drop_below=150),
    Column("checks", "CI", 2, drop_below=72),
    Column("review", "Review", 6, drop_below=90),
    Column("age", "Age", 5, align="right", drop_below=76),
    Column("author", "Author", 14, drop_below=110),
    Column("state", "State", 10),
)

HEADINGS = {
    Answer.ALLOWED: "May merge now",
    Answer.NEEDS_WORD: "Needs a manager's word",
    Answer.NEEDS_APPROVALS: "Needs three approvals",
    Answer.NOT_NOW: "Not now",
}
ALLOWED = (glyphs.DONE, Tone.DONE)
REFUSED = (glyphs.FAILED, Tone.SOON)
UNTOLD = (glyphs.UNKNOWN, Tone.SOON)
CHECK_SIGNS = {
    Checks.PASSING: (glyphs.DONE, Tone.DONE),
    Checks.FAILING: (glyphs.FAILED, Tone.ACT),
    Checks.RUNNING: (glyphs.PENDING, Tone.SOON),
    Checks.NONE: (glyphs.NONE, Tone.OLD),
}
REVIEW_SIGNS = {
    ReviewState.APPROVED: (glyphs.DONE, Tone.DONE),
    ReviewState.CHANGES: (glyphs.FAILED, Tone.ACT),
    ReviewState.AWAITED: (glyphs.COMING, Tone.OLD),
    ReviewState.NONE: (glyphs.NONE, Tone.OLD),
}
STORY_KEY = "story "
ASKING_FOR_RELEASE = Content.styled("Asking GitHub for the coming release …", Tone.OLD)
NOTHING_WAITS = "No pull request is waiting. Enjoy the quiet."


def headline(branch: BranchState | None, at: Situation, now: datetime, zone: ZoneInfo) -> Content:
    """The sentence at the top: whether the branch is frozen, since when and by whom."""
    if branch is None:
        return Content.styled("Asking Merge Freeze how the branch stands …", Tone.OLD)
    sign, tone = SIGNS[at.phase]
    if not branch.frozen:
        warned = at.mismatch is Mismatch.NOT_FROZEN
        sign, tone = (glyphs.ACT, Tone.ACT) if warned else (sign, tone)
        words = f"{branch.branch} {at.mismatch.value}" if warned and at.mismatch else f"{branch.branch} is open"
        return Content.assemble((f"{sign} ", tone), (words, f"bold {tone}" if warned else "bold"))
    since = (
        f" since {day_and_hour(branch.since, zone, now=now)} {zone_name(branch.since, zone)}" if branch.since else ""
    )
    by = f" by {branch.by}" if branch.by else ""
    deep = " (deep freeze)" if at.phase is Phase.DEEP else ""
    parts = [(f"{sign} ", str(tone)), (f"{branch.branch} is frozen{deep}", "bold"), (since + by, "")]
    if branch.note:
        parts.append((f"  “{branch.note}”", str(Tone.OLD)))
    if at.mismatch:
        parts.append((f"   {glyphs.ACT} it {at.mismatch.value}", str(Tone.ACT)))
    return Content.assemble(*parts)


def release_line(release: ComingRelease | None, at: Situation, now: datetime, zone: ZoneInfo) -> Content:
    """The release that the freeze serves, and the next change."""
    if release is None or at.schedule is None:
        return Content.styled(
            "No release date is known: give the milestone a due date, or set release.known_date.", Tone.OLD
        )
    parts = [(f"{release.version}", "bold"), (f" {glyphs.DOT} {day(at.schedule.release, zone)}", "")]
    if at.next_change:
        phase, moment = at.next_change
        when = f"{day_and_hour(moment, zone, now=now)} {zone_name(moment, zone)}, {until(moment, now)}"
        parts.append((f"   next: {next_name(phase)}, {when}", ""))
    elif at.phase is Phase.RELEASE:
        parts.append(("   next: the freeze is lifted after the release", ""))
    return Content.assemble(*parts)


def next_name(phase: Phase) -> str:
    """What a change into `phase` is called."""
    return "release" if phase is Phase.RELEASE else phase.value


def summary(candidates: Iterable[Candidate], at: Situation) -> str:
    """How many pull requests wait, and how many may merge."""
    found = list(candidates)
    if not at.phase.restricts:
        return f"{counted(len(found), 'open pull request')}; all may merge."
    free = sum(one.verdict.answer is Answer.ALLOWED for one in found)
    unfrozen = sum(one.unfrozen for one in found)
    return f"{counted(len(found), 'open pull request')}: {free} may merge now, {are(unfrozen)} unfrozen."


def rows(
    candidates: Iterable[Candidate],
    stories: Iterable[Story],
    at: Situation,
    now: datetime,
    *,
    pending: frozenset[int] = frozenset(),
    old: bool = False,
    words: str = "",
    airy: bool = False,
) -> Iterator[Row]:
    """The table: what may merge first, then what needs least, then partly merged stories; filtered by `words`.

    `airy`: an empty line between the groups.
    """
    wanted = [one for one in candidates if matches(words, _searched(one))]
    for answer, group in groupby(wanted, key=lambda one: one.verdict.answer):
        members = list(group)
        title = HEADINGS[answer] if at.phase.restricts else "Open"
        if airy and members[0] is not wanted[0]:
            yield gap(f"gap {answer.name}")
        yield heading(f"heading {answer.name}", f"{title} {glyphs.DOT} {len(members)}")
        for one in members:
            kind = RowKind.PENDING if one.pull.number in pending else RowKind.OLD if old else RowKind.PLAIN
            yield Row(str(one.pull.number), cells(one, now, frozen=bool(at.frozen)), kind)
    partly = [story for story in stories if matches(words, f"#{story.number} {story.title}")]
    if partly and at.phase.restricts:
        if airy and wanted:
            yield gap("gap stories")
        yield heading("heading stories", f"Partly merged stories: revert or push {glyphs.DOT} {len(partly)}")
        for story in partly:
            yield Row(f"{STORY_KEY}{story.number}", _story_cells(story), RowKind.OLD if old else RowKind.PLAIN)


def matches(words: str, text: str) -> bool:
    """Whether `text` contains all of `words` (lower case)."""
    folded = text.casefold()
    return all(word in folded for word in words.split())


def _searched(one: Candidate) -> str:
    pull = one.pull
    parts = (f"#{pull.number}", pull.title, pull.author, one.judged.kind.value, *pull.labels, state_word(one, True))
    return " ".join(parts)


def cells(one: Candidate, now: datetime, *, frozen: bool) -> tuple[Content, ...]:
    """One pull request, in the order of `COLUMNS`."""
    pull = one.pull
    title = f"draft: {pull.title}" if pull.draft else pull.title
    return (
        Content.styled(f"#{pull.number}", Tone.OLD),
        Content.styled(title, Tone.OLD) if pull.draft else Content(title),
        kind_words(one),
        Content.styled(short_reason(one), Tone.OLD),
        _signed(CHECK_SIGNS[pull.checks]),
        _signed(REVIEW_SIGNS[pull.review]),
        Content.styled(short_span(now - pull.created), Tone.OLD),
        Content.styled(pull.author, Tone.OLD),
        _state(one, frozen),
    )


def kind_words(one: Candidate) -> Content:
    """The kind, with the sign of what the rule says of it."""
    kind = one.judged.kind
    refused = UNTOLD if kind is Kind.UNKNOWN else REFUSED
    return _signed(ALLOWED if one.verdict.answer is Answer.ALLOWED else refused, kind.value)


def short_reason(one: Candidate) -> str:
    """Why it may or may not merge, for the table."""
    if one.verdict.answer is Answer.NEEDS_APPROVALS:
        return f"{one.verdict.reason.removeprefix('a feature with ')}; {one.judged.reason}"
    return one.judged.reason


def state_word(one: Candidate, frozen: bool) -> str:
    """`unfrozen` or `blocked`; `open` on a branch that is not frozen."""
    return one.pull.block.value if frozen else "open"


def _state(one: Candidate, frozen: bool) -> Content:
    word = state_word(one, frozen)
    return Content.styled(f"{glyphs.DONE} {word}", Tone.DONE) if word == "unfrozen" else Content.styled(word, Tone.OLD)


def _signed(sign: tuple[str, Tone], word: str = "") -> Content:
    glyph, tone = sign
    return Content.assemble((glyph, tone), f" {word}" if word else "")


def _story_cells(story: Story) -> tuple[Content, ...]:
    merged = ", ".join(f"#{number}" for number in story.merged)
    waiting = ", ".join(f"#{number}" for number in story.open)
    why = f"merged {merged}" + (f", open {waiting}" if waiting else "")
    who = Content.styled(", ".join(story.assignees), Tone.OLD)
    number = Content.styled(f"#{story.number}", Tone.OLD)
    kind = Content.assemble((glyphs.ACT, Tone.ACT), " story")
    blank = Content()
    part = Content.styled("partly", Tone.SOON)
    return (number, Content(story.title), kind, Content.styled(why, Tone.OLD), blank, blank, blank, who, part)


def detail(one: Candidate, now: datetime, config: Config, *, frozen: bool) -> Content:
    """Everything about one pull request, most important first."""
    pull = one.pull
    lines = [
        Content.assemble((f"#{pull.number} ", Tone.OLD), (pull.title, "bold")),
        Content(f"{_answer_sentence(one)}"),
        Content.assemble(kind_words(one), (f"  {one.judged.reason}", Tone.OLD)),
    ]
    lines += approval_lines(one, config) if one.verdict.missing or one.approvals else []
    facts = (
        f"CI {pull.checks.value}",
        f"review {pull.review.value}",
        f"by {pull.author}",
        f"{short_span(now - pull.created)} old",
        state_word(one, frozen),
    )
    lines.append(Content.styled(f" {glyphs.DOT} ".join(facts), Tone.OLD))
    if pull.labels:
        lines.append(Content.styled("Labels: " + ", ".join(sorted(pull.labels)), Tone.OLD))
    if pull.issues:
        listed = ", ".join(f"{'closes ' if issue.closing else ''}#{issue.number}" for issue in pull.issues[:6])
        lines.append(Content.styled("Issues: " + listed, Tone.OLD))
    if pull.paths:
        more = f" and {len(pull.paths) - 4} more" if len(pull.paths) > 4 else ""
        lines.append(Content.styled("Files: " + ", ".join(pull.paths[:4]) + more, Tone.OLD))
    return Content("\n").join(lines)


def _answer_sentence(one: Candidate) -> str:
    answer, reason = one.verdict.answer, one.verdict.reason
    return f"{answer.value[0].upper()}{answer.value[1:]}: {reason}."


def approval_lines(one: Candidate, config: Config) -> list[Content]:
    """Who has approved the exception, and whose word is missing."""
    given = {approval.role: approval for approval in one.approvals}
    people = who_approves(one.group, config)
    lines = []
    for role in Role:
        if role in given:
            approval = given[role]
            lines.append(_signed((glyphs.DONE, Tone.DONE), f"{role.value}: {approval.by} ({approval.how})"))
        elif role in one.verdict.missing:
            known = f" ({people[role]})" if people[role] else ""
            lines.append(_signed((glyphs.COMING, Tone.SOON), f"{role.value}{known}: not yet"))
    return lines


def story_detail(story: Story) -> Content:
    """Everything about one partly merged story."""
    listed = ", ".join(f"#{number}" for number in story.merged)
    waiting = ", ".join(f"#{number}" for number in story.open) or "none"
    return Content("\n").join(
        [
            Content.assemble((f"#{story.number} ", Tone.OLD), (story.title, "bold")),
            Content("Only partly merged when the freeze began: it has to be reverted or pushed to the next release."),
            Content.styled(f"Merged: {listed} {glyphs.DOT} still open: {waiting}", Tone.OLD),
            Content.styled("Assigned to: " + (", ".join(story.assignees) or "nobody"), Tone.OLD),
        ]
    )


def freeze_warning(branch: BranchState, at: Situation, unfrozen: int) -> tuple[Content, ...]:
    """What freezing the branch, or lifting its freeze, means now."""
    tones = {Weight.PLAIN: "", Weight.WARNING: Tone.ACT, Weight.ASIDE: Tone.OLD}
    return tuple(Content.styled(words, tones[weight]) for words, weight in consequences(branch, at, unfrozen))
