"""What a TOML parser's complaint means."""

from __future__ import annotations

import re

from fleet_tui.config import toml

POSITION = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
SHORT_HOUR = re.compile(r"=\s*\d{1,2}:\d{2}\s*(#.*)?$")


def sentence(error: Exception, text: str) -> str:
    """The fault that `tomllib` found in `text`, with line and column if known, and advice if we have any."""
    if isinstance(error, RecursionError):
        return "is nested too deeply to be read"
    complaint = _harmless(POSITION.sub("", str(error)))
    position = POSITION.search(str(error))
    if position is None:
        return f"is no valid TOML: {complaint}"
    if position["line"] is None:
        return f"end of the file: {complaint}"
    advice = ". An hour is written with seconds: `09:00:00`" if _has_short_hour(text, int(position["line"])) else ""
    return f"line {position['line']}, column {position['column']}: {complaint}{advice}"


def _has_short_hour(text: str, line: int) -> bool:
    return SHORT_HOUR.search(text.replace("\r\n", "\n").split("\n")[line - 1]) is not None


def _harmless(complaint: str) -> str:
    """The parser repeats characters of the file, which a terminal might obey."""
    return complaint if complaint.isprintable() else toml.literal(complaint)[1:-1]
