"""The simulator as a child process that ends with this one, however this one ends."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import fleet_tui
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.secret import without_tokens

COMMAND = (sys.executable, "-m", "fleet_tui.simulator", "--port", "0", "--world", "demo")
PACKAGES = Path(fleet_tui.__file__).parents[1]
START_SECONDS = 20.0
END_SECONDS = 2.0


@contextmanager
def simulation(directory: Path, command: Sequence[str] = COMMAND, *, seconds: float = START_SECONDS) -> Iterator[str]:
    """Runs the simulator for the length of the block and gives its address; what it complains goes to `directory`.

    Raises `Stop` when it has not said its address after `seconds`.
    """
    complaints = directory / "simulator.log"
    with complaints.open("wb") as log:
        # It ends when its stdin does, so no way of ending this process leaves it behind. A session of its own keeps
        # the terminal's Ctrl+C from it, which is the program's to handle.
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env=without_tokens(os.environ),
            cwd=PACKAGES,  # -m looks for modules here first; the user's directory may hold a random.py
        )
    with child:
        try:
            assert child.stdout is not None
            yield _address(_first_line(child.stdout, seconds), complaints)
        finally:
            _end(child)


def _first_line(stream: IO[bytes], seconds: float) -> bytes:
    """The first line, or as much of it as came in time."""
    deadline = time.monotonic() + seconds
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(stream.fileno(), 4096) if ready else b""
        if not chunk:
            break
        line += chunk
    return line


def _address(line: bytes, complaints: Path) -> str:
    try:
        return str(json.loads(line)["url"])
    except (ValueError, KeyError, TypeError):
        said = complaints.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise Stop(
            Exit.UNAVAILABLE,
            "The simulator for the demo did not start. "
            + (f"It said: {said[0]}" if said else "It said nothing; try again."),
        ) from None


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    for harder in (child.terminate, child.kill):
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            harder()
