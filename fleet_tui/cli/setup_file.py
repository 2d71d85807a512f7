"""The configuration file that the set-up writes: whole or not at all, and never in place of another."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fleet_tui.exits import Exit, Stop


def write_new(path: Path, text: str) -> None:
    """Write a file that only the user can read (mode 0600). Raises `Stop` when there is one already, or on a fault.

    The text goes to a file beside it first, and that one is given the name only when it is complete. Giving a name
    (a link) fails where the name is taken, which renaming does not.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        beside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(beside)
        finally:
            beside.unlink()
    except FileExistsError:
        raise Stop(Exit.REFUSED, is_there(path)) from None
    except OSError as error:
        raise Stop(Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror or error}.") from error


def is_there(path: Path) -> str:
    """Why nothing is set up where there is a file."""
    return f"{path} is there already and stays as it is. Edit it, or move it away and start again."
