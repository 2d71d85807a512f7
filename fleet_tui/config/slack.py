"""Settings: `[slack]`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from fleet_tui.config.section import Section

Channel = Annotated[str, Meta(pattern=r"^#\S+\Z", title="the name of a channel, such as `#help-engineering`")]


class Slack(Section, frozen=True, kw_only=True):
    """Slack. The webhook's address and the bot's token are secrets: `fleet-tui auth set slack-webhook`, `… slack`."""

    webhook_channel: Annotated[
        Channel,
        Meta(description="The channel that the incoming webhook belongs to. Texts for other channels are copied."),
    ] = "#help-engineering"
    escalation_channel: Annotated[
        Channel, Meta(description="Where a critical bug goes that product has not answered within the hour.")
    ] = "#help-p1"
    on_call_group: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9][a-z0-9._-]*\Z",
            title="the handle of a user group, without `@`",
            description="The user group that stands for whoever is on call; moved at each handover.",
        ),
    ] = "oncall"
