"""Who did which step of a procedure, and when: kept in the state file, shared by the running programs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.procedures import Done
from fleet_tui.services.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS procedure_steps (
    procedure TEXT NOT NULL, subject TEXT NOT NULL, step TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (procedure, subject, step)
)
"""


class ProcedureLog:
    """The steps that are done. Raises `Failure` where the file cannot be read or written.

    `subject` is what the procedure is carried out on, such as a certificate's id; empty when it is about nothing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with self._transaction() as db:
            db.execute(SCHEMA)

    def progress(self, procedure: str, subject: str = "") -> Mapping[str, Done]:
        """The steps that are done, by their ids."""
        asked = "SELECT step, who, at FROM procedure_steps WHERE procedure = ? AND subject = ?"
        with self._transaction() as db:
            rows = db.execute(asked, (procedure, subject)).fetchall()
        return {step: Done(who, datetime.fromisoformat(at)) for step, who, at in rows}

    def mark(self, procedure: str, subject: str, step: str, done: Done) -> None:
        """Write down that a step is done. One that is done already stays with whoever did it first."""
        row = (procedure, subject, step, done.who, done.at.isoformat())
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO procedure_steps VALUES (?, ?, ?, ?, ?)", row)

    def unmark(self, procedure: str, subject: str, step: str) -> None:
        """Take back that a step is done."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM procedure_steps WHERE procedure = ? AND subject = ? AND step = ?",
                (procedure, subject, step),
            )

    def start_anew(self, procedure: str, subject: str = "") -> None:
        """Forget all that is done: next year's renewal begins at the first step."""
        with self._transaction() as db:
            db.execute("DELETE FROM procedure_steps WHERE procedure = ? AND subject = ?", (procedure, subject))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._store.transaction() as db:
                yield db
        except sqlite3.Error as error:
            sentence = f"The state file cannot be used ({error}): the steps of procedures are not kept."
            raise Failure(Problem("state file", Cause.REFUSED, sentence, "Check the disk, then try again.")) from None
