"""The journal of writes: kept before and after, and honest about those that were cut off."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet_tui.domain.journal import Outcome
from fleet_tui.services import store as store_module
from fleet_tui.services.store import Store
from tests.helpers import NOW, entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path)) as store:
        yield store


def test_a_write_under_way_stands_in_the_journal(store: Store) -> None:
    id_ = store.begin(entry())
    assert store.journal() == (replace(entry(), id=id_),)


@pytest.mark.parametrize("outcome", Outcome)
def test_how_a_write_ended_is_kept_for_the_next_run(path: Path, outcome: Outcome) -> None:
    with closing(Store(path)) as store:
        id_ = store.begin(entry())
        store.finish(id_, outcome, "#7 may merge now.", "the rule\nand more")
    with closing(Store(path)) as store:
        ended = replace(entry(), id=id_, outcome=outcome, after="#7 may merge now.", detail="the rule\nand more")
        assert store.journal() == (ended,)


def test_the_newest_come_first(store: Store) -> None:
    for number in range(5):
        store.begin(replace(entry(f"Unfreeze #{number}"), at=NOW - timedelta(days=number)))
    assert [found.title for found in store.journal(most=3)] == ["Unfreeze #4", "Unfreeze #3", "Unfreeze #2"]


def test_only_the_newest_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "KEPT_ENTRIES", 3)
    for number in range(6):
        store.finish(store.begin(entry(f"Unfreeze #{number}")), Outcome.DONE, "", "")
    assert [found.title for found in store.journal()] == ["Unfreeze #5", "Unfreeze #4", "Unfreeze #3"]


BEGIN = """
import sys
from pathlib import Path
from fleet_tui.services.store import Store
from tests.helpers import entry
Store(Path(sys.argv[1])).begin(entry())
print("begun", flush=True)
sys.stdin.read()
"""


def test_a_write_whose_program_died_reads_as_interrupted(store: Store, path: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(path)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "begun\n"
        assert [found.outcome for found in store.journal()] == [Outcome.STARTED]
        other.kill()
    assert [found.outcome for found in store.journal()] == [Outcome.INTERRUPTED]


def test_a_write_of_another_persons_program_may_still_be_under_way(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ours(process: int, signal: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    store.begin(entry())
    monkeypatch.setattr("os.kill", not_ours)
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert [found.outcome for found in store.journal()] == [Outcome.STARTED]
