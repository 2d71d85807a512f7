"""The outbox: written down before it is sent, and never lost or doubled between programs."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet_tui.domain.checklist import ItemId, NoteId, Verdict
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa import Change, Conflict, Kind, Pending, State, Target, Watch
from fleet_tui.services import outbox as outbox_module
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.store import Store
from tests.helpers import NOW, ago

LOGIN = ItemId("fleet core", "login flow", 0)
UPDATE = ItemId("fleet core", "update flow", 1)
NOTE = NoteId("fleet core", "what has not been tested", 0)


def wish(target: Target = LOGIN, *, issue: int = 7, state: State = State.QUEUED, wanted: str = "pass") -> Pending:
    kind = Kind.NOTE if isinstance(target, NoteId) else Kind.VERDICT
    return Pending(Change(0, NOW, issue, target, kind, wanted, "pass/fail", "mna", frozenset({"untested"})), state)


@contextmanager
def program(path: Path | None, repository: str = "fleetdm/fleet") -> Iterator[Outbox]:
    with closing(Store(path)) as store:
        outbox = Outbox(store, repository)
        yield outbox
        outbox.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with program(path) as outbox:
        yield outbox


def targets(found: tuple[Pending, ...]) -> list[Target]:
    return [one.change.target for one in found]


# Rows ----------------------------------------------------------------------------------------------------------------


def test_everything_comes_back_as_it_was(outbox: Outbox) -> None:
    change = Change(
        0, NOW, 7, NOTE, Kind.NOTE, "a\nb ✅", "", "mna", frozenset({"text ", "text a"}), ago(hours=1), restores=True
    )  # fmt: skip
    conflict, watch = Conflict("a", "b", "xpkoala"), Watch(NOW, 3, 2, 1)
    (saved,) = outbox.save(Pending(change, State.CONFLICT, conflict, None, watch))
    assert saved == Pending(replace(change, id=1), State.CONFLICT, conflict, None, watch)
    assert outbox.pending(7) == (saved,)


def test_changes_stay_in_their_order_and_apart_by_issue_and_repository(path: Path, outbox: Outbox) -> None:
    first, _ = outbox.save(wish(UPDATE), wish(LOGIN))
    outbox.save(wish(NOTE, issue=8))
    outbox.save(replace(first, state=State.SENT))
    assert targets(outbox.pending(7)) == [UPDATE, LOGIN]
    assert outbox.issues() == (7, 8)
    with program(path, "fleetdm/other") as other:
        assert other.issues() == ()


def test_what_is_confirmed_is_kept_as_a_record(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "KEPT_SETTLED", 2)
    several = outbox.save(wish(LOGIN), wish(UPDATE), wish(NOTE))
    outbox.save(*(replace(one, state=State.CONFIRMED) for one in several))
    assert outbox.pending(7) == ()
    assert outbox.issues() == ()
    assert targets(outbox.settled(7)) == [NOTE, UPDATE]


def test_what_is_removed_is_gone(outbox: Outbox) -> None:
    outbox.remove(*outbox.save(wish()))
    assert outbox.pending(7) == ()


def test_it_works_in_memory_too() -> None:
    with program(None) as outbox:
        outbox.save(wish())
        assert targets(outbox.pending(7)) == [LOGIN]
        assert outbox.adopt() == 0


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_half_done(path: Path, outbox: Outbox) -> None:
    outbox.save(wish(LOGIN))
    outbox._store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Failure) as caught:
        outbox.save(wish(UPDATE), wish(NOTE))
    assert caught.value.problem.sentence == "The state file cannot be written, so nothing can be kept for sending."
    outbox._store._db.execute("PRAGMA query_only = OFF")
    assert targets(outbox.pending(7)) == [LOGIN]


def test_the_disk_has_it_when_the_call_returns(path: Path, outbox: Outbox) -> None:
    statements: list[str] = []
    outbox._store._db.set_trace_callback(statements.append)
    outbox.save(wish())
    assert statements[0] == "PRAGMA synchronous = FULL"
    assert statements[-2:] == ["COMMIT", "PRAGMA synchronous = NORMAL"]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


# Several programs ----------------------------------------------------------------------------------------------------


def test_a_running_program_keeps_its_rows(path: Path, outbox: Outbox) -> None:
    outbox.save(wish())
    with program(path) as other:
        assert other.pending(7) == ()
        assert other.adopt() == 0
    assert targets(outbox.pending(7)) == [LOGIN]


def test_the_next_program_takes_over_what_the_last_one_left(path: Path) -> None:
    with program(path) as first:
        first.save(wish(LOGIN), wish(UPDATE, state=State.SENT), replace(wish(NOTE), state=State.CONFIRMED))
    with program(path) as second, program(path) as third:
        assert targets(second.pending(7)) == [LOGIN, UPDATE]
        assert third.pending(7) == ()


CRASHER = """
import os, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.store import Store
from tests.test_outbox import LOGIN, UPDATE, wish

outbox = Outbox(Store(Path(sys.argv[1])), "fleetdm/fleet")
outbox.save(wish(LOGIN), wish(UPDATE))
print("saved", flush=True)
sys.stdin.read()
"""


def test_a_killed_program_loses_nothing_and_its_rows_are_adopted_once(path: Path) -> None:
    command = [sys.executable, "-c", CRASHER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"saved\n"
        with program(path) as other:
            assert other.pending(7) == ()
        one.send_signal(signal.SIGKILL)
    with ThreadPoolExecutor(4) as threads:
        stores = [Store(path) for _ in range(4)]
        started = list(threads.map(Outbox, stores, ["fleetdm/fleet"] * 4))
        assert sorted(len(outbox.pending(7)) for outbox in started) == [0, 0, 0, 2]
        assert len(list(path.parent.glob("*-owner-*"))) == 4
        for outbox, store in zip(started, stores, strict=True):
            outbox.close()
            store.close()
    assert list(path.parent.glob("*-owner-*")) == []


def test_verdicts_are_kept_by_value(outbox: Outbox) -> None:
    outbox.save(*(wish(replace(LOGIN, occurrence=n), wanted=one.value) for n, one in enumerate(Verdict)))
    assert [Verdict(one.change.wanted) for one in outbox.pending(7)] == list(Verdict)
