"""Verdicts and notes as the journal shows them."""

from __future__ import annotations

from fleet_tui.domain.checklist import ItemId
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.qa import Kind, Pending, State
from fleet_tui.domain.text import clean

OUTCOMES = {
    State.QUEUED: Outcome.STARTED,
    State.SENT: Outcome.DONE,
    State.CONFIRMED: Outcome.DONE,
    State.CONFLICT: Outcome.UNCONFIRMED,
}


def journal_entry(one: Pending, target: str, url: str) -> Entry:
    """A verdict or note as the journal shows it."""
    change = one.change
    name = change.target.name if isinstance(change.target, ItemId) else change.target.title
    wanted = clean(change.wanted, 60) or "nothing"
    return Entry(
        id=change.id,
        at=change.at,
        who=change.who,
        action=f"qa.{change.kind.value}",
        title=f"Note: {name}" if change.kind is Kind.NOTE else f"{wanted}: {name}",
        target=target,
        before=clean(change.former, 60),
        after=one.problem.text if one.problem else wanted,
        outcome=OUTCOMES[one.state],
        url=url,
    )
