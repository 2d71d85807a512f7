"""Lines between the tables: tick boxes, fields to fill in, titles of notes."""

from __future__ import annotations

import re

from msgspec import Struct

from fleet_tui.domain.checklist.identity import Span, Spelling, Verdict
from fleet_tui.domain.checklist.verdicts import FAIL_MARK, FAIL_MARKS, PASS_MARKS
from fleet_tui.domain.checklist.words import key

LONGEST_TITLE = 200
TASK = re.compile(
    r"[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+"
    rf"(?P<verdict>\[(?P<box>[ \t]{{0,3}}|[xX]|{PASS_MARKS}|{FAIL_MARKS})\](?=[ \t])"
    rf"(?P<marks>(?:[ \t]+(?:{PASS_MARKS}|{FAIL_MARKS})(?=[ \t]))*))"
    r"[ \t]+(?P<name>\S.*)"
)
PASS_MARK = re.compile(PASS_MARKS)
TASK_SPELLING = Spelling("[ ]", "[x]", f"[ ] {FAIL_MARK}")
FIELD = re.compile(
    r"\*\*(?P<title>[^*:]+)(?::[ \t]*\*\*|\*\*[ \t]*(?:[_*]{0,2}\([^()]*(?:\([^()]*\)[^()]*)*\)[_*]{0,2})?[ \t]*:)"
    r"[ \t]?(?P<value>.*)"
)
NO_TITLE = re.compile(r"[ \t]*(?:[-*+>|#<]|[0-9]{1,9}[.)])(?!\*)")
A_WORD = re.compile(r"[^\W_]")
# Titles of the template: people write behind the colon, and one version of the template lacks a colon.
KNOWN_TITLES = frozenset(
    {
        "issues found new to this version",
        "issues found that reproduce in last stable version",
        "what has not been tested",
        "include any notes on whether issues should block release or not as needed",
    }
)
SHORTEST_KNOWN = min(map(len, KNOWN_TITLES))


class Task(Struct, frozen=True):
    """A line `- [ ] name`. A failed one has no mark of GitHub's: it stays unticked, with ❌ before the name."""

    name: str
    verdict: Verdict
    span: Span
    """Of brackets and marks, in the line."""


def task(line: str) -> Task | None:
    """The test that `line` names with a tick box; None when it is no such line."""
    found = TASK.match(line)
    if not found:
        return None
    marks = found["box"].strip() + found["marks"]
    passed, failed = bool(PASS_MARK.search(marks)), bool(re.search(FAIL_MARKS, marks))
    ticked = found["box"] in {"x", "X"} or bool(PASS_MARK.fullmatch(found["box"]))
    if failed:
        verdict = Verdict.OTHER if ticked or passed else Verdict.FAIL
    elif ticked:
        verdict = Verdict.PASS
    else:
        verdict = Verdict.OTHER if passed else Verdict.UNTESTED
    return Task(found["name"], verdict, found.span("verdict"))


def field(line: str) -> tuple[str, str, Span] | None:
    """Title, value and the value's place in a line such as "**Web browser** _(e.g. Chrome)_: Firefox"."""
    found = FIELD.match(line)
    if not found or not key(found["title"]):
        return None
    value = found["value"].strip()
    start = found.start("value") + len(found["value"]) - len(found["value"].lstrip()) if value else found.end("value")
    return found["title"], value, (start, start + len(value))


def note_title(line: str) -> tuple[str, int] | None:
    """The title that `line` is, and where its text begins; None when it is text."""
    bare = line.rstrip()
    if not bare or len(bare) > LONGEST_TITLE or NO_TITLE.match(line):
        return None
    head, colon, _ = line.partition(":")
    if len(head) >= SHORTEST_KNOWN and key(head) in KNOWN_TITLES:
        after = len(head) + len(colon)
        while line[after : after + 1] in {"*", "_"}:
            after += 1
        return head, after
    if bare.rstrip("*_").endswith(":") and A_WORD.search(bare):
        return bare, len(bare)
    return None
