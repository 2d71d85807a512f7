"""How the release QA checklist looks. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from textual.content import Content

from fleet_tui.domain.checklist import Item, NotUnderstood, Verdict
from fleet_tui.domain.qa_lines import Line, progress
from fleet_tui.domain.spans import until
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.bar import bar
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Kind, Row, gap, heading

COLUMNS = (
    Column("verdict", "", 1),
    Column("name", "Test", 16, flex=True),
    Column("state", "", 9, drop_below=38),
    Column("who", "", 14, drop_below=48),
)
VERDICTS = {
    Verdict.PASS: (glyphs.DONE, Tone.DONE),
    Verdict.FAIL: (glyphs.FAILED, Tone.ACT),
    Verdict.UNTESTED: (glyphs.DOT, Tone.OLD),
    Verdict.OTHER: (glyphs.UNKNOWN, Tone.SOON),
}
BAR_WIDTH = 20


def headline(title: str, number: int, lines: Collection[Line], width: int) -> Content:
    """Title, bar, and how many tests have a verdict."""
    figures = progress(lines)
    done = figures.tested
    parts = [(title, "bold"), (f" #{number}", str(Tone.OLD)), ("   ", "")]
    failed = Content.styled(f" {glyphs.DOT} {figures.failed} failed", Tone.ACT) if figures.failed else Content()
    words = Content(f"  {done} of {figures.total} tested")
    strip = bar(done - figures.failed, figures.failed, figures.total, BAR_WIDTH if width >= 90 else 10)
    return Content.assemble(*parts) + strip + words + failed


def groups_line(lines: Iterable[Line], groups: Iterable[str], ready: Mapping[str, str]) -> Content:
    """Each group: how far it is, and whether its lead has said that it is ready."""
    found = tuple(lines)
    parts: list[Content] = []
    for label in groups:
        of_group = [line for line in found if line.group == label]
        if not of_group:
            continue
        figures = progress(of_group)
        tested = f"{label} {figures.tested}/{figures.total}"
        if label in ready:
            parts.append(Content.styled(f"{glyphs.DONE} {tested} ready ({ready[label]})", Tone.DONE))
        elif figures.failed:
            parts.append(Content.assemble((f"{glyphs.FAILED} ", Tone.ACT), tested, f", {figures.failed} failed"))
        else:
            parts.append(Content.assemble((f"{glyphs.COMING} ", Tone.OLD), tested))
    return Content("   ").join(parts)


def rows(lines: Iterable[Line], *, fails_first: bool, words: str, airy: bool) -> Iterator[Row]:
    """The tests by section; filtered by `words` (lower case); failed ones and conflicts first on request."""
    wanted = [line for line in lines if _matches(words, line)]
    if fails_first:
        first = [line for line in wanted if line.verdict is Verdict.FAIL or line.is_conflict]
        yield from _group("Failed first", first, airy=False)
        wanted = [line for line in wanted if line not in first]
        airy = airy and bool(first)
    sections = dict.fromkeys(line.item.section for line in wanted)
    for index, section in enumerate(sections):
        members = [line for line in wanted if line.item.section == section]
        yield from _group(section, members, airy=airy and (index > 0 or fails_first))


def _group(title: str, lines: list[Line], *, airy: bool) -> Iterator[Row]:
    if not lines:
        return
    if airy:
        yield gap(f"gap {title}")
    figures = progress(lines)
    yield heading(f"heading {title}", f"{title} {glyphs.DOT} {figures.tested}/{figures.total}")
    yield from (Row(key_of(line.item), _cells(line), _kind(line)) for line in lines)


def key_of(item: Item) -> str:
    """The row's key."""
    return "\x1f".join((item.id.section, item.id.name, str(item.id.occurrence)))


def _kind(line: Line) -> Kind:
    return Kind.PENDING if line.is_sending else Kind.PLAIN


def _cells(line: Line) -> tuple[Content, ...]:
    sign, tone = VERDICTS[line.verdict]
    state = Content.styled(line.state, Tone.ACT if line.is_conflict else Tone.OLD)
    if line.verdict is Verdict.OTHER and not line.state:
        state = Content.styled(line.item.shown_verdict, Tone.SOON)
    return (Content.styled(sign, tone), Content(plain(line.item.name)), state, Content.styled(line.who, Tone.OLD))


def plain(name: str) -> str:
    """A test's name without the marks of Markdown."""
    return name.replace("`", "").replace("**", "")


def _matches(words: str, line: Line) -> bool:
    text = f"{line.item.name} {line.item.section} {line.group} {line.verdict.value} {line.who} {line.state}".casefold()
    return all(word in text for word in words.split())


def facts(line: Line, now: datetime) -> Content:
    """Name, verdict, who and when; a conflict in words."""
    sign, tone = VERDICTS[line.verdict]
    word = line.item.shown_verdict if line.verdict is Verdict.OTHER else line.verdict.value
    lines = [
        Content.styled(plain(line.item.name), "bold"),
        Content.assemble((f"{sign} {word}", tone), (_by(line, now), Tone.OLD)),
    ]
    if line.item.remark and line.verdict is not Verdict.OTHER:
        lines.append(Content.styled(line.item.shown_verdict, Tone.OLD))
    if line.explanation:
        lines.append(Content.styled(f"{glyphs.ACT} {line.explanation}", Tone.ACT if line.is_conflict else Tone.SOON))
    if line.group:
        lines.append(Content.styled(line.group, Tone.OLD))
    return Content("\n").join(lines)


def _by(line: Line, now: datetime) -> str:
    who = f" by {line.who}" if line.who else ""
    when = f", {until(line.at, now)}" if line.at else ""
    state = f" {glyphs.DOT} {line.state}" if line.state and not line.is_conflict else ""
    return f"{who}{when}{state}"


def instructions(item: Item) -> str:
    """Steps and expected result as one Markdown text."""
    parts = [f"**Steps**\n\n{item.steps}"] if item.steps else []
    parts += [f"**Expected**\n\n{item.expected}"] if item.expected else []
    return "\n\n".join(parts) or "*No steps are written down for this test.*"


def not_understood(places: Iterable[NotUnderstood]) -> Iterator[Row]:
    """What the body holds that could not be placed, as rows below the tests."""
    found = tuple(places)
    if not found:
        return
    yield gap("gap not understood")
    yield heading("heading not understood", f"Not understood {glyphs.DOT} {len(found)}")
    sign = Content.styled(glyphs.ACT, Tone.SOON)
    for one in found:
        where = Content.styled(f"line {one.line}", Tone.OLD)
        yield Row(place_key(one), (sign, Content(one.text), where, Content()))


def place_key(place: NotUnderstood) -> str:
    """The row's key."""
    return f"line {place.line} {place.text}"


def place_facts(place: NotUnderstood) -> Content:
    """Why a line was not understood."""
    lines = [
        Content.styled(f"Line {place.line} was not understood", "bold"),
        Content(place.text),
        Content.styled(f"{place.why}. It stays as it is; look at the issue itself.", Tone.SOON),
    ]
    return Content("\n").join(lines)
