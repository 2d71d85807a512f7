"""Calendar reminders, read back by the library that others read them with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from fleet_tui.domain.problem import Failure
from fleet_tui.services.reminders import calendar, write
from tests.certificates import certificate
from tests.helpers import NOW


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_an_event_at_the_end_with_alarms_before_it() -> None:
    one = certificate("APNs; push, ÄÖ", owner="mia")
    (event,) = events(calendar([one], NOW, (14, 28)))
    assert event["summary"] == "APNs; push, ÄÖ expires"
    assert event.decoded("dtstart") == one.valid_until
    assert "Owner: mia" in event["description"]
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [-timedelta(days=28), -timedelta(days=14)]


def test_all_in_one_file_and_each_keeps_its_identity() -> None:
    both = events(calendar([certificate("a"), certificate("b")], NOW, (21,)))
    renewed = events(calendar([certificate("a", ends=NOW + timedelta(days=600))], NOW, (21,)))[0]
    assert len({str(event["uid"]) for event in both}) == 2
    assert renewed["uid"] == both[0]["uid"]
    assert renewed["sequence"] > both[0]["sequence"]


def test_a_file_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    write(path, b"one")
    with pytest.raises(Failure, match="is there already"):
        write(path, b"two")
    assert path.read_bytes() == b"one"
    write(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot be written"):
        write(tmp_path / "none" / "a.ics", b"")


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Failure, match="No space left"):
        write(tmp_path / "a.ics", b"one")
    assert list(tmp_path.iterdir()) == []
