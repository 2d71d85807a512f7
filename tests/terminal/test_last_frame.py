"""The last frame on a real terminal: before the program, and without it."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet_tui import last_frame
from fleet_tui.exits import Exit
from fleet_tui.last_frame import Frame
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world.clock import real_time
from tests.helpers import as_toml
from tests.terminal.program import HEIGHT, WIDTH, program

pytestmark = pytest.mark.terminal

STAMP = "as it was a moment ago, reading"
WAITER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from fleet_tui.last_frame import shown
with shown(Path(sys.argv[1]), "fleetdm/fleet", datetime.now(UTC)):
    {}
"""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A frame that fits."""
    file = tmp_path / "frame"
    lines = tuple(f"line {number}".ljust(WIDTH) for number in range(HEIGHT))
    last_frame.keep(file, Frame(datetime.now(UTC), lines, WIDTH, "fleetdm/fleet"))
    return file


def test_a_start_begins_with_what_was_seen_last_and_takes_the_keys_pressed_meanwhile(tmp_path: Path) -> None:
    world = demo_world(datetime.now(UTC))
    world.now = real_time
    file = tmp_path / "config.toml"
    with SimulatorThread(world) as services:
        file.write_text(as_toml(services.url))
        there = {
            "FLEET_TUI_CONFIG": str(file),
            "FLEET_TUI_STATE": str(tmp_path / "state"),
            "FLEET_TUI_GITHUB_TOKEN": "sim-lucasmrod",
            "FLEET_TUI_MERGE_FREEZE_TOKEN": "sim-mergefreeze",
            "FLEET_TUI_ZENHUB_TOKEN": "sim-zenhub",
        }
        with program(env=there) as first:
            first.sees("● live")
            first.sees(lambda: "4.45.0" in first.line_of("Freeze ─"))
            assert STAMP not in first.text
            tile = first.line_of("Freeze ─")
            first.press("q")
            assert first.ends() == Exit.OK
        with program(env=there) as second:
            second.sees(STAMP)
            assert second.line_of("Freeze ─") == tile
            second.press("8")
            second.sees("Nothing has been written yet.")
            assert STAMP not in second.text
            second.press("q")
            assert second.ends() == Exit.OK
            assert second.left_in_order
        with program(env={**there, "FLEET_TUI_GITHUB_TOKEN": ""}) as third:
            assert third.ends() == Exit.NOT_CONFIGURED
            assert STAMP.encode() in third.written
            assert third.left_in_order
            assert "a GitHub token" in third.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(kept: Path, number: signal.Signals) -> None:
    with program("-c", WAITER.format("time.sleep(30)"), str(kept), command=[sys.executable]) as running:
        running.sees("line 5")
        running.press("typed")
        assert "typed" not in running.quiet(0.2).decode()
        running.signal(number)
        assert running.ends() == 128 + number
        assert running.left_in_order


def test_a_failure_on_the_way_leaves_the_terminal_as_it_was(kept: Path) -> None:
    with program("-c", WAITER.format("sys.exit('no such thing')"), str(kept), command=[sys.executable]) as running:
        assert running.ends() == 1
        assert running.left_in_order
        assert b"line 5" in running.written
        assert running.written.endswith(b"no such thing\r\n")
