"""The certificates screen over real files: what a person does, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from msgspec.structs import replace

from fleet_tui.config.certificates import CertificateFile, Certificates
from fleet_tui.services.certificate_watch import CertificateWatch
from fleet_tui.services.store import Store
from tests.certificates import der, issuer, key, pem, private, push, vendor
from tests.helpers import NOW, config, until
from tests.screens.app_factory import LARGE, Stage, stage

SIX_DAYS = NOW + timedelta(days=6, hours=4)
YEAR = timedelta(days=365)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a vendor certificate that ends in six days, a push certificate, and garbage; the home beside it."""
    home, certificates = tmp_path / "home", tmp_path / "certificates"
    home.mkdir()
    certificates.mkdir()
    monkeypatch.setenv("HOME", str(home))
    apple = issuer("Apple Root")
    (certificates / "mdm.cer").write_bytes(der(vendor(apple, start=SIX_DAYS - YEAR, end=SIX_DAYS)))
    (certificates / "push.pem").write_bytes(pem(push(apple)))
    (certificates / "page.cer").write_bytes(b"<html>")
    return certificates


def settings(folder: Path, **fields: Any) -> Any:
    """A configuration with that folder."""
    return replace(config(), certificates=Certificates(files=(CertificateFile(path=str(folder)),), **fields))


@asynccontextmanager
async def certificates(folder: Path, **given: Any) -> AsyncIterator[Stage]:
    """The program on the certificates screen, with the certificates and procedures read."""
    shown = {"screen": "certificates", "settings": settings(folder), "size": LARGE} | given
    async with stage(loaded=False, **shown) as on:
        await until(lambda: on.app.backend and on.app.reading("certificates").at and on.app.reading("me").at)
        await until(lambda: on.app.desks.certificates.procedures)
        await on.pilot.pause()
        yield on


async def put_cursor_on(on: Stage, words: str) -> None:
    """Move the cursor to the row that holds `words`."""
    row = next(row for row in on.table.rows if words in row.cells[0].plain)
    assert on.table.select(row.key)
    await on.pilot.pause()


async def test_everything_found_is_there_the_most_urgent_first_and_in_the_status_line(folder: Path) -> None:
    async with certificates(folder) as on:
        names = [row.cells[0].plain for row in on.table.rows if row.selectable]
        assert [name.split()[0] for name in names] == ["!", "?", "✔"]
        assert "MDM Vendor: Fleet expires in 6 d 4 h." in on.text
        assert "! MDM Vendor: Fleet 6 d 4 h" in on.lines[0]
        await put_cursor_on(on, "page.cer")
        assert "Whether it expires is not known" in on.text
        assert not on.keys["certs.verify"]
        assert on.keys["certs.procedures"]


async def test_the_countdown_ticks_at_its_pace_while_it_is_seen_and_not_otherwise(folder: Path) -> None:
    async with certificates(folder) as on:
        screen: Any = on.app.screen
        assert 0 < screen._ticking._interval <= 3600
        on.clock.advance(days=6, hours=3, minutes=59)
        screen._ticking._interval = 0.0
        screen._show_all()
        assert "1 min" in on.line_of("MDM Vendor: Fleet expires")
        assert 0 < screen._ticking._interval <= 60
        await on.press("8")
        assert screen._ticking is None


async def test_the_steps_are_ticked_and_kept_and_their_commands_copied(folder: Path) -> None:
    async with certificates(folder) as on:
        await on.press("enter")
        await until(lambda: on.dialog)
        await on.pilot.pause()
        assert on.toasts == []  # the steps alone: no browser beside them
        await on.press("space", "space")
        done = on.app.desks.certificates.progress(*_renewal(on))
        assert {step: by.who for step, by in done.items()} == {"visit": "lucasmrod", "subaccount": "lucasmrod"}
        await on.press("j", "j", "y")
        assert on.app.clipboard == f"openssl x509 -inform der -in {folder}/mdm.cer -out {folder}/mdm.pem"
        await on.press("k", "k", "k", "space")
        assert set(on.app.desks.certificates.progress(*_renewal(on))) == {"visit"}
        await on.press("escape")
        assert "1 of 11 steps done, next: See that the Enterprise subaccount" in on.text
        await on.press("s")
        await until(lambda: on.dialog)
        await on.press("n")
        await on.sees("Begin anew at the first step?")
        await on.press("y")
        await until(lambda: not on.app.desks.certificates.progress(*_renewal(on)))


def _renewal(on: Stage) -> tuple[Any, str]:
    one = on.app.desks.certificates.inventory.certificates[0]
    procedure = on.app.desks.certificates.renewal(one)
    assert procedure
    return procedure, one.id


async def test_any_procedure_is_opened_from_the_list_and_from_the_palette(folder: Path) -> None:
    async with certificates(folder) as on:
        await on.press("l")
        await on.sees("Which procedure?")
        await on.press(*"postm")
        await on.sees("After a critical bug or an outage")
        await on.press("enter")
        await until(lambda: on.dialog)
        assert "Write the timeline" in on.text
        await on.press("escape", "2", "ctrl+p", *"interview")
        await on.sees("Procedure: Interview")
        await on.press("down", "enter")
        await until(lambda: on.dialog)
        assert "Read the application and the role" in on.text


async def test_a_renewed_certificate_is_verified_with_key_and_chain(folder: Path) -> None:
    apple = issuer("Apple Root")
    renewed = vendor(apple, start=NOW - timedelta(days=1), end=NOW - timedelta(days=1) + YEAR)
    (folder.parent / "new.pem").write_bytes(pem(renewed))
    (folder.parent / "own.key").write_bytes(private(key()))
    (folder.parent / "wrong.key").write_bytes(private(key("another")))
    (folder.parent / "chain.pem").write_bytes(pem(apple.certificate))
    async with certificates(folder) as on:
        await on.press("v")
        await on.fill("new", str(folder.parent / "nothing.pem"))
        await on.press("enter")
        await on.sees("nothing.pem cannot be verified")
        await on.fill("new", str(folder.parent / "new.pem"))
        await on.fill("key", str(folder.parent / "own.key"))
        await on.fill("chain", str(folder.parent / "chain.pem"))
        await on.press("enter")
        await on.sees("✔ It may be put in place: all 6 checks passed.")
        await on.fill("key", str(folder.parent / "wrong.key"))
        await on.press("enter")
        await on.sees("✖ Do not put it in place: 1 of 6 checks failed.")
        assert "The server cannot use it." in on.text
        assert "PRIVATE" not in on.text


async def test_a_reminder_is_written_and_nothing_is_overwritten_unasked(folder: Path) -> None:
    file = folder.parent / "home" / "mdm-vendor-fleet.ics"
    async with certificates(folder) as on:
        await on.press("i")
        await on.sees("Write a calendar reminder?")
        await on.press("enter")
        await until(file.exists)
        first = Calendar.from_ical(file.read_bytes())
        assert [str(event["summary"]) for event in first.walk("VEVENT")] == ["MDM Vendor: Fleet expires"]
        file.write_text("mine")
        await on.press("i")
        await on.sees("Write a calendar reminder?")
        await on.press("enter")
        await on.sees("Overwrite it?")
        await on.press("n")
        assert file.read_text() == "mine"
        await on.press("I")
        await on.sees("the ends of 2 certificates")
        await on.fill("path", str(file))
        await on.press("enter")
        await on.sees("Overwrite it?")
        await on.press("y")
        await until(lambda: file.read_text() != "mine")
        assert len(list(Calendar.from_ical(file.read_bytes()).walk("VEVENT"))) == 2


async def test_another_topic_is_a_red_warning_until_somebody_has_seen_it(folder: Path) -> None:
    store = Store(None)
    async with certificates(folder, store=store) as on:
        assert not [toast for toast in on.toasts if "MDM Vendor" in toast], "at the very first start nothing is news"
        uuid = "00000000-0000-4b8e-9c41-0a6f2de8b7c3"
        (folder / "push.pem").write_bytes(pem(push(issuer("Apple Root"), uuid=uuid)))
        await on.press("r")
        await until(lambda: on.app.desks.certificates.warnings)
        await on.pilot.pause()
        assert any("Every device would have to enrol again." in toast for toast in on.toasts)
        assert "changed: " in on.text
        assert on.app.alerts.unseen
    async with certificates(folder, store=store) as on:
        assert not [toast for toast in on.toasts if "topic" in toast], "not told twice"
        assert "Every device would have to enrol again." in on.text, "but it stands there still"
        await put_cursor_on(on, "changed: ")
        await on.press("A")
        assert "changed: " not in on.text
        assert not on.app.desks.certificates.warnings
    store.close()


async def test_what_happened_while_the_program_was_away_is_told_at_the_start(folder: Path) -> None:
    store = Store(None)
    async with certificates(folder, store=store) as on:
        known = on.app.desks.certificates.inventory.certificates
    CertificateWatch(store, (60,)).look(known, NOW)
    renewed = vendor(issuer("Apple Root"), start=NOW, end=NOW + YEAR)
    (folder / "mdm.cer").write_bytes(der(renewed))
    async with certificates(folder, store=store) as on:
        await until(lambda: any("was renewed: valid until 5 Jun 2026" in toast for toast in on.toasts))
    store.close()


async def test_without_sources_it_says_how_to_begin(folder: Path) -> None:
    async with certificates(folder, settings=config()) as on:
        assert "No certificate source is configured" in on.text
        assert "[certificates]" in on.text
        assert not on.table.display
        await on.press("escape", "j", "v", "i", "I", "enter", "o", "slash", "escape", "l")
        await on.sees("Which procedure?")
