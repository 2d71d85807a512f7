"""The release: its standing, dependencies, stories, dogfood, and the conclusion of its milestone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from fleet_tui.domain.dogfood import Deployments, image_tag
from fleet_tui.domain.release_standing import Standing
from fleet_tui.domain.roster import Roster
from fleet_tui.services.conclusion_facts import ConclusionFacts
from fleet_tui.services.conclusion_journal import Begun, ConclusionJournal
from fleet_tui.services.conclusion_outside import Outside, Systems
from fleet_tui.services.conclusion_run import ConclusionRun, Pace
from fleet_tui.services.dependencies import DependencyTable
from fleet_tui.services.docker_hub import DockerHub
from fleet_tui.services.dogfood import DispatchRecord, Dogfood
from fleet_tui.services.release_standing import ReleaseStanding
from fleet_tui.services.story_pushes import StoryPushes
from fleet_tui.services.workflows import Workflow
from fleet_tui.wiring.freeze import FreezeArea
from fleet_tui.wiring.source import Common, Source

WHILE_DEPLOYING = 20.0


class ReleaseArea:
    """Everything that the release screen reads and writes. `impatient`: without the pauses that real systems need."""

    def __init__(self, common: Common, freeze: FreezeArea, *, impatient: bool = False) -> None:
        config, github, http = common.config, common.github, common.http
        self._common = common
        self._polling = config.polling
        self._partly_merged = freeze.partly_merged
        self._standing = ReleaseStanding(github, common.calendars, config)
        self.dependencies = DependencyTable(http, github, config, common.store)
        self.pushes = StoryPushes(github, common.writer, config)
        self.dogfood = Dogfood(
            Workflow(github, config.dependencies, config.team.branch),
            DockerHub(http, config),
            DispatchRecord(common.store, config),
            config,
            common.now,
            look_every=0.05 if impatient else 10.0,
        )
        self.facts = ConclusionFacts(github, common.zenhub, config)
        self._systems = Systems(github, common.writer, common.zenhub, freeze.merge_freeze, freeze.writes)
        limit = config.release.writes_an_hour
        self._pace = Pace(limit, apart=0.0, settle=0.0) if impatient else Pace(limit)

    @cached_property
    def journal(self) -> ConclusionJournal:
        """How far conclusions have come. Raises `Failure` while the state file cannot be written."""
        return ConclusionJournal(self._common.store, self._common.config.team.repository)

    def conclusion(self, begun: Begun) -> ConclusionRun:
        """The run of a conclusion that stands in the journal."""
        common = self._common
        outside = Outside(self._systems, common.config, begun, lambda: common.login)
        return ConclusionRun(self.journal, outside, self._pace, now=common.now)

    def sources(self) -> Mapping[str, Source]:
        """The feeds `release`, `dependencies`, `open_stories`, `deployments`."""
        polling = self._polling
        return {
            "release": Source(self._read_standing, lambda: polling.release),
            "dependencies": Source(self._read_dependencies, lambda: polling.dependencies),
            "open_stories": Source(self._partly_merged.read_all, lambda: polling.stories),
            "deployments": Source(self._read_deployments, self._deployments_every),
        }

    def react(self, name: str, former: Any, value: Any) -> None:
        """A story that was merged, other stories; another release, another image; who is on call gets what is filed."""
        if name == "stories":
            self._common.wake(("open_stories",))
        elif name == "release" and (former is None or former.version != value.version):
            self._common.wake(("deployments",))
        elif name == "roster" and former is None:
            self._common.wake(("dependencies",))

    def close(self) -> None:
        """Let another program go on with what is begun."""
        if "journal" in self.__dict__:
            self.journal.close()

    async def _read_standing(self) -> Standing:
        return await self._standing.read(self._common.now())

    async def _read_dependencies(self) -> Any:
        return await self.dependencies.read(self._on_call())

    def _on_call(self) -> str:
        """The login of who is on call in the first rotation; empty while nobody is known."""
        roster: Roster | None = self._common.value("roster")
        return next((shift.login for shift in roster.on_call(self._common.now())), "") if roster else ""

    async def _read_deployments(self) -> Deployments:
        standing: Standing | None = self._common.value("release")
        settings = self._common.config.dependencies
        tag = image_tag(f"{settings.release_tag_prefix}{standing.version}", settings) if standing else None
        return await self.dogfood.look(tag or "")

    def _deployments_every(self) -> float:
        shown: Deployments | None = self._common.value("deployments")
        is_going = shown is not None and any(not run.state.is_over for run in shown.runs)
        return WHILE_DEPLOYING if is_going else self._polling.deployments
