"""Every write is a `Deed`, carried out in one place: journalled before and after, one at a time for each target."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed

Tell = Callable[[str], None]
MISTAKE = "fleet-tui made a mistake."


class Deed(Struct, frozen=True):
    """One write, declared."""

    action: str
    """The action's id, the same as its key binding's: `freeze.unfreeze`."""
    title: str
    """As people say it: `Unfreeze #16231`."""
    target: str
    """What is changed, unique: `fleetdm/fleet#16231`."""
    run: Callable[[Tell], Awaitable[str]]
    """Does it; is given a function that says how far it is, returns a sentence. Raises `Failure`."""
    before: str = ""
    detail: str = ""
    """What the journal should keep of why: the rule, the approvals, an override."""
    url: str = ""
    refreshes: tuple[str, ...] = ()
    """Names of the feeds to poll afterwards."""


class Ended(Struct, frozen=True):
    """How a deed ended."""

    deed: Deed
    outcome: Outcome
    sentence: str
    failure: Failure | None = None


class Journal(Protocol):
    """Where deeds are written down (`services.store`)."""

    def begin(self, entry: Entry) -> int:
        """Write down that `entry` starts; returns its id."""

    def finish(self, id_: int, outcome: Outcome, after: str, detail: str) -> None:
        """Write down how the entry ended."""


class Actions:
    """Carries out deeds. `pending` are the targets under way."""

    def __init__(
        self,
        journal: Journal,
        *,
        now: Callable[[], datetime],
        who: Callable[[], str],
        read_only: bool = False,
    ) -> None:
        self.pending: set[str] = set()
        self._journal = journal
        self._now = now
        self._who = who
        self._read_only = read_only

    async def carry_out(self, deed: Deed, tell: Tell) -> Ended | None:
        """Do `deed`; None when the same target is under way already. Never raises `Failure`: it is in the result."""
        if deed.target in self.pending:
            return None
        if self._read_only:
            problem = Problem("fleet-tui", Cause.REFUSED, "Nothing is written: the program runs with --read-only.")
            return Ended(deed, Outcome.FAILED, problem.text, Failure(problem))
        self.pending.add(deed.target)
        try:
            return await self._journalled(deed, tell)
        finally:
            self.pending.discard(deed.target)

    async def _journalled(self, deed: Deed, tell: Tell) -> Ended:
        entry = Entry(
            0, self._now(), self._who(), deed.action, deed.title, deed.target, deed.before, "", Outcome.STARTED,
            deed.detail, deed.url,
        )  # fmt: skip
        id_ = await asyncio.to_thread(self._journal.begin, entry)
        try:
            sentence = await deed.run(tell)
        except Failure as failure:
            outcome = Outcome.UNCONFIRMED if isinstance(failure, Unconfirmed) else Outcome.FAILED
            ended = Ended(deed, outcome, failure.problem.text, failure)
        except Exception as error:  # a mistake of ours: how far it came is not known
            await self._finish(id_, Ended(deed, Outcome.INTERRUPTED, MISTAKE), type(error).__name__)
            raise
        else:
            ended = Ended(deed, Outcome.DONE, sentence)
        await self._finish(id_, ended, failure_detail(ended.failure))
        return ended

    async def _finish(self, id_: int, ended: Ended, technical: str) -> None:
        detail = "\n".join(part for part in (ended.deed.detail, technical) if part)
        await asyncio.to_thread(self._journal.finish, id_, ended.outcome, ended.sentence, detail)


def failure_detail(failure: Failure | None) -> str:
    """The technical text of a failure; empty without one."""
    return failure.problem.detail if failure else ""
