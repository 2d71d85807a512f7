"""The demo world's dependencies: a Go patch and an osquery release behind, Orbit changed; and what was deployed."""

from __future__ import annotations

from datetime import datetime, timedelta

from fleet_tui.simulator.seed.people import RELEASE_DRI
from fleet_tui.simulator.world import Repository, World
from fleet_tui.simulator.world.history import Release
from fleet_tui.simulator.world.upstream import Item
from fleet_tui.simulator.world.workflow import Workflow

DAY = timedelta(days=1)
GO_MODULE = """\
module github.com/fleetdm/fleet/v4

go 1.25.3

require (
\tgithub.com/go-kit/kit v0.12.0
\tgithub.com/macadmins/osquery-extension v1.2.7
\tgithub.com/osquery/osquery-go v0.0.0-20250131154556-629f995b6947
)
"""
OSQUERY_WORKFLOW = """\
name: Generate osqueryd targets for Fleetd

on:
  workflow_dispatch:

env:
  OSQUERY_VERSION: 5.19.0
"""
NEWS = (
    ("CISA Adds Two Known Exploited Vulnerabilities to Catalog", "Agencies have three weeks to remediate them.", 2),
    ("CISA and Partners Release Guidance on Edge Devices", "A guide for operators.", 9),
    ("CISA Opens Registration for the Annual Summit", "Online and in person.", 40),
)
PUSHED = "9f2c41d"
DEPLOYED = ("v4.43.0", "v4.43.1", "v4.44.0")


def publish_upstream(world: World, now: datetime) -> None:
    """Fill the repository's history, and what others publish."""
    repository = world.repo()
    repository.files["go.mod"] = GO_MODULE
    repository.files[".github/workflows/generate-osqueryd-targets.yml"] = OSQUERY_WORKFLOW
    world.upstream.go = [("go1.25.4", True), ("go1.24.10", True)]
    world.upstream.news = [Item(title, text, now - days * DAY) for title, text, days in NEWS]
    _land(repository, now)
    _release(world.add_repo("osquery/osquery"), ("5.18.1", 200), ("5.19.0", 90), ("5.20.0", 12))
    _release(world.add_repo("macadmins/osquery-extension"), ("v1.2.6", 80), ("v1.2.7", 30))
    _deploy(world, now)


def _land(repository: Repository, now: datetime) -> None:
    """Orbit has changed since its last release, fleetd-chrome has not."""
    land, by = repository.history.land, repository.world.user
    tagged = {}
    for tag, days, path in (
        ("fleet-v4.43.0", 43, "server/service/hosts.go"),
        ("orbit-v1.21.0", 42, "orbit/CHANGELOG.md"),
        ("fleet-v4.43.1", 35, "server/mdm/apple/commander.go"),
        ("fleetd-chrome-v1.3.1", 30, "ee/fleetd-chrome/package.json"),
        ("orbit-v1.22.0", 24, "orbit/CHANGELOG.md"),
        ("fleet-v4.44.0", 21, "CHANGELOG.md"),
    ):
        tagged[tag] = land(f"Prepare {tag}", by=by(RELEASE_DRI), at=now - days * DAY, paths=(path,))
        repository.tags[tag] = tagged[tag].sha
    for title, login, days, path in (
        ("Refetch a host after its transfer (#16644)", "lucasmrod", 11, "server/service/hosts.go"),
        ("Show the profile's state in host details (#16702)", "gillespi314", 7, "frontend/pages/hosts/details.tsx"),
        ("fleetd-chrome: documentation of the build (#16731)", "getvictor", 6, "docs/fleetd-chrome.md"),
        ("Orbit: wait longer before each new attempt to enroll (#16755)", "lucasmrod", 5, "orbit/pkg/enroll/retry.go"),
        ("Log the reason of a refused certificate (#16790)", "roperzh", 3, "server/mdm/scep/server.go"),
    ):
        land(title, by=by(login), at=now - days * DAY, paths=(path,))
    for tag, days in (("fleet-v4.43.0", 43), ("fleet-v4.43.1", 35), ("fleet-v4.44.0", 21)):
        repository.releases.append(Release(repository.world.next_id(), tag, now - days * DAY))


def _release(repository: Repository, *tags: tuple[str, int]) -> None:
    world = repository.world
    for tag, days in tags:
        repository.releases.append(Release(world.next_id(), tag, world.now() - days * DAY))
    newest = tags[-1][0]
    beta = Release(world.next_id(), f"{newest}-beta.1", world.now() - DAY, prerelease=True)
    repository.releases.append(beta)


def _deploy(world: World, now: datetime) -> None:
    """The release before this one runs on dogfood; the image of the coming one is there already."""
    workflow = Workflow("dogfood-deploy.yml", "Deploy Dogfood Environment", ("DOCKER_IMAGE",))
    world.repo().workflows[workflow.file] = workflow
    for tag, days in zip(DEPLOYED, (42, 34, 20), strict=True):
        image = {"DOCKER_IMAGE": f"fleetdm/fleet:{tag}"}
        workflow.start(world.next_id(), image, by=world.user(RELEASE_DRI), at=now - days * DAY)
    tags = {tag: now - days * DAY for tag, days in zip((*DEPLOYED, PUSHED, "main"), (43, 35, 21, 1, 0), strict=True)}
    world.upstream.images["fleetdm/fleet"] = {**tags, "v4.45.0": now - DAY / 2}
