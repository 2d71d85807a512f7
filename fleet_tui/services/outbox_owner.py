"""Which running program a row of the outbox belongs to.

A program holds a lock on a file of its own for as long as it lives. The system lets go of the lock however the program
ends, so that nobody mistakes a process that was given the number of a dead one for it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path


class Owner:
    """This program, as others find it beside the state file `beside`; None for a state in memory, which is nobody's."""

    def __init__(self, beside: Path | None) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._beside = beside
        self._held: int | None = None
        if beside:
            self._held = os.open(_lock_file(beside, self.name), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX)

    def is_running(self, name: str) -> bool:
        """Whether the program `name` lives."""
        if name == self.name or self._beside is None:
            return name == self.name
        try:
            file = os.open(_lock_file(self._beside, name), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def sweep(self) -> None:
        """Take away what dead programs left. Only while none can start."""
        for file in self._beside.parent.glob(_lock_file(self._beside, "*").name) if self._beside else ():
            if not self.is_running(file.name.rpartition("-owner-")[2]):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Be known no longer."""
        if self._held is not None and self._beside:
            _lock_file(self._beside, self.name).unlink(missing_ok=True)
            os.close(self._held)
            self._held = None


def _lock_file(beside: Path, name: str) -> Path:
    return beside.with_name(f"{beside.name}-owner-{name}")
