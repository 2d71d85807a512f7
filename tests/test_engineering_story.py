"""Engineering-initiated stories: by the repository's template, mine, my manager told."""

from __future__ import annotations

from fleet_tui.config.schema import Config
from fleet_tui.domain.engineering_story import engineering_story

CONFIG = Config()
GROUP = CONFIG.groups[0]
TEMPLATE = "---\nname: Story\nlabels: story, ':product'\n---\n## Goal\n\n| As a |\n"
LABEL = CONFIG.labels.engineering_initiated[0]


def test_it_is_the_template_labelled_mine_and_told_to_my_manager() -> None:
    new = engineering_story(TEMPLATE, "  Faster queries ", "mna", GROUP, CONFIG)
    assert new.title == "Faster queries"
    assert new.labels == ("story", "':product'", LABEL)
    assert new.assignees == ("mna",)
    assert new.body == (f"## Goal\n\n| As a |\n\n---\n\nEngineering-initiated by @mna.\n\ncc @{GROUP.manager}\n")


def test_the_label_is_not_set_twice_and_nobody_is_made_up() -> None:
    new = engineering_story(f"---\nlabels: '{LABEL.upper()}'\n---\nbody", "x", "", None, CONFIG)
    assert new.labels == (LABEL.upper(),)
    assert new.assignees == ()
    assert new.body == "body\n\n---\n\nEngineering-initiated.\n"
