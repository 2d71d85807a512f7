"""The program itself on a real terminal, against simulated services in a thread of the test."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet_tui.exits import Exit
from fleet_tui.services.tokens import SERVICES
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import Token, World
from fleet_tui.simulator.world.clock import real_time
from tests.helpers import as_toml
from tests.terminal.program import ALTERNATE_SCREEN, PROGRAM, Program, program

pytestmark = pytest.mark.terminal

GITHUB_TOKEN = "ghp_plantedPlantedPlantedPlantedPlanted1"
MERGE_FREEZE_TOKEN = "plantedmergefreezetoken0123456789"
TITLES = {
    1: "Take \x1b]0;owned\x07 the title",
    2: "Clear \x1b[2J\x1b[H the screen",
    3: "One-byte \x9b31m and \x9d0;owned\x9c",
    4: "Paste \x1b]52;c;b3duZWQ=\x07 this",
    5: "Turn \u202earound\u202c",
}


@pytest.fixture
def world() -> World:
    """The demo's world now, with pull requests whose titles want to take over the terminal."""
    world = demo_world(datetime.now(UTC))
    world.now = real_time
    for number, title in TITLES.items():
        world.repo().open_pull(title, by="mna", labels=["bug"], number=number)
    world.tokens[GITHUB_TOKEN] = Token("lucasmrod")
    world.merge_freeze.token = MERGE_FREEZE_TOKEN
    return world


@pytest.fixture
def services(world: World) -> Iterator[SimulatorThread]:
    """The simulated services."""
    with SimulatorThread(world) as running:
        yield running


@pytest.fixture
def there(services: SimulatorThread, tmp_path: Path) -> dict[str, str]:
    """The environment of a program that is set up for the services."""
    file = tmp_path / "config.toml"
    file.write_text(as_toml(services.url))
    return {
        "FLEET_TUI_CONFIG": str(file),
        "FLEET_TUI_STATE": str(tmp_path / "state"),
        "FLEET_TUI_GITHUB_TOKEN": GITHUB_TOKEN,
        "FLEET_TUI_MERGE_FREEZE_TOKEN": MERGE_FREEZE_TOKEN,
    }


def test_titles_from_outside_cannot_command_the_terminal(there: dict[str, str]) -> None:
    with program("--screen", "freeze", env=there) as running:
        running.sees("Take ]0;owned the title")
        running.press("/")
        running.sees("Filter: words")
        running.press("screen")
        running.sees(lambda: "Clear [2J[H the screen" in running.text and "Take" not in running.text)
        running.press("\x1b")
        running.sees("Take ]0;owned the title")
        running.press("8")
        running.sees("Nothing has been written yet.")
        running.press("q")
        assert running.ends() == 0
    for harmful in (b"\x1b]0;", b"\x1b]52", "\x9b".encode(), "\x9d".encode(), "\u202e".encode()):
        assert harmful not in running.written


def all_tokens(url: str) -> dict[str, str]:
    """A recognisable one for each service; addresses where the address is the secret."""
    addresses = {name: f"{url}/{name}-planted0123/basic.ics" for name in SERVICES if name.startswith("calendar")}
    addresses["slack-webhook"] = "https://hooks.slack.com/services/T0/B0/planted0123456789"
    known = {"github": GITHUB_TOKEN, "merge-freeze": MERGE_FREEZE_TOKEN} | addresses
    return {one.variable: known.get(name, f"planted-{name}-0123456789") for name, one in SERVICES.items()}


def test_no_token_gets_out_not_even_through_errors(
    there: dict[str, str], services: SimulatorThread, tmp_path: Path
) -> None:
    planted = all_tokens(services.url)
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f"#!/bin/sh\nenv > {opened}.part\nmv {opened}.part {opened}\n")
    browser.chmod(0o755)
    with Path(there["FLEET_TUI_CONFIG"]).open("a") as file:
        file.write('[[on_call.calendars]]\naddress = "calendar"\n')
    with program("--screen", "freeze", env=there | planted | {"BROWSER": str(browser)}) as running:
        running.sees("May merge now")
        running.press("o")
        running.sees(opened.exists)
        services.faults.add("status", service="mergefreeze", status=502)
        services.faults.add("drop", service="github")
        running.press("r")
        running.sees("Merge Freeze")
        running.sees("offline")
        running.press("u")
        running.sees("Unfreeze it")
        running.press("y")
        running.sees("Merge Freeze has a fault of its own")
        running.press("5")
        running.sees("The calendar developer")
        running.press("8")
        running.sees("✖ failed")
        command_line = Path(f"/proc/{running.pid}/cmdline")
        told = {"command line": command_line.read_bytes() if command_line.exists() else b""}
        told["browser"] = opened.read_bytes()
        running.press("q")
        assert running.ends() == 0
    state = tmp_path / "state"
    told |= {file.name: file.read_bytes() for file in state.iterdir()}
    assert {"fleet-tui.fleetdm--fleet.sqlite3", "fleet-tui.log"} <= told.keys()
    assert b"502" in told["fleet-tui.log"], "the errors were written down"
    with sqlite3.connect(state / "fleet-tui.fleetdm--fleet.sqlite3") as db:
        told["journal"] = repr(db.execute("SELECT * FROM journal").fetchall()).encode()
    told["terminal"] = running.written
    for token in (GITHUB_TOKEN, MERGE_FREEZE_TOKEN, *planted.values(), "calendar-planted"):
        assert [place for place, text in told.items() if token.encode() in text] == []


def test_with_nothing_going_on_nothing_is_written_to_the_terminal(there: dict[str, str]) -> None:
    with program("--screen", "freeze", env=there) as running:
        running.sees("May merge now")
        while running.quiet(2):  # the last readings come in, the timelines of the bugs a second later
            pass
        minute = datetime.now(UTC).minute
        written = running.quiet(3)
        if datetime.now(UTC).minute != minute:  # the clock was set, at most once a minute
            written = running.quiet(3)
        assert written == b""


def test_however_it_ends_the_state_file_is_sound_and_the_next_start_shows_what_was_known(
    there: dict[str, str], services: SimulatorThread, tmp_path: Path
) -> None:
    file = tmp_path / "state" / "fleet-tui.fleetdm--fleet.sqlite3"

    def kill(running: Program) -> None:
        running.signal(signal.SIGKILL)
        running.ends()

    def hang_up(running: Program) -> None:
        running.hang_up()
        assert running.ends_within(5)

    def is_kept() -> bool:
        with closing(sqlite3.connect(file)) as db:
            kept = db.execute("SELECT name FROM readings").fetchall()
        return {("pulls",), ("freeze",)} <= set(kept)

    for end in (kill, hang_up):
        with program("--screen", "freeze", env=there) as running:
            running.sees("May merge now")
            running.sees(is_kept)
            end(running)
        with closing(sqlite3.connect(file)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), end.__name__
    services.faults.add("drop", service="github")
    services.faults.add("drop", service="mergefreeze")
    with program("--screen", "freeze", env=there) as running:
        running.sees("May merge now")
        running.sees("offline")


def test_without_tokens_it_names_what_it_needs_and_the_demo(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch()
    env = {"FLEET_TUI_CONFIG": str(file), "FLEET_TUI_GITHUB_TOKEN": "", "GH_TOKEN": "", "PATH": "/nowhere"}
    with program(env=env) as running:
        assert running.ends() == Exit.NOT_CONFIGURED
        said = " ".join(running.text.split())
        assert "a GitHub token" in said
        assert "a Merge Freeze token" in said
        assert "fleet-tui demo" in said
        assert "Traceback" not in said
        assert ALTERNATE_SCREEN not in running.modes()


def test_without_a_terminal_it_says_that_it_needs_one() -> None:
    ended = subprocess.run(
        [*PROGRAM, "demo"], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=dict(os.environ), timeout=20
    )
    assert ended.returncode == Exit.NO_TERMINAL
    assert ended.stdout == ""
    assert ended.stderr.startswith("fleet-tui draws on a terminal, but its input, output or error output is none.")


STUCK = """
import socket, sys, time
from pathlib import Path
from fleet_tui.services import icalendars

real_lookup, real_reading, marks = socket.getaddrinfo, icalendars.read_events, Path(sys.argv.pop(1))
icalendars.MOST_SECONDS = 600

def lookup(host, *arguments, **options):
    if host not in ("never-found.invalid", b"never-found.invalid"):
        return real_lookup(host, *arguments, **options)
    (marks / "looked").touch()
    time.sleep(600)

def reading(*arguments):
    (marks / "read").touch()
    return real_reading(*arguments)

socket.getaddrinfo, icalendars.read_events = lookup, reading
from fleet_tui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
NEVER = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
SUMMARY:The thirtieth of February
DTSTART:20260101T000000Z
DURATION:PT1H
RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30
END:VEVENT
END:VCALENDAR
"""


def test_quitting_waits_for_no_name_and_no_calendar(there: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "never.ics").write_text(NEVER.replace("\n", "\r\n"))
    with Path(there["FLEET_TUI_CONFIG"]).open("a") as file:
        file.write(f'[[on_call.calendars]]\nfile = "{tmp_path / "never.ics"}"\n')
        file.write('[[on_call.calendars]]\naddress = "calendar"\nname = "second"\n')
    there["FLEET_TUI_CALENDAR_TOKEN"] = "https://never-found.invalid/planted0123/basic.ics"
    command = [PROGRAM[0], "-c", STUCK, str(tmp_path)]
    with program("--screen", "freeze", env=there, command=command) as running:
        running.sees("May merge now")
        running.sees(lambda: (tmp_path / "read").exists() and (tmp_path / "looked").exists())
        running.press("q")
        assert running.ends() == 0
        assert running.left_in_order
        assert b"Traceback" not in running.written
