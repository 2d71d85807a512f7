"""What is worked out of outside texts once, and not again by the next run."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import Struct

from fleet_tui.config.on_call import Calendar
from fleet_tui.domain.calendars import day_of
from fleet_tui.services import icalendars, memo
from fleet_tui.services.calendars import Calendars
from fleet_tui.services.http import Http
from fleet_tui.services.memo import Memo
from fleet_tui.services.store import Store
from tests.helpers import NOW
from tests.test_calendars import PACIFIC, calendar

SHIFT = "DTSTART:20260302T090000", "DTEND:20260309T090000", "SUMMARY:Martin"


class Words(Struct, frozen=True):
    """What is worked out of a text here."""

    count: int


class Worker:
    """Counts words, and how often it did."""

    def __init__(self) -> None:
        self.worked = 0

    async def of(self, store: Store | None, text: str, *beside: object, name: str = "words") -> int:
        async def work() -> Words:
            self.worked += 1
            return Words(len(text.split()))

        return (await Memo(store).value(name, text.encode(), Words, work, *beside)).count


async def test_the_same_text_is_worked_out_once(tmp_path: Path) -> None:
    worker, store = Worker(), Store(tmp_path / "state.db")
    assert await worker.of(store, "Martin is on call", 7) == 4
    store.close()
    store = Store(tmp_path / "state.db")
    assert await worker.of(store, "Martin is on call", 7) == 4
    assert worker.worked == 1
    store.close()


async def test_another_text_or_other_rules_or_another_version_are_worked_out_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker, store = Worker(), Store(None)
    await worker.of(store, "Martin")
    assert await worker.of(store, "Martin and Lucas") == 3
    await worker.of(store, "Martin and Lucas", PACIFIC)
    monkeypatch.setattr(memo, "__version__", "0.0.0")
    await worker.of(store, "Martin and Lucas", PACIFIC)
    assert worker.worked == 4


async def test_each_name_has_its_own_and_nothing_is_kept_without_a_state_file() -> None:
    worker, store = Worker(), Store(None)
    for name in ("roster", "releases", "roster", "releases"):
        await worker.of(store, "Martin", name=name)
    assert worker.worked == 2
    await worker.of(None, "Martin")
    await worker.of(None, "Martin")
    assert worker.worked == 4


async def test_what_is_damaged_is_worked_out_anew() -> None:
    worker, store = Worker(), Store(None)
    store.remember("worked out: words", {"fingerprint": 5})
    assert await worker.of(store, "Martin") == 1


async def test_a_calendar_is_read_once_a_day(http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, store, spoilt = tmp_path / "roster.ics", Store(None), lambda *_: pytest.fail("read again")
    one, calendars = Calendar(file=str(file)), Calendars(http, {}, PACIFIC, store)
    file.write_bytes(calendar(*SHIFT))
    today, tomorrow = day_of(NOW), day_of(NOW + timedelta(days=1))
    found = await calendars.read(one, *today)
    with monkeypatch.context() as patch:
        patch.setattr(icalendars, "read_events", spoilt)
        assert await calendars.read(one, *today) == found
    monkeypatch.setattr(icalendars, "read_events", lambda *_: ())
    assert await calendars.read(one, *tomorrow) == ()
