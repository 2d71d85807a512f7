"""The file of state: what is kept comes back, and no state of the file stops the program."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.journal import Outcome
from fleet_tui.domain.pulls import Block, Checks, LinkedIssue, PullRequest, Remark, ReviewState, Story
from fleet_tui.domain.releases import Milestone
from fleet_tui.services import store as store_module
from fleet_tui.services.cache import Cached
from fleet_tui.services.store import Store
from tests.helpers import NOW, entry, pull

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(lambda span: datetime(2000, 1, 1, tzinfo=UTC) + span)
NUMBERS = st.integers(1, 10_000_000)
NAMES = st.text(max_size=9)
LABELS = st.frozensets(NAMES, max_size=3)
PULLS = st.builds(
    PullRequest,
    number=NUMBERS,
    created=MOMENTS,
    updated=MOMENTS,
    labels=LABELS,
    issues=st.lists(st.builds(LinkedIssue, NUMBERS, LABELS, st.booleans()), max_size=2).map(tuple),
    paths=st.lists(NAMES, max_size=2).map(tuple),
    all_paths_known=st.booleans(),
    draft=st.booleans(),
    checks=st.sampled_from(Checks),
    review=st.sampled_from(ReviewState),
    block=st.sampled_from(Block),
    block_since=st.none() | MOMENTS,
    remarks=st.lists(st.builds(Remark, NAMES, NAMES, MOMENTS, st.booleans()), max_size=2).map(tuple),
)
BRANCHES = st.builds(
    BranchState,
    NAMES,
    st.booleans(),
    by=NAMES,
    note=NAMES,
    since=st.none() | MOMENTS,
    unfrozen=st.none() | st.frozensets(NUMBERS, max_size=3),
)
MILESTONES = st.builds(Milestone, NUMBERS, NAMES, st.none() | st.dates(), st.integers(0, 999), NAMES)
SEVERAL_NUMBERS = st.lists(NUMBERS, max_size=2).map(tuple)
STORIES = st.builds(Story, NUMBERS, NAMES, NAMES, st.tuples(NAMES), merged=SEVERAL_NUMBERS, open=SEVERAL_NUMBERS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fleet-tui" / "state.db"


@contextmanager
def opened(path: Path | None) -> Iterator[Store]:
    with closing(Store(path)) as store:
        yield store


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with opened(path) as store:
        yield store


# Readings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        pytest.param(tuple[PullRequest, ...], st.lists(PULLS, max_size=2).map(tuple), id="pull requests"),
        pytest.param(BranchState, BRANCHES, id="branch"),
        pytest.param(tuple[Milestone, ...], st.lists(MILESTONES, max_size=2).map(tuple), id="milestones"),
        pytest.param(tuple[Story, ...], st.lists(STORIES, max_size=2).map(tuple), id="stories"),
        pytest.param(str, st.text(), id="login"),
    ],
)
def test_a_reading_comes_back_as_it_was(type_: type[Any], values: st.SearchStrategy[Any]) -> None:
    with opened(None) as store:

        @given(values, MOMENTS)
        def round_trip(value: Any, at: datetime) -> None:
            store.save_reading("feed", at, value)
            assert store.reading("feed", type_) == (value, at)

        round_trip()


def test_the_next_run_finds_the_last_reading_of_each_feed(path: Path) -> None:
    with opened(path) as store:
        store.save_reading("login", NOW - timedelta(hours=1), "getvictor")
        store.save_reading("login", NOW, "mna")
        store.save_reading("pulls", NOW, (pull(7),))
    with opened(path) as store:
        assert store.reading("login", str) == ("mna", NOW)
        assert store.reading("pulls", tuple[PullRequest, ...]) == ((pull(7),), NOW)
        assert store.reading("stories", tuple[Story, ...]) is None


@pytest.mark.parametrize("value", [{"number": 7}, ["7"], 7, None], ids=str)
def test_a_reading_of_another_version_is_none(store: Store, value: object) -> None:
    store.save_reading("pulls", NOW, value)
    assert store.reading("pulls", tuple[PullRequest, ...]) is None
    assert store.trouble == ""


# Small things --------------------------------------------------------------------------------------------------------


def test_small_things_are_remembered(path: Path) -> None:
    with opened(path) as store:
        store.remember("theme", "fleet-light")
        store.remember("unfrozen", frozenset({3, 1}))
    with opened(path) as store:
        assert store.recall("theme", str, "fleet-dark") == "fleet-light"
        assert store.recall("unfrozen", frozenset[int], frozenset()) == {1, 3}


def test_what_is_not_remembered_or_of_another_type_is_the_default(store: Store) -> None:
    store.remember("theme", 3)
    assert store.recall("theme", str, "fleet-dark") == "fleet-dark"
    assert store.recall("never", str, "fleet-dark") == "fleet-dark"


# Answers -------------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_by_its_key(path: Path) -> None:
    with opened(path) as store:
        store.keep("a", Cached('"1"', b"\x00\xff", '<x>; rel="next"'))
        store.keep("b", Cached('"2"', b""))
        store.keep("b", Cached('"3"', b"new"))
    with opened(path) as store:
        assert store.cached("a") == Cached('"1"', b"\x00\xff", '<x>; rel="next"')
        assert store.cached("b") == Cached('"3"', b"new")
        assert store.cached("c") is None


def test_only_the_newest_answers_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "KEPT_ANSWERS", 3)
    for key in ("a", "b", "c", "d", "a", "e"):
        store.keep(key, Cached(key, b""))
    assert [key for key in "abcde" if store.cached(key)] == ["a", "d", "e"]


# The file ------------------------------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_can_read_it(path: Path) -> None:
    former = os.umask(0)
    try:
        with opened(path) as store:
            store.remember("theme", "fleet-dark")
            files = sorted(path.parent.iterdir())
            assert [file.name for file in files] == ["state.db", "state.db-shm", "state.db-wal"]
            assert {mode(file) for file in files} == {0o600}
            assert mode(path.parent) == 0o700
    finally:
        os.umask(former)


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    Store(path).close()
    path.chmod(0o644)
    with opened(path) as store:
        assert store.trouble == ""
        assert mode(path) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"not a database at all " * 999), id="text"),
        pytest.param(lambda path: path.write_bytes(os.urandom(9000)), id="noise"),
        pytest.param(lambda path: path.write_bytes(b"\xff" * 4096 + path.read_bytes()[4096:]), id="first page lost"),
    ],
)
def test_a_damaged_file_is_put_aside_and_a_new_one_made(path: Path, damage: Callable[[Path], object]) -> None:
    with opened(path) as store:
        store.remember("theme", "fleet-light")
    damage(path)
    damaged = path.read_bytes()
    with opened(path) as store:
        assert "damaged" in store.trouble
        assert store.recall("theme", str, "none") == "none"
        store.remember("theme", "fleet-dark")
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.name in store.trouble
    assert aside.read_bytes() == damaged
    assert mode(path) == 0o600
    with opened(path) as store:
        assert store.trouble == ""
        assert store.recall("theme", str, "none") == "fleet-dark"


def test_damage_that_is_found_later_is_told_and_the_file_put_aside_at_the_next_start(path: Path) -> None:
    with opened(path) as store:
        for number in range(50):
            store.keep(str(number), Cached('"1"', os.urandom(5000)))
            store.remember(str(number), "x" * 300)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))  # what is looked at when it is opened is sound
    with opened(path) as store:
        assert store.trouble == ""
        assert store.recall("7", str, "none") == "none"
        assert "is damaged" in store.trouble
        assert "put aside at the next start" in store.trouble
    with opened(path) as store:
        (aside,) = path.parent.glob("*.damaged-*")
        assert aside.name in store.trouble
        store.remember("theme", "fleet-dark")
    assert aside.read_bytes()[8192:] == b"\xff" * (len(whole) - 8192)
    with opened(path) as store:
        assert store.trouble == ""
        assert store.recall("theme", str, "none") == "fleet-dark"


def test_what_a_crash_left_beside_a_damaged_file_goes_with_it(path: Path) -> None:
    Store(path).close()
    path.with_name("state.db-wal").write_bytes(b"the last writes")
    path.with_name("state.db.is-damaged").touch()
    with opened(path) as store:
        assert "put aside" in store.trouble
    (aside,) = path.parent.glob("*.damaged-*-wal")
    assert aside.read_bytes() == b"the last writes"


FULL = """
import resource, signal, sys
from pathlib import Path
from fleet_tui.services.cache import Cached
from fleet_tui.services.store import Store

path, when = Path(sys.argv[1]), sys.argv[2]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if when == "before":
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
store = Store(path)
store.remember("theme", "fleet-light")
if when == "later":
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    store.keep("large", Cached("1", b"x" * 1_000_000))
    assert store.cached("large") is None
print(store.trouble)
assert store.recall("theme", str, "none") == "fleet-light"
store.close()
"""


@pytest.mark.parametrize(("when", "told"), [("before", "cannot be used"), ("later", "cannot be written")])
def test_a_disk_that_takes_no_more_is_told_and_survived(path: Path, when: str, told: str) -> None:
    command = [sys.executable, "-c", FULL, str(path), when]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert told in ended.stdout
    with opened(path) as store:  # there is room again
        assert store.trouble == ""
        assert store.recall("theme", str, "none") == ("fleet-light" if when == "later" else "none")


def test_a_file_that_turns_read_only_while_it_is_used_is_told_and_survived(store: Store) -> None:
    """Simulated by SQLite's own switch: what a file system does after an error of its disk."""
    store.remember("theme", "fleet-light")
    store._db.execute("PRAGMA query_only = ON")
    store.remember("theme", "fleet-dark")
    assert "cannot be written (attempt to write a readonly database)" in store.trouble
    assert store.begin(entry()) == 0
    assert store.recall("theme", str, "none") == "fleet-light"


def test_a_damaged_file_that_cannot_be_put_aside_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 999)

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with opened(path) as store:
        assert_works_in_memory(store)
        assert "Permission denied" in store.trouble
    assert path.read_bytes() == b"no database " * 999


def under_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "state.db"


def read_only_folder(folder: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only to root")
    folder.chmod(0o500)
    return folder / "state.db"


def a_folder(folder: Path) -> Path:
    (folder / "state.db").mkdir()
    return folder / "state.db"


@pytest.mark.parametrize("place", [under_a_file, a_folder, read_only_folder], ids=lambda place: str(place.__name__))
def test_without_a_usable_file_the_program_runs_in_memory_and_says_so(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    with opened(place(tmp_path)) as store:
        assert "cannot be used" in store.trouble
        assert "Nothing of this run is kept." in store.trouble
        assert_works_in_memory(store)


def assert_works_in_memory(store: Store) -> None:
    store.remember("theme", "fleet-light")
    assert store.recall("theme", str, "none") == "fleet-light"
    assert store.begin(entry()) == 1
    assert len(store.journal()) == 1


LOCK = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked_by_another_program(path: Path) -> Iterator[None]:
    command = [sys.executable, "-c", LOCK, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            other.kill()


def test_a_file_that_another_program_holds_is_not_waited_for_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LOCK_SECONDS", 0.02)
    Store(path).close()
    with locked_by_another_program(path), opened(path) as store:
        assert "locked" in store.trouble
        assert_works_in_memory(store)


def test_a_lock_while_running_is_told_and_survived(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LOCK_SECONDS", 0.02)
    with opened(path) as store:
        store.remember("theme", "fleet-light")
        with locked_by_another_program(path):
            store.remember("theme", "fleet-dark")
            assert store.begin(entry()) == 0
            store.finish(0, Outcome.DONE, "", "")
            assert "What happens now is not kept." in store.trouble
            assert store.recall("theme", str, "none") == "fleet-light"


def test_a_full_disk_is_told_and_survived(store: Store) -> None:
    store.remember("theme", "fleet-light")
    store._db.execute("PRAGMA max_page_count = 1")  # as large as it is now
    store.keep("large", Cached('"1"', b"x" * 1_000_000))
    assert "full" in store.trouble
    assert store.cached("large") is None
    assert store.recall("theme", str, "none") == "fleet-light"


def test_two_programs_share_it(path: Path) -> None:
    with opened(path) as one, opened(path) as other:
        one.remember("theme", "fleet-light")
        assert other.recall("theme", str, "none") == "fleet-light"
        assert (one.begin(entry("Freeze main")), other.begin(entry("Unfreeze #7"))) == (1, 2)
        assert [found.title for found in one.journal()] == ["Unfreeze #7", "Freeze main"]
        assert (one.trouble, other.trouble) == ("", "")


def test_many_programs_may_start_at_the_same_moment(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            stores = list(threads.map(Store, [tmp_path / f"{number}.db"] * 8))
            for store in stores:
                store.close()
            assert [store.trouble for store in stores] == [""] * 8


def test_it_is_safe_from_any_thread(store: Store) -> None:
    def write(number: int) -> None:
        store.finish(store.begin(entry(f"Unfreeze #{number}")), Outcome.DONE, "", "")
        store.keep(str(number), Cached(str(number), b""))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(64)))
    assert store.trouble == ""
    assert len(store.journal()) == 64
    assert all(found.outcome is Outcome.DONE for found in store.journal())


def test_after_closing_nothing_is_kept_and_nothing_breaks(path: Path) -> None:
    store = Store(path)
    store.close()
    store.remember("theme", "fleet-dark")
    assert store.trouble


def test_it_is_an_ordinary_database(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (store_module.VERSION,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_half_a_surrogate_pair_does_not_end_the_program() -> None:
    store = Store(None)
    store.save_reading("pulls", NOW, "half \ud83d")
    store.remember("half \ud83d", 1)
    assert store.recall("half \ud83d", int, 7) == 7
    assert store.reading("pulls", str) is None
    assert store.trouble == "A text that is no Unicode could not be kept in the state file."
    store.close()
