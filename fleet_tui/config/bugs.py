"""Settings: `[bugs]`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from fleet_tui.config.section import Section

Days = Annotated[int, Meta(ge=1, le=365)]
Text = Annotated[str, Meta(min_length=1)]


class Bugs(Section, frozen=True, kw_only=True):
    """The bug board: how long a bug may stay where, and the texts that go with its moves."""

    inbox_business_days: Annotated[Days, Meta(description="QA moves a bug out of the inbox within so many.")] = 1
    ping_after_days: Annotated[
        Days, Meta(description="An acknowledged bug without a word from its reporter: ask after so many days …")
    ] = 14
    close_after_days: Annotated[
        Days, Meta(description="… and close it after so many, which are more than `ping_after_days`.")
    ] = 28
    triage_after_days: Annotated[
        Days, Meta(description="A bug in engineering that is not fixed within so many days goes to product for triage.")
    ] = 42
    awaiting_qa_column: Annotated[
        str, Meta(min_length=1, description="Column of the groups' boards in which fixed bugs wait for QA.")
    ] = "Awaiting QA"
    ping_text: Annotated[
        Text,
        Meta(
            description="Comment that asks a reporter who has not answered. `{reporter}`, `{number}` and `{title}` "
            "stand for the bug's."
        ),
    ] = (
        "Hi @{reporter}! We could not reproduce this yet, and we have not heard from you for a while. Do you still see "
        "it in the latest version of Fleet? If so, please tell us how to make it happen."
    )
    stale_text: Annotated[
        Text, Meta(description="Comment with which a bug is closed whose reporter has not answered (the same names).")
    ] = (
        "Hi @{reporter}! We are closing this because we could not reproduce it and have not heard from you. If you "
        "still see it, leave a comment here and we will open it again."
    )
    critical_text: Annotated[
        Text,
        Meta(
            description="Alarm for Slack when a critical bug is found. Beside the names above: `{url}`, `{group}`, "
            "`{manager}`, `{product_manager}`, `{minutes}` and `{escalation}` (`slack.escalation_channel`)."
        ),
    ] = (
        ":rotating_light: Critical bug #{number}: {title} {url} – group {group}, engineering manager {manager}. "
        "{product_manager}, please confirm within {minutes} minutes; otherwise this goes to {escalation}."
    )
    critical_answer_minutes: Annotated[
        int, Meta(ge=1, le=1440, description="Product confirms a critical bug within so many minutes.")
    ] = 60
    story_template: Annotated[
        Text, Meta(description="Path in the repository of the template for engineering-initiated stories.")
    ] = ".github/ISSUE_TEMPLATE/story.md"
    filters: Annotated[
        dict[str, Text],
        Meta(description='Saved filters of the board, name by name: `"mdm, late" = "group:mdm is:overdue"`.'),
    ] = msgspec.field(
        default_factory=lambda: {"Mine": "is:mine", "Overdue": "is:overdue", "For customers": "label:customer-"}
    )
