"""From a body to its checklist: `read`. Never raises, and takes time in proportion to the body's length."""

from __future__ import annotations

import re
from collections import Counter

from fleet_tui.domain.checklist.draft import Draft, place_references
from fleet_tui.domain.checklist.grid import Table
from fleet_tui.domain.checklist.identity import ItemId, NoteId
from fleet_tui.domain.checklist.markup import Heading, page
from fleet_tui.domain.checklist.model import Checklist, Field, Item, Note, NotUnderstood
from fleet_tui.domain.checklist.notes import field, note_title, task
from fleet_tui.domain.checklist.places import Place, of_row, of_task, untested_text
from fleet_tui.domain.checklist.rows import Nameless, TestRow, rows
from fleet_tui.domain.checklist.tables import tables
from fleet_tui.domain.checklist.words import PARTS, is_placeholder, key, one_line, title
from fleet_tui.domain.text import clean

NOTES = "notes"
LINE = re.compile(r"[^\n]*\n?")
PIPE_ROW = re.compile(r"[ \t]*\|.*pass[ \t]{0,9}/[ \t]{0,9}fail", re.IGNORECASE)


def read(body: str) -> Checklist:
    """The tests, notes and fields of `body`, and what looks as if it were one and could not be placed."""
    reader = _Reader(body)
    reader.run()
    reader.puzzles.sort(key=lambda puzzle: puzzle.line)
    return Checklist(tuple(draft.section for draft in reader.drafts if draft.holds_something), tuple(reader.puzzles))


class _Reader:
    def __init__(self, body: str) -> None:
        self.drafts = [Draft("", 0, "")]
        self.puzzles: list[NotUnderstood] = []
        self._page = page(body)
        self._item_count: Counter[tuple[str, str]] = Counter()
        self._note_count: Counter[tuple[str, str]] = Counter()
        self._in_notes = False
        self._note: tuple[str, int, int] | None = None  # title, where the line begins, where its text begins

    def run(self) -> None:
        for offset, why in self._page.unclosed:
            self._puzzle(offset, self._page.body[offset : offset + 200], why)
        headings = {heading.start: heading for heading in self._page.headings}
        end = len(self._page.body)
        at = 0
        for table in tables(self._page):
            self._lines(at, table.start, headings)
            self._end_note(table.start)
            self._table(table)
            at = table.end
        self._lines(at, end, headings)
        self._end_note(end)
        for draft in self.drafts:
            self.puzzles += place_references(draft)

    def _puzzle(self, offset: int, text: str, why: str) -> None:
        offset += len(text) - len(text.lstrip())
        self.puzzles.append(NotUnderstood(self._page.line(offset), clean(text, 100), why))

    def _lines(self, start: int, end: int, headings: dict[int, Heading]) -> None:
        for found in LINE.finditer(self._page.visible, start, end):
            if found.start() in headings:
                self._heading(headings[found.start()])
            elif found[0].strip():
                self._line(found[0].rstrip("\r\n"), found.start())

    def _heading(self, heading: Heading) -> None:
        self._end_note(heading.start)
        shown = title(heading.text)
        known = shown.casefold()
        self._in_notes = known == NOTES
        if self._in_notes:
            self._note = ("", heading.start, heading.end)
        elif known not in PARTS:
            self.drafts.append(Draft(shown, heading.level, known))

    def _line(self, line: str, start: int) -> None:
        if self._in_notes:
            if titled := note_title(line):
                self._end_note(start, titled=True)
                self._note = (titled[0], start, start + titled[1])
        elif done := task(line):
            self._add(done.name, start, of_task(done, start))
        elif filled := field(line):
            name, value, span = filled
            place = (start + span[0], start + span[1])
            self.drafts[-1].fields.append(Field(title(name), clean(value), place, self._page.line(start)))
        elif PIPE_ROW.match(line):
            self._puzzle(start, line, "A row of a Markdown table: only HTML tables and tick boxes are read.")

    def _end_note(self, end: int, *, titled: bool = False) -> None:
        """The open note ends; one without title and text is dropped when titles follow, else it is where to write."""
        if self._note is None:
            return
        name, line, start = self._note
        self._note = None
        raw = self._page.body[start:end]
        text = raw.strip()
        if titled and not name and not text:
            return
        at = start + len(raw) - len(raw.lstrip()) if text else start + len(raw) - len(raw.lstrip(" \t"))
        draft = self.drafts[-1]
        shown_title = title(name)
        known = (draft.key, shown_title.casefold())
        identity = NoteId(*known, self._note_count[known])
        self._note_count[known] += 1
        place = (at, at + len(text))
        draft.notes.append(Note(identity, shown_title, text.replace("\r\n", "\n"), place, self._page.line(line)))

    def _table(self, table: Table) -> None:
        for start, end in table.stray:
            self._puzzle(start, self._page.visible[start:end], "This text stands in a table, but in no cell.")
        found = list(rows(table, self._page))
        tests = [row for row in found if isinstance(row, TestRow)]
        untested = untested_text(tests, self._page)
        has_verdicts = any(row.verdict is not None for row in tests)
        for row in found:
            if isinstance(row, Nameless):
                self._puzzle(row.start, row.text, "This row has no test name.")
            elif has_verdicts or (row.columns.of_tests and row.columns.verdict is not None):
                self._add(row.name, row.start, of_row(row, self._page, untested), row)
            elif not is_placeholder(row.name):
                self.drafts[-1].references.append((row, self._page.line(row.start)))

    def _add(self, name: str, start: int, place: Place, row: TestRow | None = None) -> None:
        draft = self.drafts[-1]
        known = (draft.key, key(name))
        if not known[1] or is_placeholder(name):
            return
        if place.span is None:
            self._puzzle(start, name, "The row is malformed: it has no cell for the verdict, which cannot be set.")
        item = Item(
            id=ItemId(*known, self._item_count[known]),
            name=one_line(name),
            section=draft.title,
            steps=row.steps if row else "",
            expected=row.expected if row else "",
            verdict=place.verdict,
            verdict_text=self._page.body[slice(*place.span)] if place.span else "",
            span=place.span,
            line=self._page.line(start),
            spelling=place.spelling,
            remark=place.remark,
        )
        self._item_count[known] += 1
        draft.items.append(item)
