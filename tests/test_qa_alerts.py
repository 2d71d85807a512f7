"""Whom a failed test, a conflict and a group that is ready are told to."""

from __future__ import annotations

from msgspec.structs import replace

from fleet_tui.domain.checklist import Verdict, read
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.qa_alerts import qa_alerts
from fleet_tui.domain.qa_lines import Line
from tests.helpers import NOW

ITEM = read("# Core\n\n- [ ] Query flow\n").items[0]
ISSUE = QaIssue(7, "Release QA: 4.45.0", "https://x.example/7", "open", (), frozenset(), NOW, locked=False)
FAILED = Line(ITEM, Verdict.FAIL, who="xpkoala")


def told(line: Line, me: str, ready: str = "") -> list[str]:
    """The sentences."""
    return [one.words for one in qa_alerts(ISSUE, [line], {"#g-mdm": ready} if ready else {}, me)]


def test_what_others_did_is_told_and_what_one_did_oneself_is_not() -> None:
    failed, ready = "Query flow failed in Release QA: 4.45.0.", "xpkoala says that #g-mdm is ready."
    assert told(FAILED, "lucasmrod", "xpkoala") == [failed, ready]
    assert told(FAILED, "XPKoala", "xpkoala") == []
    assert told(replace(FAILED, who=""), "lucasmrod") == [failed]
    assert told(replace(FAILED, who=""), "") == [failed]


def test_a_test_that_did_not_fail_is_not_told() -> None:
    assert told(replace(FAILED, verdict=Verdict.PASS), "lucasmrod") == []


def test_a_conflict_is_told_to_both() -> None:
    conflict = replace(FAILED, state="conflict")
    assert told(conflict, "xpkoala") == told(conflict, "reed") == ["Query flow: two verdicts, please decide."]
