"""From a body to its checklist: `read`. Never raises, and takes time in proportion to the body's length."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from fleet_tui.domain.checklist.draft import Draft, place_references
from fleet_tui.domain.checklist.grid import Table
from fleet_tui.domain.checklist.identity import ItemId, NoteId, Span, Verdict
from fleet_tui.domain.checklist.markup import Heading, page
from fleet_tui.domain.checklist.model import Checklist, Field, Item, Note, NotUnderstood
from fleet_tui.domain.checklist.notes import TASK_SPELLING, field, note_title, task
from fleet_tui.domain.checklist.rows import Nameless, TestRow, is_test, rows, untested_text
from fleet_tui.domain.checklist.tables import tables
from fleet_tui.domain.checklist.verdicts import UNTESTED_TEXT, judge, spelling
from fleet_tui.domain.checklist.words import is_part, is_placeholder, key, one_line, title
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
        self.puzzles.append(NotUnderstood(self._page.line(offset), clean(text, 100), why))

    def _lines(self, start: int, end: int, headings: dict[int, Heading]) -> None:
        for found in LINE.finditer(self._page.visible, start, end):
            if found.start() in headings:
                self._heading(headings[found.start()])
            elif found[0].strip():
                self._line(found[0].rstrip("\r\n"), found.start())

    def _heading(self, heading: Heading) -> None:
        self._end_note(heading.start)
        self._in_notes = key(heading.text) == NOTES
        if self._in_notes:
            self._note = ("", heading.start, heading.end)
        elif not is_part(heading.text):
            self.drafts.append(Draft(title(heading.text), heading.level, key(heading.text)))

    def _line(self, line: str, start: int) -> None:
        if self._in_notes:
            if titled := note_title(line):
                self._end_note(start, titled=True)
                self._note = (titled[0], start, start + titled[1])
        elif done := task(line):
            self._add(done.name, done.verdict, _moved(done.span, start), start)
        elif filled := field(line):
            name, value, span = filled
            place = _moved(span, start)
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
        known = (draft.key, key(name))
        identity = NoteId(*known, self._note_count[known])
        self._note_count[known] += 1
        shown = text.replace("\r\n", "\n")
        draft.notes.append(Note(identity, title(name), shown, (at, at + len(text)), self._page.line(line)))

    def _table(self, table: Table) -> None:
        for start, end in table.stray:
            self._puzzle(start + 1, self._page.visible[start:end], "This text stands in a table, but in no cell.")
        found = list(rows(table, self._page))
        tests = [row for row in found if isinstance(row, TestRow)]
        untested = untested_text(tests, self._page)
        for row in found:
            if isinstance(row, Nameless):
                self._puzzle(row.start, row.text, "This row has no test name.")
            elif is_test(row):
                self._row(row, untested)

    def _row(self, row: TestRow, untested: str) -> None:
        if row.verdict is not None:
            self._judged_row(row, untested, row.verdict.start, row.verdict.end)
        elif row.columns.verdict is None:
            self.drafts[-1].references.append((row, self._page.line(row.start)))
        else:
            self._puzzle(
                row.start, row.name, "The row is malformed: it has no cell for the verdict, which cannot be set."
            )
            self._add(row.name, Verdict.OTHER, None, row.start, row)

    def _judged_row(self, row: TestRow, untested: str, start: int, end: int) -> None:
        text = self._page.uncommented[start:end]
        judged = judge(text)
        # A cell is emptied only when nothing would tell where in it the verdict stood.
        is_tight = not row.is_short and judged.span == (0, len(text))
        texts = spelling(judged.box, untested if untested or is_tight else UNTESTED_TEXT)
        remark = one_line(text[judged.span[1] :])
        self._add(row.name, judged.verdict, _moved(judged.span, start), row.start, row)
        items = self.drafts[-1].items
        items[-1] = replace(items[-1], spelling=texts, remark=remark)

    def _add(self, name: str, verdict: Verdict, span: Span | None, start: int, row: TestRow | None = None) -> None:
        draft = self.drafts[-1]
        known = (draft.key, key(name))
        if not known[1] or is_placeholder(name):
            return
        identity = ItemId(*known, self._item_count[known])
        self._item_count[known] += 1
        text = self._page.body[slice(*span)] if span else ""
        line = self._page.line(start)
        steps, expected = (row.steps, row.expected) if row else ("", "")
        draft.items.append(
            Item(identity, one_line(name), draft.title, steps, expected, verdict, text, span, line, TASK_SPELLING)
        )


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
