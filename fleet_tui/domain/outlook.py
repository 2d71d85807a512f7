"""Everything that follows from the readings at one moment, worked out once for all screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState, Situation, schedule, situation
from fleet_tui.domain.pulls import Block, Candidate, Judged, PullRequest, candidates
from fleet_tui.domain.releases import ComingRelease, Milestone, coming_release


class Outlook(Struct, frozen=True):
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
    return Outlook(at, release, candidates(_blocked(pulls, branch), at.phase, config, judge))


def _blocked(pulls: tuple[PullRequest, ...], branch: BranchState | None) -> tuple[PullRequest, ...]:
    """`pulls` as Merge Freeze's own list has them, where GitHub shows no status: the token may not see any."""
    if branch is None or not branch.frozen or branch.unfrozen is None:
        return pulls
    free = branch.unfrozen
    return tuple(
        replace(pull, block=Block.FREE if pull.number in free else Block.BLOCKED)
        if pull.block is Block.UNKNOWN
        else pull
        for pull in pulls
    )
