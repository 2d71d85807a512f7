"""What lies between the program and the terminal: nothing harmful gets out, and it is left as it was found."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import sys
import unicodedata
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from subprocess import DEVNULL, Popen
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.text import ZERO_WIDTH_JOINER, is_harmful
from fleet_tui.services.secret import without_tokens

REPLACEMENT = "·"
Which = Callable[[str], str | None]


class SafeFilter(LineFilter):
    """The second line of defence, for `App.get_line_filters`: whatever a terminal could obey is not sent.

    Text from outside has been cleaned at the edge; this catches what somebody forgot to clean.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` with harmful characters replaced; widths stay."""
        return [
            Segment(harmless(text), style, control) if control is None else Segment(text, style, control)
            for text, style, control in segments
        ]


SAFE_FILTER = SafeFilter()
"""The one: each strip keeps what a filter made of it, by the filter."""


@lru_cache(4096)
def harmless(text: str) -> str:
    """`text` with a `·` for each cell of a control, bidi or unassigned character; those without width vanish."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(REPLACEMENT * cell_len(one) if is_harmful(one) else one for one in text)


def colours(console: Console, ink: str, paper: str) -> tuple[str, ...]:
    """The numbers (SGR) with which `console` draws in the colour `ink` on `paper`; none where it draws no colours."""
    if "NO_COLOR" in os.environ or console._color_system is None:
        return ()
    found = [Color.parse(one).rich_color.downgrade(console._color_system) for one in (ink, paper)]
    return (*found[0].get_ansi_codes(), *found[1].get_ansi_codes(foreground=False))


def pasteable(text: str) -> str:
    """`text` as it may go to the clipboard: what a terminal would obey on pasting is left out.

    The end of a bracketed paste in a file's name would have a shell run what comes after it. And bytes of a file's name
    that are no UTF-8 have no place on a clipboard: they become `?`.
    """
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cf"} or _joins(one))
    return "".join(kept).encode("utf-8", "replace").decode()


def _joins(character: str) -> bool:
    return character == ZERO_WIDTH_JOINER


def restore_on_signals(app: App[Any]) -> None:
    """Make SIGTERM, SIGHUP and SIGINT end `app` in order; by themselves the first two leave the terminal in disarray.

    Call it in `on_mount`. The return code is 128 + signal, as a shell has it.
    """
    if app.is_headless:
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        loop.add_signal_handler(number, partial(app.exit, return_code=128 + number))


def tolerate_old_mouse_reports() -> None:
    """Keep a mouse report of the old style from ending the program; call it before the app runs.

    Past column 95 such a report (tmux attach, an editor's reload) is not UTF-8, and the driver's decoder is strict:
    Textual 8.2.8 then ends with code 0.
    """

    def tolerant(encoding: str) -> Callable[[], IncrementalDecoder]:
        return partial(getincrementaldecoder(encoding), errors="replace")

    linux_driver.getincrementaldecoder = tolerant  # type: ignore[attr-defined, assignment]


class LastingWriter(WriterThread):
    """Writes to the terminal, and goes on taking what is to be written when the terminal is gone.

    Textual's own thread dies then, its queue fills up, and the program waits for ever to write its last words.
    """

    def run(self) -> None:
        """Write until told to stop; after the terminal has gone, throw away."""
        try:
            super().run()
        except OSError:
            while self._queue.get() is not None:
                pass


def outlast_the_terminal() -> None:
    """Have the driver use `LastingWriter`; call it before the app runs."""
    linux_driver.WriterThread = LastingWriter  # type: ignore[attr-defined]


def fatal_error(app: App[Any], report: Callable[[BaseException], str]) -> None:
    """For `App._fatal_error`: end `app`; on stderr stands the sentence that `report` gives, and no traceback.

    Textual's own shows local variables, and with them tokens. `report` keeps the traceback in the log.
    """
    error: BaseException = app._exception or RuntimeError("unknown")
    if isinstance(error, WorkerFailed):  # it says nothing of where the fault is
        error = error.error
    app._exit_renderables.append(Text(report(error)))
    app._close_messages_no_wait()


def open_link(url: str, env: Mapping[str, str] = os.environ) -> Problem | None:
    """Start the browser with `url`, without waiting and with its output discarded; the problem, if it does not start.

    Textual's own `open_url` blocks the loop as long as the command runs, and its output lands on the screen.
    """
    if not is_web_link(url):
        return Problem("Browser", Cause.REFUSED, "This is not a link to a web page.")
    command = browser(env)
    if command is None:
        return Problem("Browser", Cause.MISSING, "No browser here (SSH?).")
    words = [word.replace("%s", url) for word in command] if "%s" in " ".join(command) else [*command, url]
    try:
        child = Popen(
            words,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
            env=without_tokens(os.environ),
        )
    except OSError as error:
        return Problem("Browser", Cause.MISSING, "The browser could not be started.", detail=str(error))
    Thread(target=child.wait, name="browser", daemon=True).start()  # leaves no zombie behind
    return None


def is_web_link(url: str) -> bool:
    """Whether `url` is http or https, with a host, and without anything that a command could misread."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable() and " " not in url


def browser(env: Mapping[str, str], which: Which = shutil.which, platform: str = sys.platform) -> list[str] | None:
    """The command that opens a link: `$BROWSER`, or what the system has; None where nobody would see the page."""
    for choice in env.get("BROWSER", "").split(os.pathsep):
        if (words := _words(choice)) and which(words[0]):
            return words
    if platform == "darwin":
        return None if "SSH_CONNECTION" in env else _first(["open"], which)
    if "WSL_DISTRO_NAME" in env:
        return _first(["wslview"], which)
    # Without a display xdg-open falls back to a text browser, which would want the terminal.
    return _first(["xdg-open"], which) if env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") else None


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _first(command: list[str], which: Which) -> list[str] | None:
    return command if which(command[0]) else None
