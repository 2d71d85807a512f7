"""The bugs of the demo world, in every state and of every age."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fleet_tui.simulator.seed.people import COMMUNITY, DEVELOPERS, MANAGERS, PRODUCT_MANAGER, QA_LEADS, STAFF
from fleet_tui.simulator.world import Issue, Repository
from fleet_tui.simulator.world.boards import AWAITING_QA

State = Literal["inbox", "acknowledged", "product", "incoming", "release", "orphan", "closed"]
DAY = timedelta(days=1)
MDM, ENDPOINT = "#g-mdm", "#g-endpoint-ops"

BODY = """**Fleet version**: 4.44.0

**Web browser and operating system**: Chrome 121 on macOS 14.3

---

### 💥  Actual behavior

{title}.

### 🧑‍💻  Steps to reproduce

1. {step}
2. Look at the host's details
"""


@dataclass(frozen=True, slots=True)
class Seed:
    """A bug with a number of its own, opened so many days ago."""

    number: int
    title: str
    state: State
    days: float
    group: str = ENDPOINT
    labels: tuple[str, ...] = ("~released bug",)


BLOCKER = ("~unreleased bug", "~release blocker")
NOTABLE = (
    Seed(16881, "Software inventory lists programs twice on Windows", "release", 19),
    Seed(16902, "Profiles stay pending after a host re-enrolls", "release", 16, MDM, ("~released bug", "P2")),
    Seed(16911, "ABM token is lost when the server restarts", "release", 15, MDM),
    Seed(16923, "Unknown policy id answers 500", "release", 13, MDM),
    Seed(16930, "osquery flags with quotes break the agent", "release", 12),
    Seed(16940, "Migration drops scheduled query results", "release", 2, ENDPOINT, BLOCKER),
    Seed(16944, "Fleet Desktop crashes on Ubuntu 22.04", "release", 3, ENDPOINT, ("~unreleased bug",)),
    Seed(16951, "Policy automations skip hosts without a hostname", "release", 11),
    Seed(16957, "Policy list shows a wrong host count", "release", 8),
    Seed(16963, "Upgrade fails when a team name has a slash", "incoming", 0.4, ENDPOINT, ("~critical bug", "P0")),
    Seed(16968, "Disk encryption banner never goes away", "orphan", 21, MDM, ()),
)  # fmt: skip

CROWD: dict[State, tuple[float, ...]] = {
    "inbox": (0.1, 0.3, 0.7, 1.1, 1.6, 2.2, 3.4, 5.1),
    "acknowledged": (2.5, 4, 6, 9, 13, 17, 20, 24, 31, 38),
    "product": (10, 14, 18, 23, 33, 47, 60, 80, 96),
    "incoming": (3, 4.5, 6, 8),
    "release": (7, 9, 12, 15, 18, 22, 26, 29, 34, 39, 41, 44, 52, 61, 75, 90, 110, 130),
    "closed": (9, 12, 16, 20, 25, 30, 36, 48),
}
"""Ages in days of the bugs that are made up."""
AWAITING_QA_DAYS = (21, 36)
"""Those in engineering of such an age are fixed, and wait for QA in that column of the board."""

WHAT = (
    ("profile {what} fails to install on macOS 14", MDM),
    ("{what} shows a spinner forever", ENDPOINT),
    ("fleetctl gitops ignores {what}", ENDPOINT),
    ("{what} is not removed when the host leaves its team", MDM),
    ("API returns stale {what} after a transfer", ENDPOINT),
    ("wrong error when {what} is empty", ENDPOINT),
    ("ABM sync duplicates {what}", MDM),
)
THINGS = ("FileVault key", "live query results", "software titles", "label membership", "OS update deadline",
          "Wi-Fi profile", "policy resolution", "enroll secret", "Munki issues", "activity feed")  # fmt: skip


def open_bugs(repository: Repository, now: datetime, rng: random.Random) -> None:
    """Open all bugs, oldest first, and let each go its way to its state."""
    for seed in sorted([*NOTABLE, *_crowd(rng)], key=lambda seed: -seed.days):
        _Case(repository, seed, now, rng).play()


def _crowd(rng: random.Random) -> Iterator[Seed]:
    titles = [(pattern.format(what=thing), group) for pattern, group in WHAT for thing in THINGS]
    rng.shuffle(titles)
    numbers = itertools.count(16601, 3)
    ages = [(days, state) for state, all_days in CROWD.items() for days in all_days]
    for (days, state), (title, group) in zip(sorted(ages, reverse=True), titles, strict=False):
        kind = "~released bug" if rng.random() < 0.8 else "~unreleased bug"
        yield Seed(next(numbers), title[0].upper() + title[1:], state, days, group, (kind,))


class _Case:
    """One bug on its way: reported, reproduced, handed over, fixed."""

    def __init__(self, repository: Repository, seed: Seed, now: datetime, rng: random.Random) -> None:
        self._repository = repository
        self._seed = seed
        self._now = now
        self._rng = rng
        self._at = now - seed.days * DAY
        self._qa = QA_LEADS[seed.group]

    def play(self) -> None:
        """Take it as far as its state."""
        state, issue = self._seed.state, self._report()
        if state == "inbox":
            return
        if state == "orphan":
            issue.remove_label(":reproduce", by=self._qa, at=self._later())
            return
        issue.assign(self._qa, by=self._qa, at=self._later())
        if state == "acknowledged":
            question = f"@{issue.author.login} could you tell us the version of the agent?"
            issue.comment(question, by=self._qa, at=self._later())
            return
        self._reproduce(issue)
        if state == "product":
            self._hand_to_product(issue)
        elif state != "incoming":
            self._schedule(issue)
        if state == "release" and AWAITING_QA_DAYS[0] < self._seed.days < AWAITING_QA_DAYS[1]:
            self._repository.world.boards.board(self._seed.group).placed[issue.number] = AWAITING_QA
        if state == "closed":
            issue.close(by=self._qa, at=self._now - self._rng.uniform(0.1, 0.9) * (self._now - self._at))

    def _report(self) -> Issue:
        reporter = self._rng.choice([*COMMUNITY, *STAFF])
        body = BODY.format(title=self._seed.title, step="Enroll a host with the setting turned on")
        return self._repository.open_issue(
            self._seed.title,
            body,
            by=reporter,
            labels=("bug", ":reproduce"),
            number=self._seed.number,
            at=self._at,
        )

    def _reproduce(self, issue: Issue) -> None:
        at = self._later()
        issue.remove_label(":reproduce", by=self._qa, at=at)
        issue.add_labels(self._seed.group, *self._seed.labels, ":incoming", ":release", by=self._qa, at=at)
        issue.unassign(self._qa, by=self._qa, at=at)
        issue.assign(MANAGERS[self._seed.group], by=self._qa, at=at)

    def _hand_to_product(self, issue: Issue) -> None:
        at, manager = self._later(), MANAGERS[self._seed.group]
        issue.remove_label(":incoming", by=manager, at=at)
        issue.remove_label(":release", by=manager, at=at)
        issue.add_labels(":product", by=manager, at=at)
        issue.unassign(manager, by=manager, at=at)
        issue.assign(PRODUCT_MANAGER, by=manager, at=at)

    def _schedule(self, issue: Issue) -> None:
        at, manager = self._later(), MANAGERS[self._seed.group]
        issue.remove_label(":incoming", by=manager, at=at)
        issue.unassign(manager, by=manager, at=at)
        issue.assign(self._rng.choice(DEVELOPERS[self._seed.group]), by=manager, at=at)

    def _later(self) -> datetime:
        """A moment after the last one, always before now."""
        self._at += (self._now - self._at) * self._rng.uniform(0.05, 0.3)
        return self._at
