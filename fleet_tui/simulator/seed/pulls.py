"""Opening the pull requests of the demo world."""

from __future__ import annotations

from datetime import datetime, timedelta

from fleet_tui.simulator.seed.pull_seeds import PULLS, Ci, Seed
from fleet_tui.simulator.world import PullRequest, Repository
from fleet_tui.simulator.world.model import ChangedFile

CHECKS = ("build", "lint-go", "lint-js", "test-go (mysql:8.0.36)", "test-js")
HOUR = timedelta(hours=1)


def open_pulls(repository: Repository, now: datetime) -> None:
    """Open all of them."""
    for seed in sorted(PULLS, key=lambda seed: -seed.hours):
        _open(repository, seed, now)


def _open(repository: Repository, seed: Seed, now: datetime) -> None:
    pull = repository.open_pull(
        seed.title,
        seed.body,
        by=seed.by,
        files=[ChangedFile(path, 3 + len(path) % 40, len(path) % 9) for path in seed.files],
        base=seed.base,
        draft=seed.draft,
        labels=seed.labels,
        number=seed.number,
        at=now - seed.hours * HOUR,
    )
    run_checks(pull, seed.ci, now)
    for review in seed.reviews:
        pull.review(review.state, by=review.by, body=review.body, at=now - review.hours * HOUR)
    for comment in seed.comments:
        pull.comment(comment.body, by=comment.by, at=now - comment.hours * HOUR)


def run_checks(pull: PullRequest, ci: Ci, now: datetime) -> None:
    """Let continuous integration run on the head commit: `failing` and `pending` are so in one check."""
    if ci == "none":
        return
    start = pull.updated_at if ci != "pending" else now - HOUR / 10
    for index, name in enumerate(CHECKS):
        pull.start_check(name, at=start)
        odd = name.startswith("test-go") and ci in {"failing", "pending"}
        if not (odd and ci == "pending"):
            pull.finish_check(name, "failure" if odd else "success", at=start + (index + 3) * HOUR / 60)
