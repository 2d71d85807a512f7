"""Any number of bugs in all states, each with the right answer beside it: for tests of the whole way, and benches."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.seed.people import COMMUNITY, DEVELOPERS, MANAGERS, PRODUCT_MANAGER, QA_LEADS
from fleet_tui.simulator.world import Issue, World
from fleet_tui.simulator.world.boards import AWAITING_QA

State = Literal["inbox", "acknowledged", "in product drafting", "in engineering", "awaiting QA", "orphan", "closed"]
Clock = Literal["none", "running", "ping", "late"]
"""What the bug's clock says: none runs, in time, ask the reporter, over its limit."""
FIRST_NUMBER = 1001
UNLIMITED = 1_000_000_000
BODY = "**Fleet version**: 4.44.0\n\n### Actual behavior\n\n{0} does not do what it should.\n"
THINGS = (
    "FileVault key",
    "live query",
    "software title",
    "label",
    "OS update",
    "Wi-Fi profile",
    "policy",
    "enroll secret",
)
KINDS = ("~released bug", "~unreleased bug", "~released bug", "~unreleased-bug")
EXTRAS = ((), (), (), ("P1",), ("P2",), ("customer-blanco",), ("~critical bug", "P0"), ("~release blocker",))


@dataclass(frozen=True, slots=True)
class Answer:
    """What must be found of a bug."""

    number: int
    state: State
    since: datetime
    """When it came into its state. The board dates nothing: of `awaiting QA`, when it came to engineering."""
    clock: Clock
    group: str


@dataclass(frozen=True, slots=True)
class Case:
    """A state, for how many days at least and at most, and what the clock says then by the usual limits."""

    state: State
    days: tuple[float, float]
    clock: Clock = "none"


# Well clear of the limits: one business day, 14 and 28 days, 42 days.
CASES = (
    Case("inbox", (0.05, 0.1), "running"),
    Case("inbox", (6, 30), "late"),
    Case("acknowledged", (0.1, 13), "running"),
    Case("acknowledged", (15, 27), "ping"),
    Case("acknowledged", (29, 90), "late"),
    Case("in product drafting", (1, 200)),
    Case("in engineering", (0.1, 40), "running"),
    Case("in engineering", (0.1, 40), "running"),
    Case("in engineering", (44, 300), "late"),
    Case("awaiting QA", (2, 60)),
    Case("orphan", (1, 100)),
    Case("closed", (0.1, 80)),
)


def many_bugs(count: int, now: datetime, seed: int = 7) -> tuple[World, tuple[Answer, ...]]:
    """A world with `count` bugs, the same for the same arguments, and what must be found of each. It limits nobody."""
    world = empty_world(now, seed)
    limits = world.limits
    limits.core = limits.graphql = limits.points_per_minute = limits.creations_per_minute = UNLIMITED
    play = _Play(world, now, random.Random(seed))
    cases = itertools.islice(itertools.cycle(CASES), count)
    return world, tuple(play.bug(number, case) for number, case in enumerate(cases, FIRST_NUMBER))


class _Play:
    """Lets bugs go their ways."""

    def __init__(self, world: World, now: datetime, rng: random.Random) -> None:
        self._world = world
        self._repository = world.repo()
        self._now = now
        self._rng = rng
        self._ways: dict[State, Callable[[Issue, str, datetime], None]] = {
            "inbox": lambda *_: None,
            "acknowledged": self._acknowledge,
            "in product drafting": self._draft,
            "in engineering": self._hand_over,
            "awaiting QA": self._fix,
            "orphan": self._forget,
            "closed": self._close,
        }

    def bug(self, number: int, case: Case) -> Answer:
        """Open a bug and take it to its state, in which it has been since the time of the answer."""
        group = self._rng.choice(list(MANAGERS))
        # To the second, as GitHub tells it.
        since = (self._now - timedelta(days=self._rng.uniform(*case.days))).replace(microsecond=0)
        opened = since if case.state == "inbox" else since - timedelta(days=self._rng.uniform(0.2, 20))
        thing = self._rng.choice(THINGS)
        issue = self._repository.open_issue(
            f"{thing} {number} is wrong",
            BODY.format(thing),
            by=self._rng.choice(COMMUNITY),
            labels=("bug", ":reproduce", *self._rng.choice(EXTRAS)),
            number=number,
            at=opened.replace(microsecond=0),
        )
        self._ways[case.state](issue, group, since)
        return Answer(number, case.state, since, case.clock, group)

    def _acknowledge(self, issue: Issue, group: str, at: datetime) -> None:
        lead = QA_LEADS[group]
        issue.comment("Which version of the agent?", by=lead, at=at)
        issue.assign(lead, by=lead, at=at)

    def _hand_over(self, issue: Issue, group: str, at: datetime) -> None:
        """To engineering: some seen by the manager and given to a developer, others not."""
        lead, manager = QA_LEADS[group], MANAGERS[group]
        issue.remove_label(":reproduce", by=lead, at=at)
        issue.add_labels(group, self._rng.choice(KINDS), ":incoming", ":release", by=lead, at=at)
        issue.assign(manager, by=lead, at=at)
        if self._rng.random() < 0.8:
            issue.remove_label(":incoming", by=manager, at=at)
            issue.assign(self._rng.choice(DEVELOPERS[group]), by=manager, at=at)
            issue.unassign(manager, by=manager, at=at)

    def _draft(self, issue: Issue, group: str, at: datetime) -> None:
        self._hand_over(issue, group, at - timedelta(hours=1))
        manager = MANAGERS[group]
        issue.add_labels(":product", by=manager, at=at)
        issue.remove_label(":release", by=manager, at=at)
        issue.assign(PRODUCT_MANAGER, by=manager, at=at)

    def _fix(self, issue: Issue, group: str, at: datetime) -> None:
        self._hand_over(issue, group, at)
        self._world.boards.board(group).placed[issue.number] = AWAITING_QA

    def _forget(self, issue: Issue, group: str, at: datetime) -> None:
        issue.remove_label(":reproduce", by=QA_LEADS[group], at=at)

    def _close(self, issue: Issue, group: str, at: datetime) -> None:
        self._hand_over(issue, group, at - timedelta(hours=2))
        issue.close(by=QA_LEADS[group], at=at)
