"""All that others write, turned against the terminal: what arrives there are the program's own sequences and text."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest

from fleet_tui.domain.text import HARMFUL
from fleet_tui.keys import SCREENS
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.seed.rosters import RITUALS
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.clock import real_time
from tests.helpers import as_toml
from tests.hostile import OWNED, TEXTS
from tests.terminal.program import program

pytestmark = pytest.mark.terminal

SENT = [text for text in TEXTS if text.isprintable() or text.encode("utf-8", "ignore").decode() == text]
"""Half a surrogate pair is no JSON that GitHub sends."""
CSI = re.compile(r"\x1b\[([<-?]*[0-9;]*\$?)([@-~])")
POINTER = re.compile(r"\x1b\]22;[a-z-]+\x07")
OWN_SEQUENCES = {"m", "H", "h", "l", "u", "p", "q", "n", "t"}
"""Colours, places, modes, and questions about the terminal; `POINTER` is the shape of the mouse pointer."""
RITUAL = f'- task: "\\e]0;{OWNED}\\a ritual"\n  startedOn: 2025-06-02\n  frequency: Daily\n  dri: "\\e[2J\\u202e"\n'


def hostile_world() -> World:
    """The demo's world now, after somebody has been at every title, text, comment and label."""
    world, texts = demo_world(datetime.now(UTC)), cycle(SENT)
    world.now = real_time
    repository = world.repo()
    for issue in list(repository.issues.values()):
        qa = "Release QA" in issue.title
        issue.title = issue.title if qa else f"{next(texts)[:300]} {issue.title}"
        issue.body = issue.body.replace("flow", next(texts)[:300]) if qa else f"{next(texts)}\n\n{issue.body}"
        issue.comment(next(texts), by="mna")
        issue.add_labels(f"~{next(texts)[:40]}{OWNED}", by="mna")
    repository.files[RITUALS] = RITUAL
    world.tokens.update(demo_world(datetime.now(UTC)).tokens)
    return world


@pytest.fixture
def there(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a program that is set up for that world."""
    world = hostile_world()
    with SimulatorThread(world) as services:
        file = tmp_path / "config.toml"
        file.write_text(as_toml(services.url))
        yield {
            "FLEET_TUI_CONFIG": str(file),
            "FLEET_TUI_STATE": str(tmp_path / "state"),
            "FLEET_TUI_GITHUB_TOKEN": "sim-lucasmrod",
            "FLEET_TUI_MERGE_FREEZE_TOKEN": "sim-mergefreeze",
        }


def harm_in(written: str) -> list[str]:
    """What in the stream is neither a sequence of the program's own nor plain text."""
    found = [sequence[0] for sequence in CSI.finditer(written) if sequence[2] not in OWN_SEQUENCES]
    text = POINTER.sub("", CSI.sub("", written))
    return found + [
        repr(text[max(0, place - 20) : place + 20])
        for place, one in enumerate(text)
        if unicodedata.category(one) in HARMFUL and one not in "\r\n\u200d"
    ]


def test_what_others_write_neither_commands_the_terminal_nor_presses_a_key(
    there: dict[str, str], tmp_path: Path
) -> None:
    with program("--screen", "freeze", env=there) as running:
        running.sees("May merge now")
        running.sees(OWNED)
        for number, title in SCREENS.values():
            running.press(number)
            running.sees(lambda title=title: title in running.text)  # type: ignore[misc]
            running.press("jj")
            running.quiet(0.4)
        running.press("4")
        running.quiet(0.4)
        running.press("\r")
        running.sees("Actual behavior")
        running.press("q")
        running.sees(lambda: "Actual behavior" not in running.text)
        running.press("8")
        running.sees("Nothing has been written yet.")
        running.press("q")
        assert running.ends() == 0
        assert running.left_in_order
    assert harm_in(running.written.decode()) == []
    with closing(sqlite3.connect(tmp_path / "state" / "fleet-tui.fleetdm--fleet.sqlite3")) as db:
        assert db.execute("SELECT count(*) FROM journal").fetchone() == (0,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
