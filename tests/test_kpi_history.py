"""The figures of past weeks: kept once a week, the newest of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from fleet_tui.services import kpi_history
from fleet_tui.services.kpi_history import KpiHistory, Snapshot
from fleet_tui.services.store import Store
from tests.helpers import NOW, ago


@pytest.fixture
def history() -> KpiHistory:
    return KpiHistory(Store(None))


def snapshot(week: str = "2025-W23", at: datetime = NOW, **figures: int) -> Snapshot:
    return Snapshot(week, at, figures or {"open": 7})


def test_at_the_first_start_there_is_none(history: KpiHistory) -> None:
    assert history.weeks() == ()


def test_a_week_is_kept_once_as_it_was_last(history: KpiHistory) -> None:
    history.note(snapshot("2025-W23", ago(days=1), open=5))
    history.note(snapshot("2025-W22", ago(days=7), open=4))
    history.note(snapshot("2025-W23", NOW, open=6))
    assert history.weeks() == (snapshot("2025-W22", ago(days=7), open=4), snapshot("2025-W23", NOW, open=6))


def test_an_older_look_of_another_program_does_not_win(history: KpiHistory) -> None:
    history.note(snapshot(open=6))
    history.note(snapshot(at=ago(hours=1), open=5))
    assert history.weeks() == (snapshot(open=6),)


def test_the_oldest_weeks_go(history: KpiHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kpi_history, "WEEKS_KEPT", 2)
    for week in ("2024-W52", "2025-W01", "2025-W02"):
        history.note(snapshot(week))
    assert [one.week for one in history.weeks()] == ["2025-W01", "2025-W02"]


def test_it_outlives_the_program(tmp_path: Path) -> None:
    first = Store(tmp_path / "state.db")
    KpiHistory(first).note(snapshot(inbox=3, closed=2))
    first.close()
    second = Store(tmp_path / "state.db")
    assert KpiHistory(second).weeks() == (snapshot(inbox=3, closed=2),)
    second.close()
