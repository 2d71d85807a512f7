"""Everything that follows from the readings at one moment, worked out once for all screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState, Situation, schedule, situation
from fleet_tui.domain.pulls import Candidate, Judged, PullRequest, candidates
from fleet_tui.domain.releases import ComingRelease, Milestone, coming_release


@dataclass(frozen=True, slots=True)
class Outlook:
    """The situation of the branch, the release it is about, and the pull requests judged."""

    at: Situation
    release: ComingRelease | None = None
    candidates: tuple[Candidate, ...] = ()


def outlook(
    branch: BranchState | None,
    milestones: tuple[Milestone, ...],
    pulls: tuple[PullRequest, ...],
    now: datetime,
    config: Config,
    judge: Callable[[PullRequest], Judged],
) -> Outlook:
    """The outlook at `now`."""
    release = coming_release(milestones, config.release, now.astimezone(config.team.zone).date())
    plan = schedule(release, config) if release else None
    at = situation(branch, plan, now, config)
    return Outlook(at, release, candidates(pulls, at.phase, config, judge))
