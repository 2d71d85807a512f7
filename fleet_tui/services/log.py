"""The log file: it rotates, and no token gets into it."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from fleet_tui.services.secret import redact

SIZE = 512 * 1024
KEPT = 3


class Redacted(logging.Formatter):
    """Formats records, tracebacks included, and blots out tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines, of `record`."""
        return redact(super().format(record))


class LogFile(RotatingFileHandler):
    """A log that a full disk silences. `logging` would print the record, tokens and all, over the screen."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop it: the state file, on the same disk, says in words that nothing can be written."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def start_log(path: Path) -> None:
    """Send our own messages and other libraries' warnings to `path`; without a usable file nothing is logged."""
    handler: logging.Handler
    try:
        handler = LogFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", errors="replace")
        path.chmod(0o600)
    except OSError:
        handler = logging.NullHandler()  # the store says in words that the directory cannot be used
    handler.setFormatter(Redacted("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("fleet_tui").setLevel(logging.INFO)
