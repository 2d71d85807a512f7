"""Changing the freeze with care: nothing that others unfroze is lost, and nothing is believed before it is seen.

Merge Freeze replaces its whole list at each write, has opened a repository by mistake while still answering "frozen",
and pushes its commit statuses one by one. So each write sends the complete list, is read back, and is watched on the
head commits at GitHub. A write is never repeated by itself.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Protocol

from fleet_tui.domain.freeze import BranchState, FreezeLost
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.domain.pulls import Block, PullRequest, unfrozen_by_status
from fleet_tui.services.github import GitHub
from fleet_tui.services.merge_freeze import MergeFreeze

Tell = Callable[[str], None]
"""Says to the person what is going on."""

MERGE_FREEZE = "Merge Freeze"
LOST_ANSWER = frozenset({Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE})


class Record(Protocol):
    """Our own record of what was unfrozen since the freeze began, for when Merge Freeze lists nothing."""

    def load(self) -> frozenset[int]:
        """The numbers."""

    def save(self, numbers: frozenset[int]) -> None:
        """Replace the numbers."""


class FreezeWrites:
    """Freezes, lifts, and unfreezes single pull requests."""

    def __init__(
        self,
        merge_freeze: MergeFreeze,
        github: GitHub,
        record: Record,
        *,
        branch: str,
        status_context: str,
        look_every: float = 2.0,
        seconds_a_pull: float = 1.5,
        least_seconds: float = 30.0,
    ) -> None:
        self._merge_freeze = merge_freeze
        self._github = github
        self._record = record
        self._branch = branch
        self._context = status_context
        self._look_every = look_every
        self._seconds_a_pull = seconds_a_pull
        self._least_seconds = least_seconds
        self._written_at = -math.inf
        self._one_at_a_time = asyncio.Lock()

    async def unfreeze(self, pull: PullRequest, pulls: Collection[PullRequest], *, by: str, tell: Tell) -> str:
        """Let `pull` merge although the branch is frozen; returns what was done, as a sentence.

        `pulls` are all open pull requests as last read. Raises `Failure`, `FreezeLost` or `Unconfirmed`.
        """
        async with self._one_at_a_time:
            before = await self._frozen_state(pull, tell)
            known = await self._known_unfrozen(before, pulls)
            wanted = known | {pull.number}
            others = f", beside {len(known)} that already are" if known - {pull.number} else ""
            tell(f"Asking Merge Freeze to unfreeze #{pull.number}{others} …")
            after = await self._post_and_read_back(wanted, before, by)
            self._record.save(wanted if after.unfrozen is None else after.unfrozen)
            self._written_at = asyncio.get_running_loop().time()
            self._check_list(pull, after)
        guard = next((one for one in pulls if one.block is Block.BLOCKED and one.number not in wanted), None)
        await self._watch(pull, guard, wanted, self._patience(pulls), tell)
        return f"#{pull.number} may merge now."

    async def freeze(self, *, by: str, note: str, unfrozen: Iterable[int] = (), tell: Tell) -> str:
        """Freeze the branch but for `unfrozen`; returns what was done. Raises `Failure`."""
        numbers = frozenset(unfrozen)
        async with self._one_at_a_time:
            tell(f"Freezing {self._branch} …")
            write = self._merge_freeze.freeze(by=by, note=note, unfrozen=numbers)
            if not await self._is_frozen_after(write, wanted=True):
                raise self._refused(
                    f"Merge Freeze took it, but {self._branch} is still open.", "Freeze it at mergefreeze.com."
                )
            self._record.save(numbers)
        return f"{self._branch} is frozen."

    async def lift(self, *, by: str, note: str, tell: Tell) -> str:
        """Open the branch; returns what was done. Raises `Failure`."""
        async with self._one_at_a_time:
            tell(f"Lifting the freeze of {self._branch} …")
            if await self._is_frozen_after(self._merge_freeze.lift(by=by, note=note), wanted=False):
                raise self._refused(
                    f"Merge Freeze took it, but {self._branch} is still frozen.", "Lift it at mergefreeze.com."
                )
            self._record.save(frozenset())
        return f"{self._branch} is open."

    async def _is_frozen_after(self, write: Awaitable[None], *, wanted: bool) -> bool:
        """The state read back after `write`, also when its answer was lost: it may have arrived all the same."""
        try:
            await write
        except Failure as failure:
            if failure.problem.cause not in LOST_ANSWER or (await self._merge_freeze.state()).frozen is not wanted:
                raise
            return wanted
        return (await self._merge_freeze.state()).frozen

    async def _frozen_state(self, pull: PullRequest, tell: Tell) -> BranchState:
        tell(f"Looking how {self._branch} stands …")
        state = await self._merge_freeze.state()
        if not state.frozen:
            raise self._refused(f"{self._branch} is not frozen any more.", f"#{pull.number} can merge as it is.")
        return state

    async def _known_unfrozen(self, state: BranchState, pulls: Collection[PullRequest]) -> frozenset[int]:
        if state.unfrozen is not None:
            return state.unfrozen
        # `pulls` may be old: GitHub does not date a status that turns. And the record may be of a former freeze:
        # it counts while the statuses of our last write are still turning, afterwards only where they confirm it.
        recorded = self._record.load() & {pull.number for pull in pulls}
        known = await self._free_now([pull for pull in pulls if pull.block is Block.BLOCKED or pull.number in recorded])
        if asyncio.get_running_loop().time() - self._written_at < self._patience(pulls):
            known |= recorded
        return known | unfrozen_by_status(pulls)

    async def _free_now(self, pulls: Collection[PullRequest]) -> frozenset[int]:
        free = await asyncio.gather(*(self._is_free(pull) for pull in pulls))
        return frozenset(pull.number for pull, is_free in zip(pulls, free, strict=True) if is_free)

    def _patience(self, pulls: Collection[PullRequest]) -> float:
        """How many seconds Merge Freeze may need to set the statuses of all."""
        return self._least_seconds + self._seconds_a_pull * len(pulls)

    async def _post_and_read_back(self, wanted: frozenset[int], before: BranchState, by: str) -> BranchState:
        try:
            await self._merge_freeze.freeze(by=by, note=before.note, unfrozen=wanted)
        except Failure as failure:
            if failure.problem.cause not in LOST_ANSWER:
                raise
            after = await self._merge_freeze.state()  # the write may have arrived all the same
            if after.frozen and after.unfrozen is not None and wanted <= after.unfrozen:
                return after
            if after.frozen:
                raise
        else:
            after = await self._merge_freeze.state()
        if not after.frozen:
            raise self._lost(wanted)
        return after

    def _check_list(self, pull: PullRequest, after: BranchState) -> None:
        if after.unfrozen is not None and pull.number not in after.unfrozen:
            sentence = f"#{pull.number} is not in Merge Freeze's list: somebody changed it at the same moment."
            raise self._refused(sentence, "Look at the list, then try again.")

    async def _watch(
        self, pull: PullRequest, guard: PullRequest | None, wanted: frozenset[int], limit: float, tell: Tell
    ) -> None:
        """Until the status on the head commit has turned; a pull request that must stay blocked is watched too."""
        clock = asyncio.get_running_loop().time
        started, trouble = clock(), ""
        while (waited := clock() - started) < limit:
            tell(f"Waiting for GitHub to show #{pull.number} as unfrozen … {waited:.0f} s of at most {limit:.0f} s")
            try:
                if guard and await self._is_free(guard) and await self._was_opened(guard):
                    raise self._lost(wanted)
                if await self._is_free(pull):
                    return
            except FreezeLost:
                raise
            except Failure as failure:  # looking again is harmless
                trouble = failure.problem.detail
            await asyncio.sleep(self._look_every)
        sentence = f"Merge Freeze took #{pull.number}, but GitHub does not show it as unfrozen yet."
        raise Unconfirmed(Problem(MERGE_FREEZE, Cause.SLOW, sentence, "Its row will show when it is.", trouble))

    async def _is_free(self, pull: PullRequest) -> bool:
        return await self._github.status(pull.head, self._context) == "success"

    async def _was_opened(self, guard: PullRequest) -> bool:
        """Whether `guard` is free because the branch is open, and not because somebody unfroze it meanwhile."""
        state = await self._merge_freeze.state()
        listed = self._record.load() if state.unfrozen is None else state.unfrozen
        return not (state.frozen and guard.number in listed)

    def _lost(self, unfrozen: frozenset[int]) -> FreezeLost:
        sentence = f"{self._branch} came out OPEN: Merge Freeze has lifted the whole freeze."
        return FreezeLost(Problem(MERGE_FREEZE, Cause.REFUSED, sentence, "Freeze it again now."), unfrozen)

    def _refused(self, sentence: str, remedy: str) -> Failure:
        return Failure(Problem(MERGE_FREEZE, Cause.REFUSED, sentence, remedy))
