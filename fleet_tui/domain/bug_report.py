"""A bug found while testing a release, written by the repository's own template."""

from __future__ import annotations

import re

from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import Item
from fleet_tui.domain.release_qa import NewIssue, new_body

STEPS = re.compile(r"^#{1,6} .*\bsteps\b.*$", re.IGNORECASE | re.MULTILINE)
EXPECTED = re.compile(r"^#{1,6} .*\bexpected\b.*$", re.IGNORECASE | re.MULTILINE)
LEFT_OPEN = re.compile(r"(?:\s|\d+\.|[-*]|TODO\b)*(?=^#|^---|\Z)", re.MULTILINE)
FOUND_NEW = "issues found new"
"""How the title of the note begins that collects new bugs."""


def bug_report(
    template: str, item: Item, version: str, qa_issue: int, group: str, *, released: bool, config: Config
) -> NewIssue:
    """The issue for a bug met at `item`: version, steps and expected result filled in, labels and assignee by the rule.

    Its labels are those that let it skip the inbox (domain rule "fast track"): it is reproduced already.
    """
    filled = new_body(template, version, core=True, fleetd=())
    body = _under(filled.body, STEPS, item.steps)
    body = _under(body, EXPECTED, item.expected)
    if item.expected and not EXPECTED.search(filled.body):
        body = f"{body.rstrip()}\n\n## Expected\n\n{item.expected}\n"
    names = config.labels
    kind = names.released_bug[0] if released else names.unreleased_bug[0]
    manager = next((one.manager for one in config.groups if one.label == group), "")
    return NewIssue(
        title=f"{item.name}: ",
        labels=tuple(filter(None, (names.bug[0], kind, group, names.release[0]))),
        assignees=(manager,) if manager else (),
        body=f"{body.rstrip()}\n\nFound in #{qa_issue}, test “{item.name}”.\n",
    )


def _under(body: str, heading: re.Pattern[str], text: str) -> str:
    """`body` with `text` below its heading, in place of what a template leaves to be filled in there."""
    found = heading.search(body)
    if not found or not text:
        return body
    rest = body[found.end() :]
    blank = LEFT_OPEN.match(rest)
    return f"{body[: found.end()]}\n\n{text}\n\n{rest[blank.end() if blank else 0 :]}"
