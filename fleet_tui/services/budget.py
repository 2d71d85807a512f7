"""An end to work on outside text that a library would go on with for hours."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer, get_ident


class TooLong(BaseException):
    """The time is used up. No `Exception`, which a library could swallow."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End the block, which works in a thread of its own, with `TooLong` when it has taken so long.

    The exception is thrown into the thread, so it has to be in Python code then. Nothing is slower for it.
    """
    worker, lock, over = ctypes.c_ulong(get_ident()), Lock(), False

    def end() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(worker, ctypes.py_object(TooLong))

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:  # from here on it cannot be thrown any more
            over = True
