"""The tests of a release QA issue as they are shown: the server's verdicts, overlaid with what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from fleet_tui.config.schema import Group
from fleet_tui.domain.checklist import Item, ItemId, Progress, Verdict
from fleet_tui.domain.qa import Pending, Shown, State
from fleet_tui.domain.qa_history import Ticked
from fleet_tui.domain.release_qa import group_of
from fleet_tui.domain.text import clean

WORDS = {State.QUEUED: "sending", State.SENT: "sent", State.CONFIRMED: "", State.CONFLICT: "conflict"}


class Line(Struct, frozen=True):
    """One test as it is shown: the server's, overlaid with what waits to be sent."""

    item: Item
    verdict: Verdict
    """Mine while it is on its way, else the server's."""
    state: str = ""
    """`sending`, `sent`, `conflict`; empty for what stands on the server and is settled."""
    who: str = ""
    """Who set it last; empty when that is not known."""
    at: datetime | None = None
    explanation: str = ""
    """A conflict or a trouble, as a sentence."""
    group: str = ""

    @property
    def is_sending(self) -> bool:
        """Whether it is on its way."""
        return self.state == WORDS[State.QUEUED]

    @property
    def is_conflict(self) -> bool:
        """Whether somebody has to decide."""
        return self.state == WORDS[State.CONFLICT]


def lines_of(shown: Shown, ticked: Mapping[ItemId, Ticked], me: str, groups: Iterable[Group]) -> tuple[Line, ...]:
    """Each test with its state, its author and its group."""
    labels = tuple(groups)
    return tuple(
        _line(item, shown.pending.get(item.id), ticked.get(item.id), me, group_of(item, labels))
        for item in shown.checklist.items
    )


def _line(item: Item, pending: Pending | None, last: Ticked | None, me: str, group: str) -> Line:
    who, at = (last.who, last.at) if last else ("", None)
    if pending is None or pending.change.restores:
        return Line(item, item.verdict, who=who, at=at, group=group)
    if pending.conflict is None:
        who, at = pending.change.who or me, pending.change.at
    explanation = pending.problem.text if pending.problem else ""
    if pending.conflict:
        explanation = conflict_sentence(pending)
    return Line(item, item.verdict, WORDS[pending.state], who, at, explanation, group)


def conflict_sentence(pending: Pending) -> str:
    """Both values and both names, and what to do."""
    return f"{opposed(pending)} Press Enter to decide." if pending.conflict else ""


def opposed(pending: Pending) -> str:
    """Both values and both names of a conflict; empty without one."""
    conflict = pending.conflict
    if conflict is None:
        return ""
    mine, theirs = clean(conflict.mine, 80) or "nothing", clean(conflict.theirs, 80) or "nothing"
    return f"{pending.change.who or 'You'}: {mine}. {conflict.their_name or 'somebody else'}: {theirs}."


def progress(lines: Iterable[Line]) -> Progress:
    """The figures of `lines`, what is on its way included."""
    found = tuple(lines)
    of = {verdict: sum(line.verdict is verdict for line in found) for verdict in Verdict}
    return Progress(len(found), of[Verdict.PASS], of[Verdict.FAIL], of[Verdict.UNTESTED], of[Verdict.OTHER])
