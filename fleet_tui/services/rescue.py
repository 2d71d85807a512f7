"""What can still be read of a damaged state file: verdicts and notes, which may not have been sent yet.

All else in it is read anew, or is no loss. It is read from a copy, so that what was put aside stays as it was found.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fleet_tui.domain.qa import State
from fleet_tui.services.outbox import SCHEMA, read_row

Row = tuple[Any, ...]
COLUMNS = "id, owner, repository, issue, kind, section, name, occurrence, state, value"
STATE = COLUMNS.split(", ").index("state")


def rescue(damaged: Path, into: sqlite3.Connection) -> str:
    """Take over the outbox of the file that was put aside; what to tell of it, empty when nothing waited in it."""
    look = f"check those that you set last, or look in {damaged}."
    try:
        with _copy(damaged) as db:
            rows, whole = _rows(db)
        with into:
            into.execute(SCHEMA)
            into.executemany("INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    except (sqlite3.Error, OSError):
        return f"Verdicts in it that were not sent yet cannot be read: {look}"
    unsent = sum(row[STATE] != State.CONFIRMED.value for row in rows)
    count = "1 verdict or note that was" if unsent == 1 else f"{unsent} verdicts and notes that were"
    saved = f"The {count} not sent yet could be read and will be sent." if unsent else ""
    lost = "" if whole else f"Not all verdicts in it can be read: {look}"
    return " ".join(filter(None, (saved, lost)))


@contextmanager
def _copy(damaged: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it, with what SQLite keeps beside it: the last writes may stand there alone."""
    with TemporaryDirectory(dir=damaged.parent, prefix=".reading-") as folder:
        for end in ("", "-wal"):
            if (part := damaged.with_name(damaged.name + end)).exists():
                shutil.copyfile(part, Path(folder) / f"copy{end}")
        with closing(sqlite3.connect(Path(folder) / "copy")) as db:
            yield db


def _rows(db: sqlite3.Connection) -> tuple[list[Row], bool]:
    """The rows that can be read and make sense, and whether these are all: from both ends, up to the damage."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchall():
        return [], True
    found: dict[int, Row] = {}
    whole = True
    for order in ("ASC", "DESC"):
        try:
            for row in db.execute(f"SELECT {COLUMNS} FROM outbox NOT INDEXED ORDER BY id {order}"):
                if _is_sound(row):
                    found[row[0]] = row
                else:
                    whole = False
        except sqlite3.DatabaseError:
            whole = False
    return [found[id_] for id_ in sorted(found)], whole


def _is_sound(row: Row) -> bool:
    id_, _, _, *rest = row
    try:
        read_row((id_, *rest))
    except (ValueError, TypeError):
        return False
    return True
