"""References to issues in text."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w/&#])#(\d+)\b")
_CLOSING_WORD = r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+"


def _address(repository: str) -> str:
    return rf"https?://github\.com/{re.escape(repository)}/(?:issues|pull)/(\d+)\b"


def mentioned(text: str, repository: str) -> list[int]:
    """Numbers of the issues of `repository` that `text` mentions, in order, each once."""
    found = [(match.start(), match[1]) for match in _NUMBER.finditer(text)]
    found += [(match.start(), match[1]) for match in re.finditer(_address(repository), text)]
    return list(dict.fromkeys(int(number) for _, number in sorted(found)))


def closing(text: str, repository: str) -> list[int]:
    """Numbers of the issues that merging a pull request with this `text` closes ("Fixes #12")."""
    pattern = re.compile(rf"{_CLOSING_WORD}(?:#(\d+)\b|{_address(repository)})", re.IGNORECASE)
    return list(dict.fromkeys(int(match[1] or match[2]) for match in pattern.finditer(text)))
