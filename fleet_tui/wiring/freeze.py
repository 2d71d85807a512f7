"""The freeze: Merge Freeze, pull requests, milestones, partly merged stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.releases import Milestone, coming_milestone
from fleet_tui.services.freeze_writes import FreezeWrites
from fleet_tui.services.github_pulls import OpenPulls
from fleet_tui.services.github_stories import PartlyMerged
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.store import Store
from fleet_tui.wiring.source import Common, Source

WHILE_UNSETTLED = 20.0


class FreezeArea:
    """Everything that the freeze screen reads and writes."""

    def __init__(self, common: Common, *, impatient: bool = False) -> None:
        config = common.config
        self._common = common
        self._polling = config.polling
        merge_freeze = MergeFreeze(common.http, merge_freeze_service(config, common.tokens.get("merge-freeze")), config)
        self.merge_freeze = merge_freeze
        self.open_pulls = OpenPulls(common.github, config, common.now)
        self.partly_merged = PartlyMerged(common.github, config, self._milestone, common.now)
        self.writes = FreezeWrites(
            merge_freeze,
            common.github,
            UnfrozenRecord(common.store, config),
            branch=config.team.branch,
            status_context=config.freeze.status_context,
            look_every=0.2 if impatient else 2.0,
        )

    def sources(self) -> Mapping[str, Source]:
        """The feeds `freeze`, `pulls`, `milestones`, `stories`."""
        return {
            "freeze": Source(self.merge_freeze.state, self._freeze_every),
            "pulls": Source(self.open_pulls.read, self._pulls_every),
            "milestones": Source(self._common.github.milestones, lambda: self._polling.milestones),
            "stories": Source(self.partly_merged.read, lambda: self._polling.stories),
        }

    def react(self, name: str, former: Any, value: Any) -> None:
        """A freeze that changed means statuses that turn; a pull request that went, stories to look at again."""
        if name == "freeze" and former is not None:
            self.statuses_are_changing()
        elif name == "pulls" and former is not None and {one.number for one in former} - {one.number for one in value}:
            self.partly_merged.read_anew_next_time()
            self._common.wake(("stories",))

    def close(self) -> None:
        """Nothing is held."""

    def statuses_are_changing(self) -> None:
        """Follow the commit statuses closely for a while."""
        self.open_pulls.statuses_are_changing()
        self._common.wake(("pulls",))

    def _milestone(self) -> Milestone | None:
        return coming_milestone(self._common.need("milestones"), self._common.config.release)

    def _is_frozen(self) -> bool:
        state: BranchState | None = self._common.value("freeze")
        return state is not None and state.frozen

    def _freeze_every(self) -> float:
        return self._polling.freeze_while_frozen if self._is_frozen() else self._polling.freeze

    def _pulls_every(self) -> float:
        usual = self._polling.pulls_while_frozen if self._is_frozen() else self._polling.pulls
        return min(usual, WHILE_UNSETTLED) if self.open_pulls.is_unsettled else usual


class UnfrozenRecord:
    """Our own record of the pull requests that are unfrozen, kept in the store."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._name = f"unfrozen {config.team.repository} {config.team.branch}"

    def load(self) -> frozenset[int]:
        """The numbers."""
        return self._store.recall(self._name, frozenset[int], frozenset())

    def save(self, numbers: frozenset[int]) -> None:
        """Replace the numbers."""
        self._store.remember(self._name, numbers)
