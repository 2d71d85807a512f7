"""References to issues in text."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = re.compile(r"#(?<![\w/&#]#)(\d+)\b")  # begins with what is to be found: re looks for that quickly
_CLOSING_WORD = r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+"


def _address(repository: str) -> str:
    return rf"https?://github\.com/{re.escape(repository)}/(?:issues|pull)/(\d+)\b"


@lru_cache(maxsize=4096)
def mentioned(text: str, repository: str) -> tuple[int, ...]:
    """Numbers of the issues of `repository` that `text` mentions, in order, each once."""
    found = [(match.start(), match[1]) for match in _NUMBER.finditer(text)]
    found += [(match.start(), match[1]) for match in re.finditer(_address(repository), text)]
    return tuple(dict.fromkeys(int(number) for _, number in sorted(found)))


@lru_cache(maxsize=4096)
def closing(text: str, repository: str) -> tuple[int, ...]:
    """Numbers of the issues that merging a pull request with this `text` closes ("Fixes #12"): asked for each issue."""
    pattern = re.compile(rf"{_CLOSING_WORD}(?:#(\d+)\b|{_address(repository)})", re.IGNORECASE)
    return tuple(dict.fromkeys(int(match[1] or match[2]) for match in pattern.finditer(text)))
