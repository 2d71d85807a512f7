"""Text from outside, made safe to show."""

from __future__ import annotations

import json
import re
import unicodedata

# Cc and Cf carry escape sequences and bidi controls; Cs, Co and Cn have no agreed picture. Mn, Me stay: accents.
UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
HARMFUL = UNSAFE_CATEGORIES | {"Zl", "Zp"}
"""The last two separate lines, in the eyes of some terminals."""
ZERO_WIDTH_JOINER = "\u200d"
# Terminals disagree on the width of these, which shifts everything to their right.
WIDTH_CHANGERS = frozenset(chr(code) for code in (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
MARKS = frozenset({"Mn", "Me"})
MARKS_IN_A_ROW = 3
UNUSUAL = re.compile(r"[^ -~]+")
UNUSUAL_BUT_LINES = re.compile(r"[^ -~\n]+")


def clean(text: str, limit: int = 500) -> str:
    """`text` on one line without anything a terminal would obey, at most `limit` characters (cut text ends in `…`)."""
    looked_at = limit * 4
    shown = _one_line(_safe(_one_line(text[:looked_at]), keep_lines=False))
    if len(shown) <= limit and not text[looked_at:].strip():
        return shown
    return shown[: limit - 1].rstrip() + "…"


def clean_lines(text: str, limit: int = 70_000) -> str:
    """As `clean`, but line breaks stay (`\\r\\n` becomes `\\n`), tabs become blanks, and indentation is kept."""
    lines = text[:limit].replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return _safe(lines, keep_lines=True)[:limit]


def harmless(text: str) -> str:
    """`text` for a terminal that prints it as it comes: a `·` for what it would obey. Plain line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("·" if one != "\n" and is_harmful(one) else one for one in text)


def escaped(document: str) -> str:
    """`document`, which is JSON, the same for programs, and nothing in it that a terminal would obey."""
    return "".join(json.dumps(one)[1:-1] if one != "\n" and is_harmful(one) else one for one in document)


def is_harmful(one: str) -> bool:
    """Whether a terminal could obey the character `one`; what joins emoji it draws."""
    return unicodedata.category(one) in HARMFUL and one != ZERO_WIDTH_JOINER


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _safe(text: str, *, keep_lines: bool) -> str:
    return (UNUSUAL_BUT_LINES if keep_lines else UNUSUAL).sub(_kept, text)


def _kept(unusual: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in unusual[0]:
        category = unicodedata.category(character)
        if character == ZERO_WIDTH_JOINER:
            kept.append(character)
        elif character in WIDTH_CHANGERS or category in UNSAFE_CATEGORIES:
            continue
        elif category in MARKS:
            marks += 1
            kept += [character] if marks <= MARKS_IN_A_ROW else []
        else:
            kept.append(" " if category in {"Zl", "Zp"} else character)
            marks = 0
    return "".join(kept)
