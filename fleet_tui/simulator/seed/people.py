"""The people of the demo world, the repository and its labels."""

from __future__ import annotations

import itertools
from importlib.resources import files

from fleet_tui.simulator.world import Repository, World

REPOSITORY = "fleetdm/fleet"
RELEASE_DRI = "lukeheath"
PRODUCT_MANAGER = "noahtalerman"
MANAGERS = {"#g-mdm": "georgekarrv", "#g-endpoint-ops": "sharon-fdm"}
QA_LEADS = {"#g-mdm": "sabrinabuckets", "#g-endpoint-ops": "xpkoala"}
DEVELOPERS = {
    "#g-mdm": ("gillespi314", "roperzh", "jahzielv", "mna", "ghernandez345"),
    "#g-endpoint-ops": ("lucasmrod", "getvictor", "jacobshandling", "sgress454"),
}

STAFF = (
    RELEASE_DRI,
    PRODUCT_MANAGER,
    *MANAGERS.values(),
    *QA_LEADS.values(),
    *itertools.chain.from_iterable(DEVELOPERS.values()),
    "eashaw",
    "rachaelshaw",
    "zayhanlon",
)
COMMUNITY = ("kiltzsec", "nordic-mac-admin", "tux4ops", "osq-tables")

LABELS = {
    "bug": ("D93F0B", "Something isn't working as documented"),
    "story": ("0E8A16", "A user story defining an entire feature"),
    ":reproduce": ("fbca04", "Involves documenting reproduction steps in the issue"),
    ":product": ("5319e7", "Product Design department (shows up on 🦢 Drafting board)"),
    ":release": ("1d76db", "Ready to write code. Scheduled in a release. See 'Making changes' in handbook."),
    ":incoming": ("c2e0c6", "New issue in triage process."),
    "#g-mdm": ("6f8ff9", "MDM product group"),
    "#g-endpoint-ops": ("6f8ff9", "Endpoint ops product group"),
    "#g-website": ("6f8ff9", "Website product group"),
    "~released bug": ("e99695", "This bug was found in a stable release."),
    "~unreleased bug": ("f9d0c4", "This bug was found in an unreleased version of Fleet."),
    "~release blocker": ("B60205", "This issue blocks the release"),
    "~critical bug": ("B60205", "Blocks a workflow, prevents upgrades, loses data, or is a vulnerability"),
    "~pushed": ("bfd4f2", "Missed the freeze"),
    "~engineering-initiated": (
        "bfdadc",
        "Engineering-initiated story",
    ),
    "P0": ("B60205", "Prioritize as emergency"),
    "P1": ("D93F0B", "Prioritize as critical"),
    "P2": ("fbca04", "Prioritize as urgent"),
    "customer-blanco": ("d4c5f9", None),
    "customer-rosner": ("d4c5f9", None),
    "documentation": ("0075ca", "Improvements or additions to documentation"),
    "dependencies": ("0366d6", "Pull requests that update a dependency file"),
}

TEMPLATES = ("release-qa.md", "bug-report.md", "story.md")


def settle(world: World) -> Repository:
    """Fill an empty world with the people and a repository that has no issues yet."""
    for login in STAFF:
        world.add_user(login)
    for login in COMMUNITY:
        world.add_user(login, member=False)
    world.add_user("dependabot", bot=True, member=False)
    repository = world.add_repo(REPOSITORY)
    for name, (color, description) in LABELS.items():
        repository.label(name, color, description)
    for name in TEMPLATES:
        text = files("fleet_tui.simulator").joinpath("data", name).read_text("utf-8")
        repository.files[f".github/ISSUE_TEMPLATE/{name}"] = text
    repository.files["README.md"] = "# Fleet\n\nOpen-source platform for IT and security teams.\n"
    for index, tag in enumerate(("fleet-v4.43.0", "fleet-v4.43.1", "fleet-v4.44.0", "orbit-v1.21.0", "orbit-v1.22.0")):
        repository.tags[tag] = f"{index + 1:x}" * 40
    world.merge_freeze.protect(REPOSITORY, "main")
    return repository


def group_of(login: str) -> str:
    """The product group that a developer belongs to."""
    return next((group for group, people in DEVELOPERS.items() if login in people), "#g-endpoint-ops")
