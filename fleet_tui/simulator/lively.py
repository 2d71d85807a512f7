"""Life in the world: now and then somebody does something, so that a demo breathes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fleet_tui.simulator.world import PullRequest, World

SHORTEST_PAUSE, LONGEST_PAUSE = 20.0, 40.0
REMARKS = (
    "Rebased on main.",
    "Tested on macOS 14.3, works for me.",
    "Could you add a changes file?",
    "CI is flaky today, running it again.",
)


async def live(world: World) -> None:
    """Let things happen, until cancelled."""
    while True:
        await asyncio.sleep(world.random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
        happen(world)


def happen(world: World) -> None:
    """Let one thing happen."""
    open_pulls = world.repo().pulls(state="open")
    if open_pulls:
        world.random.choice(HAPPENINGS)(world, world.random.choice(open_pulls))


def _check(world: World, pull: PullRequest) -> None:
    """A check run finishes; where none is going on, one starts."""
    running = [run for run in pull.head.checks if run.conclusion is None]
    if running:
        pull.finish_check(running[0].name, "success" if world.random.random() < 0.8 else "failure")
    else:
        pull.start_check("test-js")


def _remark(world: World, pull: PullRequest) -> None:
    author = world.random.choice([pull.author.login, "getvictor", "sharon-fdm"])
    pull.comment(world.random.choice(REMARKS), by=author)


def _acknowledge(world: World, pull: PullRequest) -> None:
    """QA takes a bug from the inbox; where there is none, somebody remarks on the pull request."""
    inbox = [
        issue
        for issue in world.repo().issues.values()
        if issue.state == "open" and ":reproduce" in issue.label_names and not issue.assignees
    ]
    if inbox:
        inbox[0].assign("xpkoala", by="xpkoala")
    else:
        _remark(world, pull)


HAPPENINGS: tuple[Callable[[World, PullRequest], None], ...] = (_check, _check, _remark, _acknowledge)
