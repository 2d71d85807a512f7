"""Where verdicts stand: what is there, and what may be written instead."""

from __future__ import annotations

from msgspec import Struct

from fleet_tui.domain.checklist.identity import Span, Spelling, Verdict
from fleet_tui.domain.checklist.markup import Page
from fleet_tui.domain.checklist.notes import TASK_SPELLING, Task
from fleet_tui.domain.checklist.rows import TestRow
from fleet_tui.domain.checklist.verdicts import UNTESTED_TEXT, judge, spelling
from fleet_tui.domain.checklist.words import one_line


class Place(Struct, frozen=True):
    """The place of one verdict in the body."""

    verdict: Verdict
    span: Span | None
    spelling: Spelling
    remark: str = ""


NOWHERE = Place(Verdict.OTHER, None, spelling(None))


def of_task(task: Task, line_start: int) -> Place:
    """The place of a tick box."""
    return Place(task.verdict, _moved(task.span, line_start), TASK_SPELLING)


def of_row(row: TestRow, page: Page, untested: str) -> Place:
    """The place in a row's verdict cell; `untested` is what such a cell holds before a verdict."""
    if row.verdict is None:
        return NOWHERE
    text = page.uncommented[row.verdict.start : row.verdict.end]
    judged = judge(text)
    # A cell is emptied only when nothing would tell where in it the verdict stood.
    may_be_empty = not row.is_short and judged.span == (0, len(text))
    texts = spelling(judged.box, untested if untested or may_be_empty else UNTESTED_TEXT)
    return Place(judged.verdict, _moved(judged.span, row.verdict.start), texts, one_line(text[judged.span[1] :]))


def untested_text(rows: list[TestRow], page: Page) -> str:
    """What stands in a verdict cell of this table before a verdict: by the first untested row, else `pass/fail`."""
    for row in rows:
        if row.verdict is not None and not row.is_short:
            text = page.uncommented[row.verdict.start : row.verdict.end]
            judged = judge(text)
            if judged.verdict is Verdict.UNTESTED and judged.box is None:
                return text[slice(*judged.span)]
    return UNTESTED_TEXT


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
