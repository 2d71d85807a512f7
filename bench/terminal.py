"""A program on a pseudo-terminal, measured from outside: nothing in it is instrumented."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte

WIDTH, HEIGHT = 120, 40
PAINTED = 40
"""So many cells that are not blank make a first paint."""
PATIENCE = 60.0


class Watched:
    """A running program. What it writes is taken at once and drawn later, so that drawing holds nothing up."""

    def __init__(self, command: Sequence[str]) -> None:
        self.started = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            os.execvpe(command[0], list(command), _environment())
        self.written: list[tuple[float, bytes]] = []
        """Seconds since the start, and what was written then."""

    def read(self, seconds: float) -> bytes:
        """The next piece that it writes; empty when none came within `seconds`."""
        if not select.select([self._terminal], [], [], seconds)[0]:
            return b""
        data = os.read(self._terminal, 1 << 16)
        self.written.append((time.perf_counter() - self.started, data))
        return data

    def settle(self, still: float = 0.3) -> None:
        """Wait until it has written nothing for `still` seconds."""
        while self.read(still):
            pass

    def await_text(self, pattern: str) -> None:
        """Wait until a line of the screen matches `pattern`. Raises `TimeoutError`."""
        while not any(re.search(pattern, line) for line in self.screen()):
            if time.perf_counter() - self.started > PATIENCE:
                raise TimeoutError(f"{pattern} never came up on:\n" + "\n".join(self.screen()))
            self.settle(0.2)

    def press(self, key: str) -> float:
        """Press a key once it is still; the seconds until it wrote something, at most 1."""
        self.settle(0.15)
        before, pressed = len(self.written), time.perf_counter() - self.started
        os.write(self._terminal, key.encode())
        self.read(1.0)
        return self.written[before][0] - pressed if len(self.written) > before else 1.0

    def resize(self, lines: int, columns: int) -> None:
        """Make the terminal another size. What is written at other sizes is not drawn by `screen`."""
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def idle(self, seconds: float) -> tuple[float, int]:
        """Leave it alone: the CPU seconds and the bytes that it spends meanwhile."""
        cpu, before, end = self.cpu, len(self.written), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return self.cpu - cpu, sum(len(data) for _, data in self.written[before:])

    def leave(self, key: str) -> None:
        """Press the key that ends it, and wait until it has closed its terminal."""
        os.write(self._terminal, key.encode())
        with suppress(OSError):
            self.settle(PATIENCE)

    # What was seen

    def first(self, pattern: str | None = None) -> float:
        """Seconds until the first paint, or until a line of the screen matched `pattern`."""
        for seconds, lines in self._replay():
            if pattern is None and sum(not cell.isspace() for line in lines for cell in line) >= PAINTED:
                return seconds
            if pattern and any(re.search(pattern, line) for line in lines):
                return seconds
        raise TimeoutError(f"{pattern or 'nothing'} was never shown")

    def screen(self) -> list[str]:
        """The screen as it is now."""
        return [lines for _, lines in self._replay()][-1] if self.written else []

    def _replay(self) -> Iterator[tuple[float, list[str]]]:
        screen = pyte.Screen(WIDTH, HEIGHT)
        stream = pyte.ByteStream(screen)
        for seconds, data in self.written:
            stream.feed(data)
            yield seconds, screen.display

    # What it uses

    @property
    def cpu(self) -> float:
        """CPU seconds that it has used since its start."""
        return time.clock_gettime((~self.pid << 3) | 2)  # Linux: the clock of that process

    @property
    def memory(self) -> float:
        """Its resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s*(\d+)", status, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0

    def end(self) -> None:
        """End it, and wait until it has ended."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)


def _environment() -> dict[str, str]:
    """An installed program has its byte code, whatever this shell thinks of writing such."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


@contextmanager
def watched(*command: str) -> Iterator[Watched]:
    """A program for the length of the block."""
    running = Watched(command)
    try:
        yield running
    finally:
        running.end()
