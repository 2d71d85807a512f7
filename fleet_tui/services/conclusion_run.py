"""Carries out the conclusion of a milestone, one step after another. Stopped anywhere, it goes on where it was.

| what | the failure that it answers |
| --- | --- |
| All steps are on the disk before the first. | Planned anew from boards half changed, it would be another plan. |
| A step is written down as started before it is sent. | A write that nobody knows of. |
| Before a step it looks whether it is done. | A write done twice: by us before a crash, or by somebody else. |
| After a crash it first lets time pass. | The look comes before the write that was under way. |
| An answer is lost: it looks, and does not send again by itself. | The same. |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from fleet_tui.domain.conclusion_text import Report
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services.conclusion_journal import ConclusionJournal, Row, State
from fleet_tui.services.conclusion_outside import Outside

HOUR = timedelta(hours=1)
LOOK_AFTER = frozenset({Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE, Cause.REFUSED})
"""The write may have arrived all the same, or was refused because somebody else has done it."""


class Pace(Struct, frozen=True):
    """How fast the outside may be written to."""

    an_hour: int
    """Writes to GitHub in any hour."""
    apart: float = 1.0
    """Seconds between two writes to GitHub."""
    settle: float = 10.0
    """Seconds after which a write that was under way when its program ended has arrived or never will."""

    def wait(self, writes: Sequence[datetime], now: datetime) -> float:
        """Seconds until the next write may go out; `writes` are the moments of the former ones, in order."""
        due = [writes[-1] + timedelta(seconds=self.apart)] if writes else []
        if len(writes) >= self.an_hour:
            due.append(writes[-self.an_hour] + HOUR)
        return max(((moment - now).total_seconds() for moment in due), default=0.0)


class Progress(Struct, frozen=True):
    """What is going on."""

    over: int
    """Steps that are over."""
    total: int
    """Steps that the program takes: those of a person do not count."""
    words: str


class ConclusionRun:
    """The conclusion of one milestone, begun in the journal."""

    def __init__(
        self,
        journal: ConclusionJournal,
        outside: Outside,
        pace: Pace,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._journal = journal
        self._outside = outside
        self._milestone = outside.milestone
        self._pace = pace
        self._now = now
        self._sleep = sleep

    async def run(self, tell: Callable[[Progress], None]) -> Report:
        """Take all steps that are left, but for those of a person; gives the report.

        Raises `Failure` at the first step that does not succeed: calling it again goes on with that step.
        """
        self._journal.claim(self._milestone)
        rows = [row for row in self._journal.rows(self._milestone) if not row.step.do.is_a_persons]
        for over, row in enumerate(rows):
            if not row.state.is_over:
                await self._take(row, _saying(tell, over, len(rows)))
        tell(Progress(len(rows), len(rows), "Done."))
        return self._journal.report(self._milestone)

    async def _take(self, row: Row, say: Callable[[str], None]) -> None:
        say(f"{row.step.words} …")
        was_started = row.state is State.STARTED
        if was_started:
            await self._pause(self._pace.settle - (self._now() - row.at).total_seconds())
        if await self._outside.shows(row.step):
            self._mark(row, State.DONE if was_started else State.FOUND)
            return
        if row.step.do.writes_to_github and (seconds := self._pace.wait(self._writes(), self._now())) > 0:
            if seconds > self._pace.apart:
                again = self._now() + timedelta(seconds=seconds)
                say(f"{row.step.words}: waiting until {again:%H:%M} UTC, so many writes an hour are allowed.")
            await self._pause(seconds)
        self._mark(row, State.STARTED)
        try:
            await self._outside.do(row.step)
        except Failure as failure:
            if failure.problem.cause not in LOOK_AFTER or not await self._outside.shows(row.step):
                raise
        self._mark(row, State.DONE)

    def _writes(self) -> list[datetime]:
        """When steps that write to GitHub were done, or were started."""
        rows = self._journal.rows(self._milestone)
        counted = {State.DONE, State.STARTED}
        return sorted(row.at for row in rows if row.state in counted and row.step.do.writes_to_github)

    def _mark(self, row: Row, state: State) -> None:
        self._journal.mark(self._milestone, row.place, state, self._now())

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)


def _saying(tell: Callable[[Progress], None], over: int, total: int) -> Callable[[str], None]:
    return lambda words: tell(Progress(over, total, words))
