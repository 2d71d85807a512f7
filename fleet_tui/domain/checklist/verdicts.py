"""Verdicts in the spellings that people use.

A verdict is read from the beginning of its cell: words, marks, markup, struck text. What follows is a remark
(`failed - see #123`) and stays when the verdict is changed. Text that says both, or neither, is `OTHER`.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from fleet_tui.domain.checklist.identity import Span, Spelling, Verdict

UNTESTED_TEXT = "pass/fail"
FAIL_MARK = "❌"

PASS_MARKS = r"✅|✔\ufe0f?|☑\ufe0f?|✓|👍|🟢|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check|\+1):"
FAIL_MARKS = r"❌|✖\ufe0f?|✗|✘|👎|🔴|:(?:x|heavy_multiplication_x|-1):"
WORD_END = r"(?![^\W_])"
PASSED = rf"pass(?:e[ds])?{WORD_END}|{PASS_MARKS}"
FAILED = rf"fail(?:ed|s|ure|ures)?{WORD_END}|{FAIL_MARKS}"
EITHER = r"(?:\s{0,9}[/|\\]\s{0,9}|\s{1,9}or\s{1,9})"

PIECE = re.compile(
    rf"""(?P<space>\s+)
    | (?P<box>(?:[-*+]\s{{1,9}})?\[[ xX]?\](?=\s|\Z))
    | (?P<struck>~~[^~\n]{{1,80}}~~|<(?P<tag>s|del|strike)>[^<\n]{{1,80}}</(?P=tag)>)
    | (?P<markup>[*_`]+|</?(?:b|strong|i|em|u|ins|code|kbd|mark|span|font|center|p)\b[^<>]{{0,200}}>)
    | (?P<untested>(?:pass(?:ed)?{EITHER}fail(?:ed)?|fail(?:ed)?{EITHER}pass(?:ed)?){WORD_END})
    | (?P<passed>{PASSED})
    | (?P<failed>{FAILED})
    | (?P<slash>/)""",
    re.VERBOSE | re.IGNORECASE,
)
MEANING = {"untested": Verdict.UNTESTED, "passed": Verdict.PASS, "failed": Verdict.FAIL}
# "pass pending retest" is no pass: a remark sets itself apart.
REMARK = re.compile(
    r"\s*(?:[-–—:;,.!](?=\s|\Z)|\(|<br\b)|[ \t]*[\r\n]|\s+(?:\#\d|@\w|\[|https?://|(?:see|with|on|by|via)\b)",
    re.IGNORECASE,
)
VERDICT_WORD = re.compile(rf"(?<![^\W_])(?:(?P<passed>pass(?:ing)?\b|{PASSED})|fail(?:ing)?\b|{FAILED})", re.IGNORECASE)


class Judged(Struct, frozen=True):
    """What a text says."""

    verdict: Verdict
    span: Span
    """The verdict's own characters: what is replaced to change it."""
    box: str | None = None
    """The list marker before a tick box, blanks included; None when there is no box."""


class _Head(Struct, frozen=True):
    """The verdict at the beginning of a text; `end` is where the remark starts."""

    verdict: Verdict
    end: int
    balanced: bool
    box: str | None


def judge(text: str) -> Judged:
    """What the text of a verdict cell says. Empty text is untested, and its verdict goes to its beginning."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return Judged(Verdict.UNTESTED, (0, 0))
    stripped = text[start:end]
    head = _head(stripped)
    remark = stripped[head.end :]
    if head.verdict is Verdict.OTHER or (remark and not REMARK.match(remark)):
        return Judged(Verdict.OTHER, (start, end))
    others = {_meaning(word) for word in VERDICT_WORD.finditer(remark)} - {head.verdict}
    if others:
        return Judged(Verdict.OTHER, (start, end))
    stays = head.balanced and not VERDICT_WORD.search(remark) and _fits(spelling(head.box), remark)
    return Judged(head.verdict, (start, start + head.end if stays else end), head.box)


def spelling(box: str | None, untested: str = UNTESTED_TEXT) -> Spelling:
    """What is written into a cell: words, or a tick box where one stands."""
    if box is None:
        return Spelling(untested, "pass", "fail")
    return Spelling(f"{box}[ ]", f"{box}[x]", f"{box}[ ] {FAIL_MARK}")


def _meaning(word: re.Match[str]) -> Verdict:
    return Verdict.PASS if word["passed"] else Verdict.FAIL


def _fits(texts: Spelling, remark: str) -> bool:
    """Whether each verdict, written before `remark`, would be read as what it is, and the remark as remark."""
    wanted = (Verdict.UNTESTED, texts.untested), (Verdict.PASS, texts.passed), (Verdict.FAIL, texts.failed)
    heads = ((verdict, text, _head(text + remark)) for verdict, text in wanted)
    return all(head.verdict is verdict and head.end == len(text) and head.balanced for verdict, text, head in heads)


def _head(text: str) -> _Head:
    said: set[Verdict] = set()
    marks: Counter[str] = Counter()
    box, struck, slash, end, at = None, False, False, 0, 0
    while piece := PIECE.match(text, at):
        kind, at = str(piece.lastgroup), piece.end()
        if kind == "space":
            continue
        if kind == "box":
            if end:
                break
            ticked = "x" in piece[0].lower()
            box = piece[0][: piece[0].index("[")]
            said.add(Verdict.PASS if ticked else Verdict.UNTESTED)
        elif kind == "markup":
            _count_markup(marks, piece[0])
        elif kind in MEANING:
            said.add(MEANING[kind])
        struck, slash, end = struck or kind == "struck", slash or kind == "slash", at
    if len(said) > 1:
        said.discard(Verdict.UNTESTED)  # "pass/fail ✅": somebody put the mark beside the choice
    clear = len(said) == 1 and (struck or not slash)
    return _Head(said.pop() if clear else Verdict.OTHER, end, not any(marks.values()), box)


def _count_markup(marks: Counter[str], piece: str) -> None:
    if piece.startswith("</"):
        marks[piece[2:-1].strip().lower()] -= 1
    elif piece.startswith("<"):
        marks[piece[1:-1].split()[0].lower()] += 1
    else:
        marks[piece] = 1 - marks[piece]
