"""What the rows of a table say: which column is which, and which cell holds the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from fleet_tui.domain.checklist.grid import Cell, Row, Table
from fleet_tui.domain.checklist.identity import Verdict
from fleet_tui.domain.checklist.markup import Page
from fleet_tui.domain.checklist.verdicts import judge
from fleet_tui.domain.checklist.words import key, paragraphs

NAME_TITLES = frozenset({"test name", "test", "tests", "test case", "name"})
VERDICT_TITLES = frozenset({"verdict", "status", "result", "results", "outcome", "pass", "passed", "pass?"})


class Columns(Struct, frozen=True):
    """Where a row has what; None for what the header does not name."""

    name: int = 0
    steps: int | None = 1
    expected: int | None = 2
    verdict: int | None = 3
    of_tests: bool = False
    """Whether a header says that these are tests."""


class TestRow(Struct, frozen=True):
    """A row that names a test."""

    __test__ = False  # no test class for pytest

    start: int
    name: str
    """As it stands in the cell, without comments."""
    steps: str
    """Markdown, safe to show, as is `expected`."""
    expected: str
    columns: Columns
    verdict: Cell | None
    is_short: bool
    """Whether cells are missing, so that the verdict was found by its text alone."""


class Nameless(Struct, frozen=True):
    """A row that holds something, but no name."""

    start: int
    text: str


def rows(table: Table, page: Page) -> Iterator[TestRow | Nameless]:
    """The rows that matter: no headers, no empty rows; placeholders are among them, for their untested text."""
    columns = Columns()
    for row in table.rows:
        texts = [page.uncommented[cell.start : cell.end] for cell in row.cells]
        if _is_header(row, texts):
            columns = _columns(texts)
        elif any(text.strip() for text in texts):
            yield _row(row, texts, columns)


def _is_header(row: Row, texts: list[str]) -> bool:
    titles = sum(cell.is_title for cell in row.cells[:2])
    return titles == 2 or (len(texts) > 1 and key(texts[0]) in NAME_TITLES and _verdict_or_steps(texts[1:]))


def _verdict_or_steps(texts: list[str]) -> bool:
    return any("step" in key(text) or "expected" in key(text) for text in texts)


def _columns(texts: list[str]) -> Columns:
    titles = [key(text) for text in texts]

    def where(*words: str) -> int | None:
        return next((at for at, title in enumerate(titles) if any(word in title for word in words)), None)

    name = next((at for at, title in enumerate(titles) if title in NAME_TITLES), None)
    usual = VERDICT_TITLES if name is not None else frozenset[str]()
    verdict = next((at for at, title in enumerate(titles) if title in usual or _is_choice(title)), None)
    return Columns(name or 0, where("step", "instruction"), where("expected"), verdict, name is not None)


def _is_choice(title: str) -> bool:
    return bool(title) and judge(title).verdict is Verdict.UNTESTED


def _row(row: Row, texts: list[str], columns: Columns) -> TestRow | Nameless:
    name = texts[columns.name] if columns.name < len(texts) else ""
    if not key(name):
        return Nameless(row.start, " ".join(text.strip() for text in texts))
    verdict, is_short = _verdict(texts, columns)

    def text(at: int | None) -> str:
        return paragraphs(texts[at]) if at is not None and at < len(texts) and at != verdict else ""

    cell = row.cells[verdict] if verdict is not None else None
    return TestRow(row.start, name, text(columns.steps), text(columns.expected), columns, cell, is_short)


def _verdict(texts: list[str], columns: Columns) -> tuple[int | None, bool]:
    if columns.verdict is not None and columns.verdict < len(texts):
        return columns.verdict, False
    last = len(texts) - 1
    if last > columns.name and texts[last].strip() and judge(texts[last]).verdict is not Verdict.OTHER:
        return last, True
    return None, True
