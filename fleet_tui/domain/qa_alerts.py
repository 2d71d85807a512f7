"""What to tell of a release QA issue: what others did to it. Nobody is told of a verdict of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fleet_tui.domain.alert import Alert
from fleet_tui.domain.checklist import Verdict
from fleet_tui.domain.logins import is_same
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.qa_lines import Line
from fleet_tui.domain.text import clean

KIND, SCREEN = "release qa", "release_qa"


def qa_alerts(issue: QaIssue, lines: Iterable[Line], ready: Mapping[str, str], me: str) -> Iterator[Alert]:
    """Each test that failed, each verdict that needs a decision, and each group that is ready: once."""
    for line in lines:
        name = clean(line.item.name, 60)
        if line.is_conflict:
            yield Alert(f"qa {issue.number} conflict {name}", KIND, f"{name}: two verdicts, please decide.", SCREEN)
        elif line.verdict is Verdict.FAIL and not is_same(me, line.who):
            yield Alert(f"qa {issue.number} failed {name}", KIND, f"{name} failed in {issue.title}.", SCREEN)
    for label, who in ready.items():
        if not is_same(me, who):
            words = f"{who} says that {label} is ready."
            yield Alert(f"qa {issue.number} ready {label}", KIND, words, SCREEN, good=True)
