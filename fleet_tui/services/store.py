"""The one file of state: last readings, kept answers, the journal, and small things to remember.

SQLite, readable by its owner alone, shared by several running programs. Without a usable file the program runs on in
memory and says so; a damaged file is moved aside, never overwritten. Safe to call from any thread.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.services.cache import Cached

T = TypeVar("T")
D = TypeVar("D")

VERSION = 1
KEPT_ANSWERS = 400
KEPT_ENTRIES = 20_000
LOCK_SECONDS = 2.0
CACHE_KIB = 128
"""What SQLite keeps of the file: a reading is written and read as a whole, and the system has the file in memory."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (name TEXT PRIMARY KEY, at TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, etag TEXT NOT NULL, link TEXT NOT NULL, body BLOB NOT NULL, used INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, title TEXT NOT NULL,
    target TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,
    url TEXT NOT NULL, process INTEGER NOT NULL
);
"""


class Store:
    """The open file. `trouble` is a sentence when something about it is wrong, else empty."""

    def __init__(self, path: Path | None) -> None:
        self.trouble = ""
        self.path: Path | None = None
        """The file in use; None while all is in memory."""
        self._lock = threading.Lock()
        self._db = self._open(path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            return _connect(":memory:")
        try:
            try:
                if _mark(path).exists():
                    raise sqlite3.DatabaseError("found in an earlier run")
                return self._use(path)
            except sqlite3.OperationalError:  # locked, read-only, disk full
                raise
            except sqlite3.DatabaseError as error:
                aside = _put_aside(path)
                self.trouble = (
                    f"The state file was damaged ({error}) and was put aside as {aside.name}. A new one is in use."
                )
                db = self._use(path)
                from fleet_tui.services.rescue import rescue  # hardly ever needed

                self.trouble = f"{self.trouble} {rescue(aside, db)}".strip()
                return db
        except (sqlite3.Error, OSError) as error:
            reason = (error.strerror if isinstance(error, OSError) else "") or error
            self.trouble = f"The state file {path} cannot be used ({reason}). Nothing of this run is kept."
        return _connect(":memory:")

    def _use(self, path: Path) -> sqlite3.Connection:
        db = _connect_own(path)
        self.path = path
        return db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, for a service with tables of its own (`outbox`): no other program writes meanwhile.

        At its end it is on the disk, so that no crash and no loss of power takes it back. Raises `sqlite3.Error`.
        """
        with self._lock:
            self._db.execute("PRAGMA synchronous = FULL")  # the rest of the file can do without: NORMAL
            try:
                self._db.execute("BEGIN IMMEDIATE")
                with self._db:
                    yield self._db
            except sqlite3.Error as error:
                if _means_damage(error):
                    self._failed(error)
                raise
            finally:
                self._db.execute("PRAGMA synchronous = NORMAL")

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; a disk that fails is told in `trouble` and answers nothing."""
        try:
            with self._lock, self._db:
                return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._failed(error)
        except UnicodeEncodeError:
            self._no_unicode()
        return []

    def _failed(self, error: sqlite3.Error) -> None:
        """Damage that shows late is not mended under those who use the file, another program among them."""
        if self.path and _means_damage(error):
            self.trouble = (
                f"The state file is damaged ({error}). What happens now is not kept. It is put aside at the next start."
            )
            with contextlib.suppress(OSError):  # then the next start finds the damage itself, or not
                _mark(self.path).touch(mode=0o600)
        else:
            self.trouble = self.unwritable(error)

    @staticmethod
    def unwritable(reason: object) -> str:
        """The sentence for a file that takes nothing."""
        return f"The state file cannot be written ({reason}). What happens now is not kept."

    def _no_unicode(self) -> None:
        """Half of a surrogate pair, which the edge ought to have taken out; no reason to end the program."""
        self.trouble = "A text that is no Unicode could not be kept in the state file."

    def _keep_encoded(self, statement: str, values: Sequence[Any], value: Any) -> None:
        try:
            encoded = msgspec.json.encode(value)
        except UnicodeEncodeError:
            self._no_unicode()
        else:
            self._run(statement, (*values, encoded))

    # Readings

    def save_reading(self, name: str, at: datetime, value: Any) -> None:
        """Keep the last good value of a feed."""
        self._keep_encoded("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (name, at.isoformat()), value)

    def reading(self, name: str, type_: type[T]) -> tuple[T, datetime] | None:
        """The last good value of a feed and when it was read; None when there is none, or of another version."""
        for at, value in self._run("SELECT at, value FROM readings WHERE name = ?", (name,)):
            try:
                return msgspec.json.decode(value, type=type_), datetime.fromisoformat(at)
            except (msgspec.MsgspecError, ValueError):
                return None
        return None

    # Answers kept by ETag (`http.Cache`)

    def cached(self, key: str) -> Cached | None:
        """The answer kept under `key`."""
        for etag, body, link in self._run("SELECT etag, body, link FROM answers WHERE key = ?", (key,)):
            return Cached(etag, body, link)
        return None

    def keep(self, key: str, answer: Cached) -> None:
        """Keep `answer`; of all answers the newest few hundred stay."""
        used = "(SELECT coalesce(max(used), 0) + 1 FROM answers)"
        self._run(
            f"INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, {used})",
            (key, answer.etag, answer.link, answer.body),
        )
        self._run("DELETE FROM answers WHERE used <= (SELECT max(used) FROM answers) - ?", (KEPT_ANSWERS,))

    def forget(self, key: str) -> None:
        """Keep nothing under `key` any more."""
        self._run("DELETE FROM answers WHERE key = ?", (key,))

    # Small things

    def remember(self, name: str, value: Any) -> None:
        """Keep a small value under `name`, e.g. the chosen theme."""
        self._keep_encoded("INSERT OR REPLACE INTO remembered VALUES (?, ?)", (name,), value)

    def recall(self, name: str, type_: type[T], default: D) -> T | D:
        """What was kept under `name`, or `default`."""
        for (value,) in self._run("SELECT value FROM remembered WHERE name = ?", (name,)):
            try:
                return msgspec.json.decode(value, type=type_)
            except msgspec.MsgspecError:
                return default
        return default

    # Journal

    def begin(self, entry: Entry) -> int:
        """Write down that `entry` starts; returns its id."""
        rows = self._run(
            "INSERT INTO journal (at, who, action, title, target, before, after, outcome, detail, url, process)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (entry.at.isoformat(), entry.who, entry.action, entry.title, entry.target, entry.before, entry.after,
             entry.outcome.value, entry.detail, entry.url, os.getpid()),
        )  # fmt: skip
        return int(rows[0][0]) if rows else 0

    def finish(self, id_: int, outcome: Outcome, after: str, detail: str) -> None:
        """Write down how the entry ended."""
        self._run(
            "UPDATE journal SET outcome = ?, after = ?, detail = ? WHERE id = ?", (outcome.value, after, detail, id_)
        )
        self._run("DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal) - ?", (KEPT_ENTRIES,))

    def journal(self, most: int = 200) -> tuple[Entry, ...]:
        """The newest entries, newest first. One whose program died before its end reads as interrupted."""
        rows = self._run(
            "SELECT id, at, who, action, title, target, before, after, outcome, detail, url, process"
            " FROM journal ORDER BY id DESC LIMIT ?",
            (most,),
        )
        return tuple(_entry(row) for row in rows)


def _mark(path: Path) -> Path:
    """Stands beside a file that was found damaged while it was in use."""
    return path.with_name(f"{path.name}.is-damaged")


def _means_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _put_aside(path: Path) -> Path:
    """Move the file away with what SQLite keeps beside it: the last writes may stand there alone."""
    aside = path.with_suffix(f".damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    path.rename(aside)
    for end in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    _mark(path).unlink(missing_ok=True)
    return aside


def _connect_own(path: Path) -> sqlite3.Connection:
    """Open `path`, which nobody but its owner can read, even if it was made otherwise."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    return _connect(str(path))


def _connect(name: str) -> sqlite3.Connection:
    db = sqlite3.connect(name, timeout=LOCK_SECONDS, check_same_thread=False)
    try:
        _use_wal(db)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.executescript(SCHEMA)
        db.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Let several programs share the file. SQLite waits for no other that does so at the same moment: this does."""
    give_up_at = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _entry(row: tuple[Any, ...]) -> Entry:
    id_, at, who, action, title, target, before, after, outcome, detail, url, process = row
    ended = Outcome(outcome)
    if ended is Outcome.STARTED and process != os.getpid() and not _is_running(process):
        ended = Outcome.INTERRUPTED
    return Entry(id_, datetime.fromisoformat(at), who, action, title, target, before, after, ended, detail, url)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
