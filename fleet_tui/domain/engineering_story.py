"""A story that engineering starts by itself, written by the repository's own template."""

from __future__ import annotations

from fleet_tui.config.schema import Config, Group
from fleet_tui.domain.issue_template import read_template
from fleet_tui.domain.release_qa import NewIssue


def engineering_story(template: str, title: str, me: str, group: Group | None, config: Config) -> NewIssue:
    """The story: mine, labelled as engineering's, the manager of my group told (handbook, engineering-initiated)."""
    wanted = read_template(template)
    label = config.labels.engineering_initiated[0]
    known = {name.casefold() for name in wanted.labels}
    labels = (*wanted.labels, *([] if label.casefold() in known else [label]))
    told = f"\n\ncc @{group.manager}" if group else ""
    by = f"Engineering-initiated by @{me}." if me else "Engineering-initiated."
    return NewIssue(title.strip(), labels, (me,) if me else (), f"{wanted.body.rstrip()}\n\n---\n\n{by}{told}\n")
