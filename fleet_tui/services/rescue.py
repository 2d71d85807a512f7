"""What can still be read of a damaged state file: verdicts and notes that may not have been sent, begun conclusions.

All else in it is read anew, or is no loss. It is read from a copy, so that what was put aside stays as it was found.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from fleet_tui.domain.qa import State
from fleet_tui.services import conclusion_journal, outbox

Row = tuple[Any, ...]


class Table(NamedTuple):
    """The rows of a table that can be read and make sense."""

    rows: list[Row]
    whole: bool
    """Whether these are all."""


STATE = 8
"""The column of the outbox with the state of a change."""
SENSE: dict[str, Callable[[Row], object]] = {
    "outbox": lambda row: outbox.read_row((row[0], *row[3:])),
    "conclusions": lambda row: datetime.fromisoformat(row[3]),
    "conclusion_steps": lambda row: conclusion_journal.read_row(row[2:]),
}
"""What is taken over, and how a row is read: by a `ValueError` or `TypeError` it tells that it makes no sense."""


def rescue(damaged: Path, into: sqlite3.Connection) -> str:
    """Take over what the file that was put aside can still tell; what to say of it, empty when nothing waited in it."""
    look = f"check those that you set last, or look in {damaged}."
    try:
        with _copy(damaged) as db:
            tables = {table: _rows(db, table) for table in SENSE}
        _take_over(tables, into)
    except (sqlite3.Error, OSError):
        return f"Verdicts in it that were not sent yet cannot be read: {look}"
    unsent = sum(row[STATE] != State.CONFIRMED.value for row in tables["outbox"].rows)
    count = "1 verdict or note that was" if unsent == 1 else f"{unsent} verdicts and notes that were"
    saved = f"The {count} not sent yet could be read and will be sent." if unsent else ""
    lost = "" if tables["outbox"].whole else f"Not all verdicts in it can be read: {look}"
    begun = "How far a milestone's conclusion has come cannot be read: look before you begin it anew."
    return " ".join(filter(None, (saved, lost, "" if _are_steps_whole(tables) else begun)))


def _take_over(tables: Mapping[str, Table], into: sqlite3.Connection) -> None:
    with into:
        for statement in (outbox.SCHEMA, *conclusion_journal.SCHEMA):
            into.execute(statement)
        for name, (rows, _) in tables.items():
            if rows and (name == "outbox" or _are_steps_whole(tables)):
                marks = ", ".join("?" * len(rows[0]))
                into.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({marks})", rows)


def _are_steps_whole(tables: Mapping[str, Table]) -> bool:
    """With a step missing, a conclusion would seem to be done."""
    return tables["conclusions"].whole and tables["conclusion_steps"].whole


@contextmanager
def _copy(damaged: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it, with what SQLite keeps beside it: the last writes may stand there alone."""
    with TemporaryDirectory(dir=damaged.parent, prefix=".reading-") as folder:
        for end in ("", "-wal"):
            if (part := damaged.with_name(damaged.name + end)).exists():
                shutil.copyfile(part, Path(folder) / f"copy{end}")
        with closing(sqlite3.connect(Path(folder) / "copy")) as db:
            yield db


def _rows(db: sqlite3.Connection, table: str) -> Table:
    """From both ends, up to the damage."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall():
        return Table([], True)
    found: dict[int, Row] = {}
    whole = True
    for order in ("ASC", "DESC"):
        try:
            for id_, *row in db.execute(f"SELECT rowid, * FROM {table} NOT INDEXED ORDER BY rowid {order}"):
                if _makes_sense(table, tuple(row)):
                    found[id_] = tuple(row)
                else:
                    whole = False
        except sqlite3.DatabaseError:
            whole = False
    return Table([found[id_] for id_ in sorted(found)], whole)


def _makes_sense(table: str, row: Row) -> bool:
    try:
        SENSE[table](row)
    except (ValueError, TypeError):
        return False
    return True
