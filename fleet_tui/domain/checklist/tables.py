"""HTML tables as people leave them: rows and cells from whatever tags are there.

A browser's rules, and some more: a row that is full ends where the next cell begins; text before a lone `</td>` is a
cell; a table that was never closed ends before a heading, unless its open cell goes on after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from fleet_tui.domain.checklist.grid import Cell, Row, Table
from fleet_tui.domain.checklist.markup import Heading, Page

TAG = re.compile(r"<(?P<close>/?)(?P<name>table|tr|td|th)\b[^<>]*>", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def tables(page: Page) -> list[Table]:
    """The tables of `page` from top to bottom; none overlaps another."""
    scanner = _Scanner(page)
    for tag in TAG.finditer(page.visible):
        before, after = page.visible[max(tag.start() - 1, 0) : tag.start()], page.visible[tag.end() : tag.end() + 1]
        if not before == after == "`":  # `<td>` is an example
            scanner.tag(tag["name"].lower(), closes=bool(tag["close"]), start=tag.start(), end=tag.end())
    scanner.leave(len(page.visible))
    return scanner.found


class _Scanner:
    def __init__(self, page: Page) -> None:
        self.found: list[Table] = []
        self._text = page.visible
        self._headings: tuple[Heading, ...] = page.headings
        self._table: Table | None = None
        self._inner = 0  # tables within the open cell
        self._cells: list[Cell] = []
        self._cell: tuple[int, bool] | None = None
        self._row_start = 0
        self._last = 0  # the end of the last tag that counted

    def tag(self, name: str, *, closes: bool, start: int, end: int) -> None:
        if self._cell is None and self._heading_before(start) is not None:
            self.leave(start)
        if name == "table":
            self._table_tag(closes, start, end)
        elif not self._inner:
            if self._table is None and not closes:
                self._begin(start, start)
            if self._table is not None:
                self._row_tag(self._table, name, closes, start)
        self._last = end

    def leave(self, at: int) -> None:
        """The open table, if any, ends at `at` or at a heading before; if its last row is whole, right after it."""
        if self._table is None:
            return
        heading = self._heading_before(at)
        open_cell = self._cell is not None or self._inner
        self._end(self._last if not open_cell else at if heading is None else heading)

    def _table_tag(self, closes: bool, start: int, end: int) -> None:
        if self._table is None:
            if not closes:
                self._begin(start, end)
        elif not closes and (self._heading_before(start) is not None or self._cell is None):
            self.leave(start)
            self._begin(start, end)
        elif not closes:
            self._inner += 1
        elif self._inner:
            self._inner -= 1
        else:
            self._stray(self._table, start)
            self._end(start)
            self.found[-1].end = end

    def _row_tag(self, table: Table, name: str, closes: bool, start: int) -> None:
        if name == "tr":
            self._stray(table, start)
            self._end_row(start)
            self._row_start = start
        elif not closes:
            self._stray(table, start)
            self._end_cell(start)
            if table.width is not None and len(self._cells) >= table.width:
                self._end_row(start)
            self._row_start = self._row_start if self._cells else start
            self._cell = (self._text.index(">", start) + 1, name == "th")
        elif self._cell is not None:
            self._end_cell(start)
        elif self._is_text(self._last, start):
            self._row_start = self._row_start if self._cells else self._last
            self._cell = (self._last, name == "th")
            self._end_cell(start)

    def _begin(self, start: int, inside: int) -> None:
        self._table = Table(start)
        self._last = inside

    def _end(self, at: int) -> None:
        if self._table is not None:
            self._end_row(at)
            self._table.end = at
            self.found.append(self._table)
        self._table, self._inner = None, 0

    def _end_row(self, at: int) -> None:
        self._end_cell(at)
        if self._cells and self._table is not None:
            self._table.rows.append(Row(self._row_start, tuple(self._cells)))
        self._cells = []

    def _end_cell(self, at: int) -> None:
        if self._cell is not None:
            self._cells.append(Cell(self._cell[0], at, self._cell[1]))
        self._cell = None

    def _stray(self, table: Table, at: int) -> None:
        if self._cell is None and self._is_text(self._last, at):
            table.stray.append((self._last, at))

    def _is_text(self, start: int, end: int) -> bool:
        return bool(ANY_TAG.sub("", self._text[start:end]).strip())

    def _heading_before(self, at: int) -> int | None:
        """The first heading between the last tag and `at`."""
        index = bisect_left(self._headings, self._last, key=lambda heading: heading.start)
        return self._headings[index].start if index < len(self._headings) and self._headings[index].start < at else None
