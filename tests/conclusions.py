"""What the tests of a conclusion share: the services that it needs, and how a milestone is begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion import Conclusion, unconcluded
from fleet_tui.services.conclusion_facts import ConclusionFacts
from fleet_tui.services.conclusion_journal import ConclusionJournal
from fleet_tui.services.conclusion_outside import Outside, Systems
from fleet_tui.services.conclusion_run import ConclusionRun, Pace
from fleet_tui.services.freeze_writes import FreezeWrites
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN

ZENHUB_TOKEN = "sim-zenhub"


class NoRecord:
    """Nothing was unfrozen."""

    def load(self) -> frozenset[int]:
        return frozenset()

    def save(self, numbers: frozenset[int]) -> None:
        assert numbers == frozenset()


def systems(http: Http, config: Config, *, zenhub: bool = True) -> Systems:
    """The services, without any pause between writes."""
    secret = Secret(GITHUB_TOKEN)
    github = GitHub(http, github_service(config, secret), config.team.repository)
    writer = GitHubWriter(config.addresses.github, secret, config.team.repository, pause=0.0)
    boards = ZenHub(http, zenhub_service(config, Secret(ZENHUB_TOKEN))) if zenhub else None
    merge_freeze = MergeFreeze(http, merge_freeze_service(config, Secret(MERGE_FREEZE_TOKEN)), config)
    freeze = FreezeWrites(
        merge_freeze, github, NoRecord(), branch="main", status_context=config.freeze.status_context, look_every=0.0
    )
    return Systems(github, writer, boards, merge_freeze, freeze)


async def planned(there: Systems, config: Config) -> Conclusion:
    """The dry run of the milestone that is to be concluded."""
    facts = ConclusionFacts(there.github, there.zenhub, config)
    milestones = await facts.milestones()
    milestone = unconcluded(milestones, config.release)
    assert milestone is not None
    return await facts.plan(milestone, milestones)


@dataclass(frozen=True, slots=True)
class Bench:
    """A program that concludes a milestone, or goes on with it."""

    there: Systems
    config: Config
    journal: ConclusionJournal
    now: Callable[[], datetime]

    async def run(self, pace: Pace) -> ConclusionRun:
        """The run: of what is unfinished, else of a new plan."""
        if self.journal.unfinished() is None:
            plan = await planned(self.there, self.config)
            self.journal.begin(plan.milestone.number, plan.title, plan.steps, self.now())
        begun = self.journal.unfinished()
        assert begun is not None
        outside = Outside(self.there, self.config, begun, lambda: "mna")
        return ConclusionRun(self.journal, outside, pace, now=self.now)


@contextmanager
def bench(there: Systems, config: Config, store: Store, now: Callable[[], datetime]) -> Iterator[Bench]:
    """Such a program, until it ends."""
    journal = ConclusionJournal(store, config.team.repository)
    try:
        yield Bench(there, config, journal, now)
    finally:
        journal.close()
