"""A damaged state file: verdicts that were not sent yet are not lost with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from fleet_tui.domain.checklist import ItemId
from fleet_tui.domain.conclusion_steps import Do, Step
from fleet_tui.domain.qa import State
from fleet_tui.services.cache import Cached
from fleet_tui.services.conclusion_journal import Begun, ConclusionJournal
from fleet_tui.services.conclusion_journal import State as Progress
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.store import Store
from tests.helpers import NOW
from tests.test_outbox import LOGIN, NOTE, UPDATE, program, targets, wish

PAGE = 4096
BULK = "bulky answer"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file with three changes, one of them confirmed, and with much that is no loss."""
    path = tmp_path / "state.db"
    with closing(Store(path)) as store:
        for number in range(20):
            store.keep(str(number), Cached('"1"', BULK.encode() * 2000))
    with program(path) as outbox:
        outbox.save(wish(LOGIN), wish(NOTE), wish(UPDATE, state=State.CONFIRMED))
    return path


def spoil(path: Path, words: str) -> None:
    """Have the first page that holds these words be lost, and known to be so from an earlier run."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    start = whole.index(words.encode()) // PAGE * PAGE
    path.write_bytes(whole[:start] + b"\xff" * PAGE + whole[start + PAGE :])
    path.with_name(f"{path.name}.is-damaged").touch()


@contextmanager
def next_run(path: Path) -> Iterator[tuple[Store, Outbox]]:
    with closing(Store(path)) as store:
        outbox = Outbox(store, "fleetdm/fleet")
        yield store, outbox
        outbox.close()


def aside(path: Path) -> Path:
    (found,) = (one for one in path.parent.glob("*.damaged-*") if not one.name.endswith(("-wal", "-shm")))
    return found


def test_what_was_not_sent_is_taken_over_and_what_was_put_aside_stays_as_it_is(path: Path) -> None:
    spoil(path, BULK)
    damaged = path.read_bytes()
    with next_run(path) as (store, outbox):
        assert targets(outbox.pending(7)) == [LOGIN, NOTE]
        assert targets(outbox.settled(7)) == [UPDATE]
        assert store.trouble.endswith("The 2 verdicts and notes that were not sent yet could be read and will be sent.")
    assert aside(path).read_bytes() == damaged
    assert not list(path.parent.glob(".reading-*"))
    with next_run(path) as (store, outbox):
        assert store.trouble == ""
        assert targets(outbox.pending(7)) == [LOGIN, NOTE]


def test_what_stands_beside_the_file_alone_is_read_as_well(path: Path) -> None:
    """A crash leaves the last writes in the log of SQLite."""
    with closing(sqlite3.connect(path)) as reader, closing(Store(path)) as store:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM outbox").fetchall()  # it needs what was there, so nothing is moved to the file
        Outbox(store, "fleetdm/fleet").save(wish(UPDATE, wanted="fail"))
        for end in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + end)
            (path.parent / "killed").mkdir(exist_ok=True)
            (path.parent / "killed" / beside.name).write_bytes(beside.read_bytes())
    killed = path.parent / "killed" / path.name
    killed.with_name(f"{killed.name}.is-damaged").touch()
    with next_run(killed) as (store, outbox):
        assert targets(outbox.pending(7)) == [LOGIN, NOTE, UPDATE]
        assert "The 3 verdicts" in store.trouble


def test_damage_among_them_costs_those_on_the_page_and_is_told(path: Path) -> None:
    items = [ItemId("fleet core", f"test number {number:03}", 0) for number in range(300)]
    with program(path) as outbox:
        outbox.save(*map(wish, items))
    spoil(path, "test number 150")
    with next_run(path) as (store, outbox):
        kept = targets(outbox.pending(7))
        assert {LOGIN, NOTE, items[0], items[-1]} <= set(kept)
        assert items[150] not in kept
        assert len(kept) > 250
        assert f"Not all verdicts in it can be read: check those that you set last, or look in {aside(path)}." in (
            store.trouble
        )


def test_a_row_that_makes_no_sense_is_left(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE outbox SET value = '{}' WHERE id = 1")
    path.with_name(f"{path.name}.is-damaged").touch()
    with next_run(path) as (store, outbox):
        assert targets(outbox.pending(7)) == [NOTE]
        assert "The 1 verdict or note that was not sent yet could be read and will be sent. Not all" in store.trouble


def test_where_nothing_can_be_read_the_place_is_named(path: Path) -> None:
    path.write_bytes(b"\xff" * PAGE + path.read_bytes()[PAGE:])
    with next_run(path) as (store, outbox):
        assert outbox.pending(7) == ()
        assert f"cannot be read: check those that you set last, or look in {aside(path)}." in store.trouble


def test_where_there_never_was_a_verdict_nothing_is_said_of_any(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    Store(path).close()
    path.with_name(f"{path.name}.is-damaged").touch()
    with next_run(path) as (store, outbox):
        assert outbox.pending(7) == ()
        assert store.trouble.endswith("A new one is in use.")


STEPS = [Step(Do.LABEL, f"label {number:03}", number) for number in range(1, 200)]


def conclude(path: Path) -> None:
    with closing(Store(path)) as store:
        journal = ConclusionJournal(store, "fleetdm/fleet")
        journal.begin(1, "4.45.0", STEPS, NOW)
        journal.mark(1, 0, Progress.DONE, NOW)
        journal.mark(1, 1, Progress.STARTED, NOW)
        journal.close()


def test_a_conclusion_goes_on_where_it_was(path: Path) -> None:
    conclude(path)
    spoil(path, BULK)
    with next_run(path) as (store, _):
        journal = ConclusionJournal(store, "fleetdm/fleet")
        assert journal.unfinished() == Begun(1, "4.45.0", NOW)
        rows = journal.rows(1)
        assert [row.step for row in rows] == STEPS
        assert [row.state for row in rows[:3]] == [Progress.DONE, Progress.STARTED, Progress.PLANNED]
        journal.claim(1)
        journal.close()


def test_a_conclusion_of_which_a_step_is_lost_is_not_gone_on_with(path: Path) -> None:
    conclude(path)
    spoil(path, "label 150")
    with next_run(path) as (store, outbox):
        journal = ConclusionJournal(store, "fleetdm/fleet")
        assert journal.unfinished() is None
        assert journal.rows(1) == ()
        assert store.trouble.endswith(
            "How far a milestone's conclusion has come cannot be read: look before you begin it anew."
        )
        assert targets(outbox.pending(7)) == [LOGIN, NOTE]
        journal.close()
