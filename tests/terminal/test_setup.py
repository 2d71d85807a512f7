"""The set-up on a real terminal: from nothing to the running program, and Ctrl+C on the way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet_tui.config.load import load
from fleet_tui.exits import Exit
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world.clock import real_time
from tests.helpers import addresses
from tests.terminal.program import ALTERNATE_SCREEN, Program, program

pytestmark = pytest.mark.terminal

GITHUB_TOKEN, MERGE_FREEZE_TOKEN = "sim-lucasmrod", "sim-mergefreeze"
# The program as it is, but for where the outside systems are.
LAUNCHER = """
import json, sys
from fleet_tui.__main__ import main
from fleet_tui.cli import setup
from fleet_tui.config.schema import Addresses, Config
setup.BASE = Config(addresses=Addresses(**json.loads(sys.argv[1])))
sys.exit(main([]))
"""


@pytest.fixture
def services() -> Iterator[SimulatorThread]:
    """The services of the demo."""
    world = demo_world(datetime.now(UTC))
    world.now = real_time
    with SimulatorThread(world) as running:
        yield running


@contextmanager
def started(services: SimulatorThread, home: Path) -> Iterator[Program]:
    """`fleet-tui` of somebody who has nothing, not even a keyring; asked whether to set it up."""
    env = {
        "FLEET_TUI_CONFIG": str(home / "config.toml"),
        "FLEET_TUI_STATE": str(home / "state"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PATH": "/nowhere",
        **dict.fromkeys(("FLEET_TUI_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN", "FLEET_TUI_MERGE_FREEZE_TOKEN"), ""),
    }
    command = [sys.executable, "-c", LAUNCHER, json.dumps(addresses(services.url))]
    with program(env=env, command=command) as running:
        running.sees("Set it up now? [Y/n]")
        yield running


def answer(running: Program, *answers: tuple[str, str]) -> None:
    """Wait for each question, and type its answer."""
    for question, words in answers:
        running.sees(question)
        running.press(f"{words}\r")


def test_a_person_gets_from_nothing_to_the_running_program(services: SimulatorThread, tmp_path: Path) -> None:
    with started(services, tmp_path) as running:
        answer(
            running,
            ("Set it up now? [Y/n]", ""),
            ("Repository on GitHub", ""),
            ("The team's time zone", ""),
            ("GitHub token for", GITHUB_TOKEN),
            ("Merge Freeze token for", MERGE_FREEZE_TOKEN),
            ("ZenHub token for", ""),
            ("From (address, file, skip)", ""),
            ("Ask a Fleet server", ""),
            ("A file or folder with certificates", ""),
            ("Write it, and start? [Y/n]", ""),
        )
        running.sees(lambda: running.modes().get(ALTERNATE_SCREEN, False))
        running.press("2")
        running.sees("main is frozen")
        running.press("q")
        assert running.ends() == Exit.OK
        assert running.left_in_order
    for token in (GITHUB_TOKEN, MERGE_FREEZE_TOKEN):
        assert token.encode() not in running.written
    assert load(tmp_path / "config.toml").addresses.github == f"{services.url}/github"


@pytest.mark.parametrize("question", ["Repository on GitHub", "GitHub token for", "Merge Freeze token for"])
def test_ctrl_c_leaves_nothing_behind(services: SimulatorThread, tmp_path: Path, question: str) -> None:
    before = [("Set it up", ""), ("Repository on", ""), ("time zone", ""), ("GitHub token for", GITHUB_TOKEN)]
    with started(services, tmp_path) as running:
        for asked, words in before:
            if asked in question:
                break
            answer(running, (asked, words))
        running.sees(question)
        running.press("\x03")
        assert running.ends() == Exit.INTERRUPTED
        assert "Nothing was written, and no token was kept." in running.text
        assert running.left_in_order, "it echoes again what is typed"
    assert list(tmp_path.iterdir()) == []


def test_a_no_leads_to_the_demo(services: SimulatorThread, tmp_path: Path) -> None:
    with started(services, tmp_path) as running:
        running.press("n\r")
        assert running.ends() == Exit.NOT_CONFIGURED
        assert "fleet-tui demo" in running.text
    assert list(tmp_path.iterdir()) == []
