"""`fleet-tui oncall`: data on stdout, words on stderr, an exit code for each cause."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import keyring
import keyring.core
import pytest

from fleet_tui.__main__ import main
from fleet_tui.config.load import ConfigError, parse
from fleet_tui.config.on_call import Swap
from fleet_tui.config.reference import show
from fleet_tui.exits import Exit
from tests.helpers import answer, server
from tests.keyrings import Memory

TURNS = """
[on_call]
first_week = 2026-09-02
[[on_call.people]]
name = "Lucas"
login = "lucasmrod"
group = "#g-mdm"
[[on_call.people]]
name = "Victor"
login = "getvictor"
"""
SWAP = """
[[on_call.swaps]]
start = 2026-09-09
days = 2
login = "mna"
"""
AT = "2026-09-02"


@pytest.fixture(autouse=True)
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with turns in the settings, without tokens and keyring."""
    path = tmp_path / "config.toml"
    path.write_text(TURNS, encoding="utf-8")
    monkeypatch.setenv("FLEET_TUI_CONFIG", str(path))
    monkeypatch.setenv("FLEET_TUI_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in ("FLEET_TUI_CALENDAR_TOKEN", "FLEET_TUI_CALENDAR_2_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return path


def test_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oncall", "--at", AT]) == Exit.OK
    heading, row = capsys.readouterr().out.splitlines()
    assert re.split(" {2,}", heading) == ["rotation", "person", "login", "group", "since (PT)", "until (PT)", "next"]
    assert re.split(" {2,}", row) == [
        "developer", "Lucas", "lucasmrod", "#g-mdm", "Wed 2 Sep 9:00", "Wed 9 Sep 9:00", "Victor"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "login"),
    [
        ("2026-09-09", "getvictor"),
        ("2026-09-09T08:59", "lucasmrod"),
        ("2026-09-09T16:00+00:00", "getvictor"),
        ("2026-09-09T15:59Z", "lucasmrod"),
    ],
)
def test_as_json(at: str, login: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oncall", "--at", at, "--format", "json"]) == Exit.OK
    (entry,) = json.loads(capsys.readouterr().out)["on_call"]
    assert entry["login"] == login
    assert entry["next"]["since"] == entry["until"]
    assert entry["since"].endswith("T09:00:00-07:00")


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-02-30", "2026-02-30T10:00", "0001-01-01"])
def test_what_is_no_day_is_refused(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["oncall", "--at", at])
    assert (code, capsys.readouterr().out) == (Exit.USAGE, "")


def test_without_a_roster_it_says_how_to_make_one(config_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config_file.write_text("")
    assert main(["oncall"]) == Exit.NOT_CONFIGURED
    assert "first_week" in capsys.readouterr().err


def test_without_the_address_it_says_how_to_store_it(config_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config_file.write_text('[[on_call.calendars]]\nname = "developer"\n')
    assert main(["oncall"]) == Exit.NOT_CONFIGURED
    assert "fleet-tui auth set calendar" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", 200, Exit.PROBLEM),
        (b"<html>", 200, Exit.UNAVAILABLE),
        (b"", 503, Exit.UNAVAILABLE),
        (b"", 404, Exit.NOT_CONFIGURED),
    ],
)
def test_each_cause_has_its_code_and_none_tells_the_address(
    config_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    body: bytes,
    status: int,
    code: Exit,
) -> None:
    config_file.write_text("[[on_call.calendars]]\n")
    with server(answer(body, status)) as (url, _):
        monkeypatch.setenv("FLEET_TUI_CALENDAR_TOKEN", f"{url}/private-5e5a3e/basic.ics")
        assert main(["oncall", "--at", AT]) == code
    said = capsys.readouterr()
    assert said.err
    assert "5e5a3e" not in said.out + said.err


def test_the_address_of_a_calendar_is_stored_like_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, mine = keyring.core._keyring_backend, Memory()
    keyring.set_keyring(mine)
    try:
        address = "https://calendar.example/ical/me%40example/private-5e5a3e/basic.ics?a=b"
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(address.encode())))
        assert main(["auth", "set", "calendar-2"]) == Exit.OK
    finally:
        keyring.core._keyring_backend = before
    assert mine.kept == {("fleet-tui:calendar-2", "on-call"): address}
    assert capsys.readouterr().err == "The second calendar address for on-call is in the keyring.\n"


def test_the_lists_of_the_settings_are_shown_as_they_are_read() -> None:
    settings = parse(TURNS + SWAP, "c.toml")
    assert settings.on_call.swaps == (Swap(start=date(2026, 9, 9), days=2, login="mna"),)
    assert parse(show(settings), "c.toml") == settings
    with pytest.raises(ConfigError, match=r"on_call\.people\[1\]\.login"):
        parse(TURNS.replace("getvictor", "@victor"), "c.toml")


def test_the_command_meets_no_textual() -> None:
    code = (
        "import sys; from fleet_tui.__main__ import main; main(['oncall', '--at', '2026-09-02']);"
        "sys.exit('textual' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, "lucasmrod" in ran.stdout) == (0, True), ran.stderr
