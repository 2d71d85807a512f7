"""stdout and stderr of a run: a failure to print is never mistaken for another one of the operating system's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOWrapper
from typing import Any, TextIO, cast


class Unwritten(Exception):
    """stdout did not take what was printed: its disk is full, or its reader went away."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror)
        self.reason = error.strerror
        self.has_no_reader = isinstance(error, BrokenPipeError)


@contextmanager
def guarded() -> Iterator[None]:
    """Within it printing on stdout raises `Unwritten` when it fails, whoever prints; on stderr it raises nothing.

    What stderr does not take nobody can be told: the exit code still says how it ended.
    """
    with redirect_stdout(_guard(sys.stdout, _raise)), redirect_stderr(_guard(sys.stderr, _ignore)):
        yield


def _guard(stream: TextIO | None, failed: Callable[[TextIO, OSError], None]) -> TextIO | None:
    """A stream that was closed before the start is None."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return cast("TextIO", _Guard(stream, failed)) if stream else None


def _raise(_: TextIO, error: OSError) -> None:
    raise Unwritten(error) from None


def _ignore(stream: TextIO, _: OSError) -> None:
    drop(stream)


def drop(stream: TextIO) -> None:
    """From now on it goes nowhere. Python flushes it once more at the end, which would complain again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _Guard:
    """A stream whose failures to write are given to `failed`."""

    def __init__(self, stream: TextIO, failed: Callable[[TextIO, OSError], None]) -> None:
        self._stream = stream
        self._failed = failed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write `text`."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._failed(self._stream, error)
            return len(text)

    def flush(self) -> None:
        """Write what waits."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(self._stream, error)
