"""Outside text inside markup: it formats nothing there and calls nobody."""

from __future__ import annotations

import re

from fleet_tui.domain.text import clean

MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|~&])")
MENTION = re.compile(r"(?<!\w)@(?=\w)")
WORD_JOINER = "\u2060"
"""Has no width, and ends what GitHub takes for the beginning of a name."""
SLACK_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown(text: str) -> str:
    """`text` on one line, to stand within a line of GitHub's Markdown as it is."""
    return MENTION.sub(f"@{WORD_JOINER}", MARKDOWN_SIGNS.sub(r"\\\1", clean(text)))


def slack(text: str) -> str:
    """`text` on one line, to stand in a Slack message as it is: no link, no `<!channel>`."""
    return clean(text).translate(SLACK_SIGNS)
