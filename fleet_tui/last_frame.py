"""The last frame of the former run: on the terminal before Textual is loaded, pale, and stamped with its age.

It is kept only of a screen whose readings were live, and shown only where it fits: of the same version and repository,
on a terminal of the same size. It says on its first line how old it is, until the program draws over it.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from fleet_tui import __version__
from fleet_tui.domain.spans import span

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[0m\x1b[?1049l\x1b[?25h"
"""The terminal's second screen without a cursor, and back."""
PALE = "2"
"""How it is drawn where nothing is known of the colours (SGR)."""
ENDING = (signal.SIGTERM, signal.SIGHUP)

log = logging.getLogger(__name__)


class Frame(msgspec.Struct, frozen=True):
    """What a screen looked like."""

    at: datetime
    lines: tuple[str, ...]
    """As wide as the terminal, without colours."""
    width: int
    """Cells."""
    repository: str
    look: str = PALE
    """Numbers for SGR: pale ink on the theme's paper."""
    terminal: str = ""
    """The terminal that understands `look`."""
    version: str = __version__

    def fits(self, repository: str, size: tuple[int, int], now: datetime) -> bool:
        """Whether it may be shown: it tells of the same, has the right size, and is nothing that a terminal obeys."""
        same = (self.version, self.repository, self.width, len(self.lines)) == (__version__, repository, *size)
        harmless = all(map(str.isprintable, self.lines)) and re.fullmatch(r"[\d;]*", self.look)
        return same and bool(harmless) and self.at <= now

    def drawn(self, now: datetime, terminal: str) -> str:
        """What to send to the terminal, which is of the kind `terminal`."""
        look = self.look if terminal == self.terminal else PALE
        age = span(now - self.at)
        stamp = f" fleet-tui   as it was {'a moment' if age == 'now' else age} ago, reading …"
        lines = [f"\x1b[0;{look};1m{stamp[: self.width]:{self.width}}\x1b[0;{look}m", *self.lines[1:]]
        return "".join(f"\x1b[{number};1H{line}" for number, line in enumerate(lines, 1))


def terminal_kind(env: Mapping[str, str]) -> str:
    """What decides which colours a terminal understands."""
    return " ".join(env.get(name, "") for name in ("TERM", "COLORTERM", "NO_COLOR"))


def keep(file: Path, frame: Frame) -> None:
    """Write `frame`, readable by the user alone. A disk that takes nothing costs the next start its frame, no more."""
    new = file.with_suffix(".new")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(msgspec.json.encode(frame))
        new.replace(file)
    except OSError as error:
        log.warning("the last frame was not kept: %s", error.strerror)


def recall(file: Path) -> Frame | None:
    """The frame in `file`; None when there is none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Frame)
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return None


@contextmanager
def shown(file: Path, repository: str, now: datetime) -> Iterator[Callable[[], None]]:
    """Show the frame in `file`, if it fits, until the block calls what it is given: then the terminal is another's.

    If the block ends without, the terminal is left as it was. What is typed meanwhile waits for whoever reads next.
    """
    frame = recall(file)
    if frame is None or not _is_terminal() or not frame.fits(repository, _size(), now):
        yield lambda: None
        return
    held: Held | None = Held()

    def hand_over() -> None:
        nonlocal held
        if held:
            held.release()
        held = None

    _write(ENTER + frame.drawn(now, terminal_kind(os.environ)))
    try:
        yield hand_over
    finally:
        if held:
            hand_over()
            _write(LEAVE)


class Held:
    """The terminal while nobody reads it: it echoes no key, and signals end the program in order."""

    def __init__(self) -> None:
        import termios

        self._input = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._input)
        self._handlers = {number: signal.signal(number, _end) for number in ENDING}
        quiet = list[Any](self._before)
        quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(self._input, termios.TCSANOW, quiet)

    def release(self) -> None:
        """Leave all as it was found."""
        import termios

        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        termios.tcsetattr(self._input, termios.TCSANOW, self._before)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _is_terminal() -> bool:
    streams = (sys.stdin, sys.__stderr__)
    return os.environ.get("TERM") != "dumb" and all(stream is not None and stream.isatty() for stream in streams)


def _size() -> tuple[int, int]:
    size = os.get_terminal_size(sys.stdin.fileno())
    return size.columns, size.lines


def _write(text: str) -> None:
    if sys.__stderr__:  # where Textual draws
        sys.__stderr__.write(text)
        sys.__stderr__.flush()
