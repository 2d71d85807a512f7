"""Keeps one release QA issue and this tester's verdicts the same, with others writing at the same moment.

GitHub has no compare-and-swap. So whatever is to be written is in the outbox first; a round takes the newest body,
writes all that is missing in it at once, and reads it back; and what was seen there is watched, since the save of
somebody with an older copy may wipe it out. Our own save may do the same to others: the edit history shows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from fleet_tui.aside import aside
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa import BodyEdit, Conflict, Pending, QaBody
from fleet_tui.domain.qa_merge import Standing, merged, overwritten, standing
from fleet_tui.domain.qa_watch import NOT_TAKEN, Patience, author
from fleet_tui.services.github_qa import MOST_EDITS, GitHubQa
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_ledger import USUAL, Ledger

LONG_AGO = datetime.min.replace(tzinfo=UTC)
NEWEST_EDITS = 4
UNCHECKED = 8


class QaSync(Ledger):
    """One issue. `sync` is what a feed fetches, and `every` tells the feed when."""

    def __init__(
        self,
        outbox: Outbox,
        writer: GitHubWriter,
        github_qa: GitHubQa,
        number: int,
        who: Callable[[], str],
        now: Callable[[], datetime],
        patience: Patience = USUAL,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(outbox, number, who, now, patience)
        self.writes = 0
        """How often the text was written."""
        self._writer = writer
        self._github = github_qa
        self._jitter = jitter
        self._collisions = 0
        self._not_before = self._saved_at = LONG_AGO
        self._unchecked: deque[tuple[str, str]] = deque(maxlen=UNCHECKED)
        self._nameless_in: str | None = None
        self._one_at_a_time = asyncio.Lock()

    async def sync(self) -> QaBody:
        """One round: read, write all that is missing, read back. Returns the issue as read last.

        Raises `Failure`; what was to be written stays queued, in its order, and shows the problem.
        """
        async with self._one_at_a_time:
            try:
                seen = await self._read()
                if self._due() and self._now() >= self._not_before:
                    await self._write()
                    seen = await self._read()
                await self._check_own_saves()
                await self._name_opponents()
            except Failure as failure:
                self._tell([replace(one, problem=failure.problem) for one in self._due()])
                raise
            return seen

    def every(self, watching: float, idle: float) -> float:
        """Seconds to the next round: soon while something is to be written, `watching` while something is watched."""
        if any(one.problem is None for one in self._due()):
            return max(0.0, (self._not_before - self._now()).total_seconds())
        return watching if self._pending else idle

    async def _read(self) -> QaBody:
        asked = self._now()
        seen = await self._github.issue(self.number)
        if seen.issue.updated < self._saved_at:  # GitHub answers from several machines: this one lags behind our save
            return seen
        if self._look(seen.body, asked):
            self._hold_back()
        elif not self._due():
            self._collisions = 0
        return seen

    def _hold_back(self) -> None:
        """Two writers met: wait for a random time, longer each time, so that they miss each other."""
        self._collisions += 1
        most = min(self.patience.longest_backoff, self.patience.backoff * 2 ** min(self._collisions, 10))
        self._not_before = self._now() + timedelta(seconds=most * self._jitter())

    async def _write(self) -> None:
        due, asked = [one.change for one in self._due()], self._now()
        sent: list[tuple[str, str]] = []

        def change(body: str) -> str:
            new = merged(body, due)
            if new != body:
                sent.append((body, new))
            return new

        try:
            changed = await self._writer.change_body(self.number, change)
        finally:
            self._unchecked.extend(sent)  # also when the answer was lost: the text may be there
            self.writes += len(sent)
        self._look(changed.before, asked)
        self._look(changed.after, self._now())
        if sent:
            self._saved_at = changed.updated_at
        left = [one for one in self._due() if one.change in due]
        refused = [one for one in left if standing(changed.after, one.change) is Standing.MISSING]
        self._tell([replace(one, problem=NOT_TAKEN) for one in refused])

    def _tell(self, several: list[Pending]) -> None:
        """Show problems. Not kept on disk: each run meets its own."""
        self._pending.update({one.change.target: one for one in several})

    async def _check_own_saves(self) -> None:
        """Find out what others saved between our reading and our writing, and give it back to them."""
        while self._unchecked:
            before, after = self._unchecked[0]
            try:
                crossed, *older = await self._versions_before(before, after) or (None,)
            except Failure:
                return  # the next round looks again
            self._unchecked.popleft()
            if crossed and crossed.body is not None and crossed.body != before:
                bodies = [edit.body for edit in older if edit.body is not None]
                lost = await aside(overwritten, before, crossed.body, after, bodies)
                self._give_back(lost, crossed.editor, after)
                self._hold_back()

    async def _versions_before(self, before: str, after: str) -> tuple[BodyEdit, ...]:
        """The versions that were there when we saved `after`, newest first: the first should be `before`.

        Empty when `after` is not in the history: the save never arrived, or was long ago.
        """
        for first in (NEWEST_EDITS, MOST_EDITS):
            edits = await self._github.edits(self.number, first)
            ours = next((place for place, edit in enumerate(edits) if edit.body == after), len(edits))
            former = edits[ours + 1 :]
            if len(edits) < first or (former and former[0].body == before):
                return former
        return former

    async def _name_opponents(self) -> None:
        nameless = [one for one in self._pending.values() if one.conflict and not one.conflict.their_name]
        if not nameless or self._nameless_in == self.body:
            return
        with contextlib.suppress(Failure):  # the next round asks again
            edits = await self._github.edits(self.number)
            self._nameless_in = self.body
            for one in nameless:
                target, conflict = one.change.target, one.conflict
                name = await aside(author, edits, target, conflict.theirs) if conflict else ""
                if conflict and name and self._pending.get(target) is one:
                    self._keep(replace(one, conflict=Conflict(conflict.mine, conflict.theirs, name)))
