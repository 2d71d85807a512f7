"""Issues that a text mentions, read as GitHub reads it."""

from __future__ import annotations

import re
from functools import cache

# GitHub shows neither as a link: comments (templates hold examples such as "Resolves #123") and code.
NOT_READ = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)


def mentioned(text: str, repository: str) -> tuple[int, ...]:
    """Numbers of the issues of `repository` that `text` mentions: `#123`, `owner/name#123`, addresses; each once."""
    matches = _references(repository).finditer(NOT_READ.sub(" ", text))
    found = (int(match[match.lastindex]) for match in matches if match.lastindex)
    return tuple(dict.fromkeys(number for number in found if number))


@cache
def _references(repository: str) -> re.Pattern[str]:
    here = re.escape(repository)
    return re.compile(
        rf"https?://[^\s/]+/{here}/(?:issues|pull)/([0-9]{{1,7}})\b"
        r"|https?://[^\s)>\]]+"  # another address, whatever numbers it holds
        rf"|(?<![\w/.-]){here}#([0-9]{{1,7}})\b"
        r"|(?<![\w/#&])#([0-9]{1,7})\b",
        re.IGNORECASE,
    )
