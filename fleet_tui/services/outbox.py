"""Verdicts and notes that are not yet safely on GitHub, in the state file: written down before anything is sent.

Several programs share the file. Each row belongs to one of them; those of a program that died are taken over by the
next that starts, once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from fleet_tui.domain.checklist import ItemId, NoteId
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.qa import Change, Conflict, Kind, Pending, State, Target, Watch
from fleet_tui.services.outbox_owner import Owner
from fleet_tui.services.store import Store

KEPT_SETTLED = 5_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, owner TEXT NOT NULL, repository TEXT NOT NULL, issue INTEGER NOT NULL, kind TEXT NOT NULL,
    section TEXT NOT NULL, name TEXT NOT NULL, occurrence INTEGER NOT NULL, state TEXT NOT NULL, value BLOB NOT NULL
)
"""
COLUMNS = "id, issue, kind, section, name, occurrence, state, value"


class _Value(msgspec.Struct, frozen=True):
    """What of a row nobody searches for."""

    at: datetime
    wanted: str
    former: str
    who: str
    known: frozenset[str]
    due: datetime | None
    restores: bool
    conflict: Conflict | None
    watch: Watch


class Outbox:
    """The rows of this program for one repository. Raises `Failure` where the file cannot be written.

    One that does not `adopt` leaves what dead programs have not sent to others.
    """

    def __init__(
        self, store: Store, repository: str, *, adopt: bool = True, changed: Callable[[], None] = lambda: None
    ) -> None:
        """`changed` is called when something in it changes from here: it need not show in what GitHub says."""
        self._store = store
        self._changed = changed
        self._repository = repository
        with self._transaction() as db:  # nobody else sweeps between making the owner's file and locking it
            db.execute(SCHEMA)
            self._owner = Owner(store.path)
        if adopt:
            self.adopt()

    def close(self) -> None:
        """Leave the rows to the next program that starts."""
        self._owner.close()

    def adopt(self) -> int:
        """Take over the rows of programs that are gone; returns how many."""
        confirmed = State.CONFIRMED.value
        adopted = 0
        with self._transaction() as db:
            owners = db.execute("SELECT DISTINCT owner FROM outbox WHERE state != ?", (confirmed,)).fetchall()
            for (owner,) in owners:
                if not self._owner.is_running(owner):
                    change = "UPDATE outbox SET owner = ? WHERE owner = ? AND state != ?"
                    adopted += db.execute(change, (self._owner.name, owner, confirmed)).rowcount
            self._owner.sweep()
        return adopted

    def save(self, *several: Pending) -> tuple[Pending, ...]:
        """Write them down, all or none; those that are new get their ids."""
        if not several:
            return ()
        self._changed()
        with self._transaction() as db:
            return tuple(self._save(db, one) for one in several)

    def remove(self, *several: Pending) -> None:
        """Forget them: superseded, or given up by a person."""
        if not several:
            return
        self._changed()
        with self._transaction() as db:
            db.executemany("DELETE FROM outbox WHERE id = ?", [(one.change.id,) for one in several])

    def pending(self, issue: int) -> tuple[Pending, ...]:
        """This program's changes of an issue that are not confirmed, in the order in which they were made."""
        where = "owner = ? AND repository = ? AND issue = ? AND state != ? ORDER BY id"
        return self._select(where, self._owner.name, self._repository, issue, State.CONFIRMED.value)

    def settled(self, issue: int, most: int = 500) -> tuple[Pending, ...]:
        """The newest confirmed changes of an issue by all programs on this machine, newest first."""
        where = "repository = ? AND issue = ? AND state = ? ORDER BY id DESC LIMIT ?"
        return self._select(where, self._repository, issue, State.CONFIRMED.value, most)

    def history(self) -> tuple[Pending, ...]:
        """All changes by all programs on this machine, of all issues of the repository, newest first."""
        return self._select("repository = ? ORDER BY id DESC", self._repository)

    def issues(self) -> tuple[int, ...]:
        """The numbers of the issues with changes of this program that are not confirmed."""
        with self._transaction() as db:
            found = db.execute(
                "SELECT DISTINCT issue FROM outbox WHERE owner = ? AND repository = ? AND state != ? ORDER BY issue",
                (self._owner.name, self._repository, State.CONFIRMED.value),
            )
            return tuple(issue for (issue,) in found)

    def _select(self, where: str, *values: Any) -> tuple[Pending, ...]:
        with self._transaction() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM outbox WHERE {where}", values).fetchall()
        return tuple(read_row(row) for row in rows)

    def _save(self, db: sqlite3.Connection, one: Pending) -> Pending:
        change, target = one.change, one.change.target
        heading = target.title if isinstance(target, NoteId) else target.name
        value = msgspec.json.encode(
            _Value(
                change.at, change.wanted, change.former, change.who, change.known, change.due, change.restores,
                one.conflict, one.watch,
            )
        )  # fmt: skip
        row = (
            change.id or None, self._owner.name, self._repository, change.issue, change.kind.value,
            target.section, heading, target.occurrence, one.state.value, value,
        )  # fmt: skip
        cursor = db.execute("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        if one.state is State.CONFIRMED:
            oldest = "SELECT id FROM outbox WHERE state = ? ORDER BY id DESC LIMIT -1 OFFSET ?"
            db.execute(f"DELETE FROM outbox WHERE id IN ({oldest})", (one.state.value, KEPT_SETTLED))
        return replace(one, change=replace(change, id=cursor.lastrowid or change.id))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _told(), self._store.transaction() as db:
            yield db


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        sentence = "The state file cannot be written, so nothing can be kept for sending."
        remedy = "Free the disk or its permissions, then press the key again."
        raise Failure(Problem("This computer", Cause.REFUSED, sentence, remedy, str(error))) from None


def read_row(row: tuple[Any, ...]) -> Pending:
    """The change in a row of `COLUMNS`. Raises `ValueError` when it makes no sense."""
    id_, issue, kind, section, name, occurrence, state, blob = row
    value = msgspec.json.decode(blob, type=_Value)
    note = Kind(kind) is Kind.NOTE
    target: Target = NoteId(section, name, occurrence) if note else ItemId(section, name, occurrence)
    change = Change(
        id_, value.at, issue, target, Kind(kind), value.wanted, value.former, value.who, value.known, value.due,
        value.restores,
    )  # fmt: skip
    return Pending(change, State(state), value.conflict, None, value.watch)
