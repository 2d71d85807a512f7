"""What happens to a fault of our own: the traceback goes to the log, the person gets a sentence."""

from __future__ import annotations

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from fleet_tui.paths import Paths
from fleet_tui.services.secret import redact


def report(error: BaseException, paths: Paths | None) -> str:
    """Write the traceback to the log, without local variables and without tokens; gives the sentence to show."""
    # format_exception shows no local variables, which might hold tokens.
    text = redact("".join(traceback.format_exception(error)))
    entry = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} CRASH\n{text}"
    sentence = f"fleet-tui has met a fault of its own ({type(error).__name__}) and has to end."
    try:
        return f"{sentence} Please report it with {_write(entry, paths)}"
    except OSError as failed:
        return f"{sentence} No log could be written: {failed.strerror}."


def _write(entry: str, paths: Paths | None) -> Path:
    """The log if the program has a place for it already, else a temporary file: the demo has none that outlives it."""
    if paths and paths.state_dir.is_dir():
        file, path = os.open(paths.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), paths.log
    else:
        file, name = tempfile.mkstemp(prefix="fleet-tui-", suffix=".log")
        path = Path(name)
    with os.fdopen(file, "a", encoding="utf-8", errors="replace") as log:
        log.write(entry)
    return path
