"""What a release QA issue's body holds: sections, tests with their verdicts, notes and version fields."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from fleet_tui.domain.checklist.identity import ItemId, NoteId, Span, Spelling, Verdict
from fleet_tui.domain.text import clean, clean_lines


class Item(Struct, frozen=True):
    """One test. Name, steps, expected result and remark are made safe to show; nothing is written from them."""

    id: ItemId
    name: str
    """Markdown on one line."""
    section: str
    """The section's title as shown."""
    steps: str
    """Markdown, as is `expected`."""
    expected: str
    verdict: Verdict
    verdict_text: str
    """The characters at `span` as they are, control characters included: to be put back, not to be shown."""
    span: Span | None
    """Where the verdict stands; None when the row has no place for one, so that it cannot be set."""
    line: int
    """The first line, counted from 1."""
    spelling: Spelling
    remark: str = ""
    """What else stands beside the verdict: `see #123`."""

    @property
    def shown_verdict(self) -> str:
        """Verdict and remark as people wrote them, on one line and safe to show."""
        return clean(f"{self.verdict_text} {self.remark}")


class Note(Struct, frozen=True):
    """Free text under a title such as "What has not been tested:"."""

    id: NoteId
    title: str
    """Safe to show, without the colon; empty for text that stands under the heading itself."""
    text: str
    """As it is, but for line ends, which are `\\n`: to be edited."""
    span: Span
    """Where the text stands, without the blanks and line ends around it; empty where it would be put."""
    line: int

    @property
    def shown(self) -> str:
        """The text, safe to show."""
        return clean_lines(self.text)


class Field(Struct, frozen=True):
    """A value to fill in, such as "**Fleet version** (a hint): 4.45.0". Title and value are safe to show."""

    title: str
    value: str
    span: Span
    """Where the value stands; empty, at the end of the line, where it would be put."""
    line: int


class NotUnderstood(Struct, frozen=True):
    """Something that looks as if it mattered and could not be placed."""

    line: int
    text: str
    """Its beginning, safe to show."""
    why: str


class Progress(Struct, frozen=True):
    """How many tests have which verdict."""

    total: int
    passed: int
    failed: int
    untested: int
    other: int

    @property
    def tested(self) -> int:
        """Those with a verdict, whatever it is."""
        return self.total - self.untested


def count(items: tuple[Item, ...]) -> Progress:
    """The figures of `items`."""
    of = Counter(item.verdict for item in items)
    return Progress(len(items), of[Verdict.PASS], of[Verdict.FAIL], of[Verdict.UNTESTED], of[Verdict.OTHER])


class Section(Struct, frozen=True):
    """A heading with what stands under it. Headings such as "Prerequisites" and "Notes" belong to the one above."""

    title: str
    """Safe to show, without markup and final colon; empty above the first heading."""
    level: int
    """1 to 6; 0 above the first heading."""
    items: tuple[Item, ...] = ()
    notes: tuple[Note, ...] = ()
    fields: tuple[Field, ...] = ()


class Checklist(Struct, frozen=True):
    """A body, read. Sections that hold nothing are left out."""

    sections: tuple[Section, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All tests, from top to bottom."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, from top to bottom."""
        return tuple(note for section in self.sections for note in section.notes)

    @property
    def by_section(self) -> dict[str, tuple[Item, ...]]:
        """The tests of each section that has any, by title; sections of one title are taken together."""
        found: dict[str, tuple[Item, ...]] = {}
        for section in self.sections:
            if section.items:
                found[section.title] = found.get(section.title, ()) + section.items
        return found

    def progress(self, section: Section | None = None) -> Progress:
        """The figures of one section, or of all."""
        return count(section.items if section else self.items)

    def find(self, wanted: ItemId) -> Item | None:
        """The test `wanted`; None when it is not in this body."""
        return next((item for item in self.items if item.id == wanted), None)

    def find_note(self, wanted: NoteId) -> Note | None:
        """The note `wanted`; None when it is not in this body."""
        return next((note for note in self.notes if note.id == wanted), None)
