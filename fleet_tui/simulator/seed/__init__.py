"""Worlds to start from."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from fleet_tui.simulator.seed.bugs import open_bugs
from fleet_tui.simulator.seed.certificates import hold_certificates
from fleet_tui.simulator.seed.people import RELEASE_DRI, settle
from fleet_tui.simulator.seed.pull_seeds import UNBLOCKED
from fleet_tui.simulator.seed.pulls import open_pulls
from fleet_tui.simulator.seed.release_qa import open_release_qa
from fleet_tui.simulator.seed.rosters import keep_rosters
from fleet_tui.simulator.seed.schedule import due_on, mid_freeze
from fleet_tui.simulator.seed.stories import open_stories
from fleet_tui.simulator.seed.upstream import publish_upstream
from fleet_tui.simulator.world import FixedClock, Repository, World
from fleet_tui.simulator.world.model import Milestone

VERSION = "4.45.0"
CADENCE = timedelta(weeks=3)
FREEZE_NOTE = f"Release freeze for {VERSION}"


def empty_world(now: datetime, seed: int = 7) -> World:
    """People and a repository without issues, its branch not frozen. The clock stands at `now`."""
    world = World(FixedClock(now), seed)
    settle(world)
    return world


def demo_world(now: datetime, seed: int = 7) -> World:
    """Fleet in the middle of a freeze, the same for the same arguments. The clock stands at `now`."""
    world = empty_world(now, seed)
    repository, schedule = world.repo(), mid_freeze(now)
    world.release_at = schedule.release_at
    milestone = _add_milestones(repository, schedule.day, now)
    open_bugs(repository, now, random.Random(seed))
    open_stories(repository, milestone, schedule.frozen_at)
    world.merge_freeze.freeze(
        world.merge_freeze.branch(), by=RELEASE_DRI, note=FREEZE_NOTE, unblocked=UNBLOCKED, at=schedule.frozen_at
    )
    open_pulls(repository, now)
    open_release_qa(repository, VERSION, milestone, now)
    hold_certificates(world, now)
    keep_rosters(world, now)
    publish_upstream(world, now)
    return world


def _add_milestones(repository: Repository, day: date, now: datetime) -> Milestone:
    """The last release's, the coming one's, which is returned, and the one after it."""
    last = repository.add_milestone("4.44.0", by=RELEASE_DRI, at=now - 3 * CADENCE)
    last.state, last.closed_at = "closed", now - CADENCE
    coming = repository.add_milestone(f"{VERSION}-tentative", by=RELEASE_DRI, due_on=due_on(day), at=now - 2 * CADENCE)
    repository.add_milestone("4.46.0-tentative", by=RELEASE_DRI, due_on=due_on(day + CADENCE), at=now - CADENCE)
    return coming
