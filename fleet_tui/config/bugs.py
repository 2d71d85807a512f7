"""Settings: `[bugs]`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from fleet_tui.config.section import Section

Days = Annotated[int, Meta(ge=1, le=365)]


class Bugs(Section, frozen=True, kw_only=True):
    """The bug board: how long a bug may stay where, and the texts that go with its moves."""

    inbox_business_days: Annotated[Days, Meta(description="QA moves a bug out of the inbox within so many.")] = 1
    ping_after_days: Annotated[
        Days, Meta(description="An acknowledged bug without a word from its reporter: ask after so many days …")
    ] = 14
    close_after_days: Annotated[Days, Meta(description="… and close it after so many.")] = 28
    triage_after_days: Annotated[
        Days, Meta(description="A bug in engineering that is not fixed within so many days goes to product for triage.")
    ] = 42
    awaiting_qa_column: Annotated[
        str, Meta(min_length=1, description="Column of the groups' boards in which fixed bugs wait for QA.")
    ] = "Awaiting QA"
