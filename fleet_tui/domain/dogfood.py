"""Deploying a release to dogfood (handbook: "Deploy a new release to dogfood"): which image, and whether it may go.

Migrations of the database are not undone by an older version, so an older image than the one that runs is refused.
GitHub tells nobody the inputs of a workflow's run. So the image of a run is known when the run's title names it (a
`run-name` in the workflow) or when it was started from here; where it is not known, a person has to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace
from packaging.version import Version

from fleet_tui.config.dependencies import Dependencies
from fleet_tui.domain.versions import version


class ImageTag(Struct, frozen=True):
    """A tag of the product's image."""

    name: str
    updated: datetime | None


class RunState(Enum):
    """How far a workflow's run has come, in people's words."""

    WAITING = "waits to begin"
    RUNNING = "runs"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "was cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class Run(Struct, frozen=True):
    """A run of the workflow."""

    id: int
    number: int
    title: str
    state: RunState
    started: datetime
    """Of the last attempt: to run an old one again deploys its image again."""
    url: str
    actor: str = ""
    image: str = ""
    """The tag that it deploys; empty when nobody tells."""


class Dispatch(Struct, frozen=True):
    """A run that was started from here."""

    at: datetime
    image: str
    run: int | None = None
    """None until GitHub has said which run it became."""


class Judgement(Struct, frozen=True):
    """Whether an image may be deployed now."""

    refusals: tuple[str, ...] = ()
    """Each forbids it."""
    doubts: tuple[str, ...] = ()
    """What a person has to decide, each a sentence."""


class Deployments(Struct, frozen=True):
    """What was deployed, and whether the release's image may be now."""

    runs: tuple[Run, ...]
    """The last first."""
    tag: str = ""
    """The tag of the release's image; empty when no release is known."""
    judgement: Judgement = Judgement()


def run_state(status: str, conclusion: str | None) -> RunState:
    """GitHub's `status` and `conclusion` of a run as one."""
    if status != "completed":
        return RunState.RUNNING if status == "in_progress" else RunState.WAITING
    if conclusion in {"cancelled", "skipped", "stale"}:
        return RunState.CANCELLED
    return RunState.SUCCEEDED if conclusion == "success" else RunState.FAILED


def image_tag(release: str, settings: Dependencies) -> str | None:
    """The image's tag of a release by the release's tag: `fleet-v4.45.0` is `v4.45.0`. None when it is no release."""
    number = release.removeprefix(settings.release_tag_prefix)
    tag = f"{settings.image_tag_prefix}{number}"
    return tag if number != release and tag_version(tag, settings) else None


def image_in(title: str, settings: Dependencies) -> str:
    """The image's tag that a run's title names (`… fleetdm/fleet:v4.45.0`); empty when it names none."""
    found = re.search(rf"(?:\A|[\s/'\"`(]){re.escape(settings.image)}:(\w[\w.-]*)", title)
    return found[1].rstrip(".") if found else ""


def tag_version(tag: str, settings: Dependencies) -> Version | None:
    """The version that an image's tag names; None for a commit's hash, a branch and the like."""
    number = tag.removeprefix(settings.image_tag_prefix)
    if number == tag or not re.match(r"[0-9]+\.[0-9]+\.[0-9]+", number):
        return None
    return version(number)


def with_images(runs: Iterable[Run], dispatches: Iterable[Dispatch]) -> tuple[Run, ...]:
    """`runs` with the images of those that were started from here, the last started first."""
    ours: Mapping[int | None, str] = {one.run: one.image for one in dispatches if one.run is not None}
    known = (replace(run, image=run.image or ours.get(run.id, "")) for run in runs)
    return tuple(sorted(known, key=lambda run: (run.started, run.id), reverse=True))


def runs_now(runs: Sequence[Run]) -> Run | None:
    """The last run that succeeded: its image is the one that runs. `runs` begin with the last."""
    return next((run for run in runs if run.state is RunState.SUCCEEDED), None)


def judge(
    tag: str,
    *,
    is_known: bool,
    runs: Sequence[Run],
    dispatches: Sequence[Dispatch],
    settings: Dependencies,
    now: datetime,
) -> Judgement:
    """Whether the image `tag` may be deployed. `is_known`: Docker Hub has it; `runs` begin with the last."""
    refusals = [*_not_this_image(tag, settings, is_known=is_known), *_not_now(runs, dispatches, settings, now)]
    doubts = []
    present, wanted = runs_now(runs), tag_version(tag, settings)
    newest = _newest([run for run in runs if run.state is RunState.SUCCEEDED], settings)
    if wanted and newest and wanted < newest[0]:
        refusals.append(f"{newest[1].image} has been deployed: {tag} is older, and migrations are not undone.")
    if present is None:
        doubts.append("No deployment has succeeded that GitHub still lists: which version runs is not known.")
    elif tag_version(present.image, settings) is None and present.image != tag:
        what = present.image or "an image that GitHub does not name"
        doubts.append(f"Run #{present.number} deployed {what}: whether it is newer than {tag} is not known.")
    elif wanted is None and present.image != tag:
        doubts.append(f"Whether {tag} is older than {present.image}, which runs now, is not known.")
    since = runs[: runs.index(present)] if present else runs
    failed = _newest([run for run in since if run.state.is_over], settings)
    if wanted and failed and wanted < failed[0]:
        run = failed[1]
        doubts.append(f"Run #{run.number} with {run.image} {run.state.value}: it may have migrated the database.")
    return Judgement(tuple(refusals), tuple(doubts))


def _not_this_image(tag: str, settings: Dependencies, *, is_known: bool) -> list[str]:
    if tag.casefold() in {moving.casefold() for moving in settings.moving_image_tags}:
        return [f"{settings.image}:{tag} changes with every push: deploy a release, or a commit by its hash."]
    return [] if is_known else [f"Docker Hub has no image {settings.image}:{tag}."]


def _not_now(runs: Sequence[Run], dispatches: Sequence[Dispatch], settings: Dependencies, now: datetime) -> list[str]:
    if going := next((run for run in runs if not run.state.is_over), None):
        return [f"Run #{going.number} {going.state.value}: wait for its end."]
    pause = timedelta(seconds=settings.deploy_pause)
    if any(abs(now - one.at) < pause for one in dispatches):
        return ["A deployment was started from here a moment ago: wait until GitHub shows its run."]
    return []


def _newest(runs: Iterable[Run], settings: Dependencies) -> tuple[Version, Run] | None:
    """The highest version that one of `runs` deployed, and that run; None when no version is known."""
    known = [(found, run) for run in runs if (found := tag_version(run.image, settings))]
    return max(known, key=lambda pair: pair[0], default=None)
