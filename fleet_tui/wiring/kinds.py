"""The feeds by name. Imports no client, so that stored readings can be painted before any is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.certificates import Inventory
from fleet_tui.domain.community import Members
from fleet_tui.domain.dependencies import Dependency
from fleet_tui.domain.dogfood import Deployments
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.on_call_waiting import Assigned
from fleet_tui.domain.pulls import PullRequest, Story
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.qa_history import QaView
from fleet_tui.domain.release_standing import Standing
from fleet_tui.domain.releases import Milestone
from fleet_tui.domain.rituals import Rituals
from fleet_tui.domain.roster import Roster
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store

KINDS: Mapping[str, tuple[str, Any]] = {
    "freeze": ("State of the freeze", BranchState),
    "pulls": ("Pull requests", tuple[PullRequest, ...]),
    "milestones": ("Milestones", tuple[Milestone, ...]),
    "stories": ("Partly merged stories", tuple[Story, ...]),
    "release_qa": ("Release QA issues", tuple[QaIssue, ...]),
    "checklist": ("Release QA checklist", QaView),
    "bugs": ("Bugs", tuple[Bug, ...]),
    "columns": ("Bugs awaiting QA", dict[int, str]),
    "certificates": ("Certificates", Inventory),
    "roster": ("On-call roster", Roster),
    "rituals": ("Rituals", Rituals),
    "members": ("Members of the organization", Members),
    "assigned": ("Assigned to on-call", tuple[Assigned, ...]),
    "release": ("Coming release", Standing),
    "dependencies": ("Dependencies", tuple[Dependency, ...]),
    "open_stories": ("Stories of the release", tuple[OpenStory, ...]),
    "deployments": ("Deployments to dogfood", Deployments),
    "me": ("Your GitHub account", str),
}
"""What people call each feed, and the type of its values."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "checklist": ("release_qa",),
    "stories": ("milestones",),
    "open_stories": ("milestones",),
    "assigned": ("roster",),
}
"""What each of these feeds cannot be read without: the value of another, be it an old one. A new one has it polled."""


def stored_readings(store: Store) -> dict[str, Reading[Any]]:
    """The last readings of the former run, marked as such."""
    readings: dict[str, Reading[Any]] = {}
    for name, (_, type_) in KINDS.items():
        known = store.reading(name, type_)
        readings[name] = Reading(known[0], known[1], stored=True) if known else Reading()
    return readings
