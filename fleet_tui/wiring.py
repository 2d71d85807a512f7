"""Builds the services and the feeds from the settings, and ties the feeds that depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleet_tui.actions import Actions
from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.pulls import PullRequest, Story
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.qa_history import QaView
from fleet_tui.domain.releases import Milestone, coming_milestone
from fleet_tui.feed import Feed, Reading
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store

if TYPE_CHECKING:
    from fleet_tui.services.qa_sync import QaSync

KINDS: Mapping[str, tuple[str, Any]] = {
    "freeze": ("State of the freeze", BranchState),
    "pulls": ("Pull requests", tuple[PullRequest, ...]),
    "milestones": ("Milestones", tuple[Milestone, ...]),
    "stories": ("Partly merged stories", tuple[Story, ...]),
    "release_qa": ("Release QA issues", tuple[QaIssue, ...]),
    "checklist": ("Release QA checklist", QaView),
    "me": ("Your GitHub account", str),
}
"""The feeds: what people call them, and the type of their values."""

ACCOUNT_EVERY = 3600.0
WHILE_UNSETTLED = 20.0
CHOSEN_QA_ISSUE = "release qa issue"


def stored_readings(store: Store) -> dict[str, Reading[Any]]:
    """The last readings of the former run, marked as such."""
    readings: dict[str, Reading[Any]] = {}
    for name, (_, type_) in KINDS.items():
        known = store.reading(name, type_)
        readings[name] = Reading(known[0], known[1], stored=True) if known else Reading()
    return readings


class Backend:
    """The services and feeds of one run. Imports the network libraries: make it after the first paint."""

    def __init__(
        self,
        config: Config,
        tokens: Mapping[str, Secret],
        store: Store,
        *,
        now: Callable[[], datetime],
        read_only: bool = False,
        impatient: bool = False,
    ) -> None:
        from fleet_tui.services.freeze_writes import FreezeWrites
        from fleet_tui.services.github import GitHub, github_service
        from fleet_tui.services.github_pulls import OpenPulls
        from fleet_tui.services.github_qa import GitHubQa
        from fleet_tui.services.github_stories import PartlyMerged
        from fleet_tui.services.github_writer import GitHubWriter
        from fleet_tui.services.http import Http
        from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
        from fleet_tui.services.outbox import Outbox
        from fleet_tui.services.qa_reader import QaReader
        from fleet_tui.services.zenhub import ZenHub, zenhub_service

        self._config = config
        self._store = store
        self._now = now
        self.http = Http(store, now=now)
        self.github = GitHub(self.http, github_service(config, tokens.get("github")), config.team.repository)
        self.merge_freeze = MergeFreeze(self.http, merge_freeze_service(config, tokens.get("merge-freeze")), config)
        self.writer = GitHubWriter(config.addresses.github, tokens.get("github"), config.team.repository)
        board_token = tokens.get("zenhub")
        self.zenhub = ZenHub(self.http, zenhub_service(config, board_token)) if board_token else None
        self.open_pulls = OpenPulls(self.github, config, now)
        self.partly_merged = PartlyMerged(self.github, config, self._milestone, now)
        self.freeze_writes = FreezeWrites(
            self.merge_freeze,
            self.github,
            UnfrozenRecord(store, config),
            branch=config.team.branch,
            status_context=config.freeze.status_context,
            look_every=0.2 if impatient else 2.0,
        )
        self.outbox = Outbox(store, config.team.repository)
        self.github_qa = GitHubQa(self.github, config.release_qa.title_patterns, config.labels.release[:1])
        self._qa_reader = QaReader(self.github_qa, self.outbox, self._chosen_qa_issue, self.qa_sync)
        self._qa_syncs: dict[int, QaSync] = {}
        self.actions = Actions(store, now=now, who=lambda: self.login, read_only=read_only)
        first = stored_readings(store)
        fetches: Mapping[str, tuple[Callable[[], Any], Callable[[], float]]] = {
            "freeze": (self.merge_freeze.state, self._freeze_every),
            "pulls": (self.open_pulls.read, self._pulls_every),
            "milestones": (self.github.milestones, lambda: config.polling.milestones),
            "stories": (self.partly_merged.read, lambda: config.polling.stories),
            "release_qa": (self.github_qa.issues, lambda: config.polling.release_qa),
            "checklist": (self._qa_reader.read, self._checklist_every),
            "me": (self.github.login, lambda: ACCOUNT_EVERY),
        }
        self.feeds: dict[str, Feed[Any]] = {
            name: Feed(name, KINDS[name][0], fetch, every, now=now, first=first[name])
            for name, (fetch, every) in fetches.items()
        }

    @property
    def login(self) -> str:
        """Whom the GitHub token belongs to; empty until GitHub has said it."""
        return str(self.feeds["me"].reading.value or "")

    async def run(self, name: str, publish: Callable[[str, Reading[Any]], None]) -> None:
        """Poll one feed until cancelled, publishing each reading."""
        from fleet_tui.services.http import purpose

        purpose.set(name)
        feed = self.feeds[name]
        former = feed.reading.value

        def take(reading: Reading[Any]) -> None:
            nonlocal former
            if reading.value is not former and reading.problem is None:
                self._react(name, former, reading.value)
                former = reading.value
                self._save(name, reading)
            publish(name, reading)

        await feed.run(take)

    def wake(self, names: tuple[str, ...]) -> None:
        """Poll these feeds now."""
        for name in names:
            self.feeds[name].wake()

    async def aclose(self) -> None:
        """Keep the readings and close all connections."""
        for name, feed in self.feeds.items():
            if not feed.reading.stored:
                self._save(name, feed.reading)
        self.outbox.close()
        await self.http.aclose()

    def _save(self, name: str, reading: Reading[Any]) -> None:
        if reading.value is not None and reading.at is not None:
            self._store.save_reading(name, reading.at, reading.value)

    def _react(self, name: str, former: Any, value: Any) -> None:
        """What a change in one feed means for the others."""
        if name == "freeze" and former is not None:
            self.statuses_are_changing()
        elif name == "release_qa":
            self.wake(("checklist",))
        elif name == "milestones":
            self.wake(("stories",))
        elif name == "pulls" and former is not None and {one.number for one in former} - {one.number for one in value}:
            self.partly_merged.read_anew_next_time()
            self.wake(("stories",))

    def statuses_are_changing(self) -> None:
        """Follow the commit statuses closely for a while."""
        self.open_pulls.statuses_are_changing()
        self.wake(("pulls",))

    def qa_sync(self, number: int) -> QaSync:
        """The one sync of a release QA issue; it knows the text as last read from the start, also offline."""
        from fleet_tui.services.qa_sync import QaSync

        if number not in self._qa_syncs:
            sync = QaSync(self.outbox, self.writer, self.github_qa, number, lambda: self.login, self._now)
            view: QaView | None = self.feeds["checklist"].reading.value
            if view and view.body.issue.number == number:
                sync.body = view.body.body
            self._qa_syncs[number] = sync
        return self._qa_syncs[number]

    def choose_qa_issue(self, number: int) -> None:
        """Have the checklist's feed read another issue from now on."""
        self._store.remember(CHOSEN_QA_ISSUE, number)
        self.wake(("checklist",))

    def _chosen_qa_issue(self) -> int | None:
        """The issue that was chosen, if it is still open; else the newest."""
        numbers = [issue.number for issue in self.feeds["release_qa"].reading.value or ()]
        chosen = self._store.recall(CHOSEN_QA_ISSUE, int, 0)
        return chosen if chosen in numbers else next(iter(numbers), None)

    def _checklist_every(self) -> float:
        number, usual = self._chosen_qa_issue(), float(self._config.polling.checklist)
        return usual if number is None else self.qa_sync(number).every(watching=usual, idle=usual)

    def _milestone(self) -> Milestone | None:
        return coming_milestone(self.feeds["milestones"].reading.value or (), self._config.release)

    def _is_frozen(self) -> bool:
        state: BranchState | None = self.feeds["freeze"].reading.value
        return state is not None and state.frozen

    def _freeze_every(self) -> float:
        polling = self._config.polling
        return polling.freeze_while_frozen if self._is_frozen() else polling.freeze

    def _pulls_every(self) -> float:
        polling = self._config.polling
        usual = polling.pulls_while_frozen if self._is_frozen() else polling.pulls
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
