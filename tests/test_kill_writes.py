"""Killed while it writes its state file, the program loses nothing and does nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

from bench.kill_writes import run


def test_killed_at_15_random_points_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    outcomes = run(15, tmp_path / "state.db", random.Random())
    assert outcomes.faults == []
    assert outcomes.written
