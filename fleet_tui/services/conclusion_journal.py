"""How far the conclusion of a milestone has come, in the state file: each step is written down before it is sent.

A conclusion belongs to the program that carries it out. When that program is gone, however it ended, another may go on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from fleet_tui.domain.conclusion_steps import Step
from fleet_tui.domain.conclusion_text import Report
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services.outbox_owner import Owner
from fleet_tui.services.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS conclusions (repository TEXT NOT NULL, milestone INTEGER NOT NULL, title TEXT NOT NULL,"
    " begun TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (repository, milestone))",
    "CREATE TABLE IF NOT EXISTS conclusion_steps (repository TEXT NOT NULL, milestone INTEGER NOT NULL,"
    " place INTEGER NOT NULL, step BLOB NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,"
    " PRIMARY KEY (repository, milestone, place))",
)
OF_ONE = "repository = ? AND milestone = ?"


class State(Enum):
    """How far a step is."""

    PLANNED = "planned"
    STARTED = "started"
    """It may have been sent; whether it arrived is not known."""
    DONE = "done"
    FOUND = "found"
    """Done already when its turn came."""
    TICKED = "ticked"
    """A person says that it is done, or need not be."""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return self in {State.DONE, State.FOUND, State.TICKED}


class Row(Struct, frozen=True):
    """A step and how far it is."""

    place: int
    step: Step
    state: State
    at: datetime
    """When the state became so."""


class Begun(Struct, frozen=True):
    """A conclusion that was begun."""

    milestone: int
    title: str
    at: datetime


class ConclusionJournal:
    """The conclusions of one repository. Raises `Failure` where the file cannot be written."""

    def __init__(self, store: Store, repository: str) -> None:
        self._store = store
        self._repository = repository
        with self._transaction() as db:  # nobody else sweeps between making the owner's file and locking it
            for statement in SCHEMA:
                db.execute(statement)
            self._owner = Owner(store.path)

    def close(self) -> None:
        """Let another program go on with what is begun."""
        self._owner.close()

    def begin(self, milestone: int, title: str, steps: Iterable[Step], now: datetime) -> None:
        """Write all steps down before the first is taken; replaces a conclusion of this milestone that is over.

        Raises `Failure` when one is under way: it is gone on with, or abandoned.
        """
        unfinished = self.unfinished()
        if unfinished is not None and unfinished.milestone == milestone:
            raise _refused(f"The conclusion of {title} was begun already.", "Go on with it, or abandon it.")
        with self._transaction() as db:
            self._forget(db, milestone)
            row = (self._repository, milestone, title, now.isoformat(), self._owner.name)
            db.execute("INSERT INTO conclusions VALUES (?, ?, ?, ?, ?)", row)
            rows = [
                (self._repository, milestone, place, msgspec.json.encode(step), State.PLANNED.value, now.isoformat())
                for place, step in enumerate(steps)
            ]
            db.executemany("INSERT INTO conclusion_steps VALUES (?, ?, ?, ?, ?, ?)", rows)

    def abandon(self, milestone: int) -> None:
        """Forget it: what is done stays done. Raises `Failure` while another program carries it out."""
        self.claim(milestone)
        with self._transaction() as db:
            self._forget(db, milestone)

    def claim(self, milestone: int) -> None:
        """Make it this program's. Raises `Failure` while another carries it out."""
        key = (self._repository, milestone)
        with self._transaction() as db:
            for (owner,) in db.execute(f"SELECT owner FROM conclusions WHERE {OF_ONE}", key).fetchall():
                if owner != self._owner.name and self._owner.is_running(owner):
                    raise _refused("Another program on this computer is concluding the milestone.", "Look there.")
            db.execute(f"UPDATE conclusions SET owner = ? WHERE {OF_ONE}", (self._owner.name, *key))

    def unfinished(self) -> Begun | None:
        """The newest conclusion that was begun and has steps that the program would still take."""
        found = "SELECT milestone, title, begun FROM conclusions WHERE repository = ? ORDER BY begun DESC"
        with self._transaction() as db:
            rows = db.execute(found, (self._repository,)).fetchall()
        for milestone, title, begun in rows:
            if any(not row.state.is_over and not row.step.do.is_a_persons for row in self.rows(milestone)):
                return Begun(milestone, title, datetime.fromisoformat(begun))
        return None

    def newest(self) -> Begun | None:
        """The conclusion that was begun last, over or not; None when there was none."""
        found = "SELECT milestone, title, begun FROM conclusions WHERE repository = ? ORDER BY begun DESC LIMIT 1"
        with self._transaction() as db:
            row = db.execute(found, (self._repository,)).fetchone()
        return Begun(row[0], row[1], datetime.fromisoformat(row[2])) if row else None

    def begun(self, milestone: int) -> Begun:
        """The conclusion of `milestone`. Raises `Failure` when none was begun."""
        with self._transaction() as db:
            found = f"SELECT title, begun FROM conclusions WHERE {OF_ONE}"
            row = db.execute(found, (self._repository, milestone)).fetchone()
        if row is None:
            raise _refused("The conclusion of this milestone was not begun.", "Begin it anew.")
        return Begun(milestone, row[0], datetime.fromisoformat(row[1]))

    def rows(self, milestone: int) -> tuple[Row, ...]:
        """All steps in order; none when it was not begun."""
        with self._transaction() as db:
            found = f"SELECT place, step, state, at FROM conclusion_steps WHERE {OF_ONE} ORDER BY place"
            rows = db.execute(found, (self._repository, milestone)).fetchall()
        return tuple(map(read_row, rows))

    def mark(self, milestone: int, place: int, state: State, now: datetime) -> None:
        """Write down how far a step is; on the disk when it returns."""
        with self._transaction() as db:
            change = f"UPDATE conclusion_steps SET state = ?, at = ? WHERE {OF_ONE} AND place = ?"
            db.execute(change, (state.value, now.isoformat(), self._repository, milestone, place))

    def tick(self, milestone: int, step: str, now: datetime) -> None:
        """A person says that the step with this id is done, or need not be."""
        for row in self.rows(milestone):
            if row.step.id == step and not row.state.is_over:
                self.mark(milestone, row.place, State.TICKED, now)

    def report(self, milestone: int) -> Report:
        """How far it has come. Raises `Failure` when it was not begun."""
        title, rows = self.begun(milestone).title, self.rows(milestone)

        def of(*states: State) -> tuple[Step, ...]:
            return tuple(row.step for row in rows if row.state in states)

        done, found = of(State.DONE, State.TICKED), of(State.FOUND)
        return Report(f"Milestone {title}", done, found, of(State.PLANNED, State.STARTED))

    def _forget(self, db: sqlite3.Connection, milestone: int) -> None:
        for table in ("conclusions", "conclusion_steps"):
            db.execute(f"DELETE FROM {table} WHERE {OF_ONE}", (self._repository, milestone))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._store.transaction() as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            sentence = "The state file cannot be written, so no step is taken: it could not be written down."
            raise _refused(sentence, "Free the disk or its permissions, then go on.", str(error)) from None


def read_row(row: tuple[Any, ...]) -> Row:
    """A step from its place, step, state and moment. Raises `ValueError` when they make no sense."""
    place, step, state, at = row
    return Row(place, msgspec.json.decode(step, type=Step), State(state), datetime.fromisoformat(at))


def _refused(sentence: str, remedy: str, detail: str = "") -> Failure:
    return Failure(Problem("This computer", Cause.REFUSED, sentence, remedy, detail))
