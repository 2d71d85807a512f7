"""The milestone of the coming release and its stories: done, partly merged, under way, not begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from fleet_tui.simulator.seed.people import MANAGERS, PRODUCT_MANAGER, group_of
from fleet_tui.simulator.world import Repository
from fleet_tui.simulator.world.model import Milestone

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seed:
    """A story, with the numbers of the pull requests merged for it before the freeze."""

    number: int
    title: str
    developer: str
    merged: tuple[int, ...] = ()
    done: bool = False
    labels: tuple[str, ...] = ()


STORIES = (
    Seed(16289, "Host vitals: show the disk encryption state", "roperzh", (17102,), done=True),
    Seed(16292, "fleetctl: apply profiles from a folder", "lucasmrod", (17106, 17109), done=True),
    Seed(16295, "Policies: filter by platform", "jacobshandling", (17111,), done=True),
    Seed(16298, "Activity feed: script runs", "mna", (17114,), done=True),
    Seed(16301, "Upload Windows configuration profiles", "ghernandez345"),
    Seed(16305, "Renew ABM tokens without the console", "jahzielv", labels=("customer-blanco",)),
    Seed(16309, "Software installers: deploy .pkg packages", "mna", labels=("customer-rosner",)),
    Seed(16312, "Policy automations: run a script", "getvictor"),
    Seed(16318, "Escrow disk encryption keys on Windows", "gillespi314"),
    Seed(16321, "Query reports", "jacobshandling", (17118, 17122)),
    Seed(16324, "Software titles by team", "sgress454", (17125,), labels=("customer-blanco",)),
    Seed(16327, "Bootstrap package during setup experience", "ghernandez345", (17129,)),
    Seed(16330, "Wipe hosts from fleetctl", "roperzh"),
    Seed(16333, "Vulnerabilities page", "sgress454", labels=("~engineering-initiated",)),
)


def open_stories(repository: Repository, milestone: Milestone, frozen_at: datetime) -> None:
    """Open the stories, weeks before the freeze."""
    template = files("fleet_tui.simulator").joinpath("data", "story.md").read_text("utf-8")
    body = template.rpartition("---\n")[2].lstrip()
    for index, seed in enumerate(STORIES):
        at = frozen_at - (40 - index) * DAY
        group = group_of(seed.developer)
        issue = repository.open_issue(
            seed.title,
            body,
            by=PRODUCT_MANAGER,
            labels=("story", ":product", group, *seed.labels),
            number=seed.number,
            at=at,
        )
        manager = MANAGERS[group]
        issue.remove_label(":product", by=manager, at=at + 9 * DAY)
        issue.add_labels(":release", by=manager, at=at + 9 * DAY)
        issue.set_milestone(milestone, by=manager, at=at + 9 * DAY)
        issue.assign(seed.developer, by=manager, at=at + 10 * DAY)
        _merge_pulls(repository, seed, frozen_at)
        if seed.done:
            issue.close(by=PRODUCT_MANAGER, at=frozen_at - DAY / 2)


def _merge_pulls(repository: Repository, seed: Seed, frozen_at: datetime) -> None:
    for place, number in enumerate(seed.merged):
        pull = repository.open_pull(
            f"{seed.title} (part {place + 1})",
            f"For #{seed.number}",
            by=seed.developer,
            files=("server/service/service.go", f"changes/{seed.number}-part-{place + 1}"),
            number=number,
            at=frozen_at - (6 - place) * DAY,
        )
        pull.merge(by=seed.developer, at=frozen_at - (4 - place) * DAY)
