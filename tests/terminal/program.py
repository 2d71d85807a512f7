"""The program on a real pseudo-terminal, with a terminal at its other end that shows what it was sent."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pyte

WIDTH, HEIGHT = 120, 30
PROGRAM = [sys.executable, "-m", "fleet_tui"]
ALTERNATE_SCREEN, CURSOR, MOUSE, PASTE = 1049, 25, (1000, 1002, 1003, 1006, 1015), 2004
SWITCH = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
SIMULATOR = b"fleet_tui.simulator"
PATIENCE = 20.0


class Screen(pyte.Screen):
    """What a terminal shows; only lines that were written to are read anew. pyte measures each letter each time."""

    @property
    def display(self) -> list[str]:
        """Line by line."""
        shown: list[str] = self.__dict__.setdefault("_shown", [])
        if len(shown) != self.lines:
            shown[:] = [""] * self.lines
            self.dirty.update(range(self.lines))
        for row in self.dirty & set(range(self.lines)):
            cells = self.buffer[row]
            shown[row] = "".join(cells[column].data for column in range(self.columns))
        self.dirty.clear()
        return list(shown)


class Program:
    """A running program, its terminal, and everything that it wrote."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], *, ignore_sighup: bool = False) -> None:
        self.written = b""
        self._screen = Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**os.environ, **env},
            dimensions=(HEIGHT, WIDTH),
            ignore_sighup=ignore_sighup,
        )
        self._child.delaybeforesend = None
        self.pid = int(self._child.pid or 0)

    # What the person does

    def press(self, keys: str) -> None:
        """Press keys."""
        self._child.send(keys)

    def signal(self, number: int) -> None:
        """Send a signal to the program itself."""
        os.kill(self.pid, number)

    def resize(self, lines: int, columns: int) -> None:
        """Make the terminal another size."""
        self._screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def hang_up(self) -> None:
        """Close the terminal."""
        # Not by its number alone: the file object would close that again later, when another program may have it.
        behind: Any = self._child
        behind.ptyproc.fileobj.close()
        behind.ptyproc.closed = behind.closed = True
        self._child.child_fd = -1

    # What the person sees

    @property
    def lines(self) -> list[str]:
        """The screen."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def line_of(self, words: str) -> str:
        """The first line that holds `words`; empty when none does."""
        return next((line for line in self.lines if words in line), "")

    def sees(self, condition: str | Callable[[], bool]) -> None:
        """Read on until a text stands on the screen, or a condition holds."""
        holds = condition if callable(condition) else lambda: condition in self.text
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"{condition} never came up on:\n{self.text}"
            assert self.read(0.05) is not None, f"it ended before {condition} came up; on the screen:\n{self.text}"

    def read(self, seconds: float) -> bytes | None:
        """What it writes within a time; None when it has closed the terminal."""
        try:
            news: bytes = self._child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return b""
        except pexpect.EOF:
            return None
        self.written += news
        self._stream.feed(news)
        return news

    def quiet(self, seconds: float) -> bytes:
        """What it writes within a time, in which nobody does anything."""
        end, written = time.monotonic() + seconds, b""
        while (left := end - time.monotonic()) > 0:
            written += self.read(min(left, 0.1)) or b""
        return written

    # How it ends

    def ends(self) -> int:
        """Read until it has ended; its exit code, negative for a signal that killed it."""
        end = time.monotonic() + PATIENCE
        while self.read(0.05) is not None:
            assert time.monotonic() < end, f"it goes on; on the screen:\n{self.text}"
        self._child.wait()
        return -self._child.signalstatus if self._child.signalstatus else int(self._child.exitstatus or 0)

    def ends_within(self, seconds: float) -> bool:
        """Whether it ends in time; for a program whose terminal is gone."""
        return within(seconds, lambda: not self._child.isalive())

    def close(self) -> None:
        """Leave nothing behind."""
        children = self.simulators()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        if not self._child.closed:
            self._child.close(force=True)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    # What it leaves behind

    def modes(self) -> dict[int, bool]:
        """The terminal's modes that it has set or reset, as they are now."""
        return {
            int(mode): switch == b"h" for modes, switch in SWITCH.findall(self.written) for mode in modes.split(b";")
        }

    @property
    def left_in_order(self) -> bool:
        """Whether the terminal is as a shell wants it."""
        modes = self.modes()
        off = (ALTERNATE_SCREEN, PASTE, *MOUSE)
        return not any(modes.get(mode, False) for mode in off) and modes.get(CURSOR, True) and self._cooked()

    def _cooked(self) -> bool:
        """Whether the line discipline echoes and edits lines again."""
        local_flags = termios.tcgetattr(self._child.child_fd)[3]
        return bool(local_flags & termios.ECHO and local_flags & termios.ICANON)

    def simulators(self) -> list[int]:
        """The simulators that it has started and that still run."""
        return [
            int(process.name)
            for process in Path("/proc").iterdir()
            if process.name.isdigit() and _parent(process) == self.pid and is_simulator(int(process.name))
        ]


def is_simulator(pid: int) -> bool:
    """Whether a process is a running simulator."""
    try:
        return SIMULATOR in Path(f"/proc/{pid}/cmdline").read_bytes()  # empty when it has ended
    except OSError:
        return False


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether a condition comes to hold in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


@contextmanager
def program(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    ignore_sighup: bool = False,
    command: Sequence[str] = PROGRAM,
) -> Iterator[Program]:
    """`fleet-tui` with these arguments, ended at the end of the block; `command`: by which it is started."""
    running = Program([*command, *arguments], env or {}, ignore_sighup=ignore_sighup)
    try:
        yield running
    finally:
        running.close()
