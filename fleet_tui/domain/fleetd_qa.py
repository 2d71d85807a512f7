"""The release QA issue of a fleetd release: made when Orbit, Desktop or fleetd-chrome have changed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from fleet_tui.domain.dependency_issues import MARKED, MARKER, OpenIssue
from fleet_tui.domain.release_qa import NewIssue, new_body
from fleet_tui.domain.upstream import Changes

KEY = "fleetd"
MOST_COMMITS = 30


def fleetd_qa(template: str, version: str, components: Iterable[Changes]) -> NewIssue | None:
    """The issue by the repository's template, for the components that have changed; None when none has.

    `version` is the one to be released. Below the template's text stand each component's last release and commits.
    """
    changed = [one for one in components if one.commits and one.tag]
    if not changed:
        return None
    issue = new_body(template, version, core=False, fleetd=[one.name for one in changed])
    told = "\n\n".join(map(_told, changed))
    body = f"{issue.body.rstrip()}\n\n## Changes\n\n{told}\n\n{MARKER.format(key=KEY)}\n"
    return replace(issue, body=body)


def open_fleetd_qa(issues: Iterable[OpenIssue]) -> OpenIssue | None:
    """The open issue that was made here for a release of fleetd; None when there is none."""
    return next((one for one in issues if KEY in MARKED.findall(one.body)), None)


def _told(changes: Changes) -> str:
    # `@babel/core` in a title would call a person of that name
    lines = [f"- {one.sha[:8]} {one.title.replace('@', '@<!-- -->')}" for one in changes.commits[:MOST_COMMITS]]
    if len(changes.commits) > MOST_COMMITS:
        lines.append(f"- and {len(changes.commits) - MOST_COMMITS} more")
    return "\n".join([f"{changes.name}, since {changes.tag}:", "", *lines])
