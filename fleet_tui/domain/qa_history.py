"""Who ticked what and when, from the versions of an issue's text; and everything a screen shows of one issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from fleet_tui.domain.checklist import ItemId, Verdict, read
from fleet_tui.domain.qa import BodyEdit, QaBody, Remark


class Ticked(Struct, frozen=True):
    """The last change of one test's verdict."""

    item: ItemId
    who: str
    at: datetime


class QaView(Struct, frozen=True):
    """One release QA issue as last read."""

    body: QaBody
    ticked: tuple[Ticked, ...] = ()
    remarks: tuple[Remark, ...] = ()


def last_ticks(edits: Iterable[BodyEdit]) -> tuple[Ticked, ...]:
    """The last change of each verdict that `edits`, newest first, tell of.

    The first version known has changed nothing; one whose text was removed from the history is passed over.
    """
    found: dict[ItemId, Ticked] = {}
    former: dict[ItemId, Verdict] | None = None
    for edit in reversed(tuple(edits)):  # not by their times: several may have the same second
        if edit.body is None:
            continue
        now = {item.id: item.verdict for item in read(edit.body).items}
        for item, verdict in now.items():
            if former is not None and former.get(item, verdict) is not verdict:
                found[item] = Ticked(item, edit.editor, edit.at)
        former = now
    return tuple(found.values())
