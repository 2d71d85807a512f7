"""A group is ready for the release when its QA lead has told the release DRI so, in a comment on the QA issue."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import Progress


def ready_comment(group: str, version: str, figures: Progress, config: Config, *, override: bool) -> str:
    """The comment that says that `group` is ready."""
    told = f"@{config.team.release_dri} {group} is ready for {version}: "
    told += f"{figures.passed} of {figures.total} tests passed"
    if figures.failed or figures.untested or override:
        told += f", {figures.failed} failed, {figures.untested} untested"
    return f"{told}." + ("\n\nSaid although not every test passed." if override else "")


def ready_groups(comments: Iterable[tuple[str, str]], groups: Iterable[str]) -> dict[str, str]:
    """The groups that somebody said are ready, and who did; `comments` are author and text, oldest first."""
    patterns = {label: re.compile(rf"^\s*(@[\w-]+\s+)*{re.escape(label)} is ready\b", re.M | re.I) for label in groups}
    found: dict[str, str] = {}
    for author, text in comments:
        for label, pattern in patterns.items():
            if pattern.search(text):
                found[label] = author
    return found


def why_not_ready(figures: Progress) -> str:
    """What is missing, as a sentence; empty when every test passed."""
    missing = [
        f"{number} {word}"
        for number, word in ((figures.untested, "untested"), (figures.failed, "failed"), (figures.other, "not clear"))
        if number
    ]
    return f"Of {figures.total} tests, {' and '.join(missing)}." if missing else ""
