"""Settings: `[alerts]`."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from msgspec import Meta

from fleet_tui.config.section import Section

TerminalNotice = Literal["auto", "osc9", "osc777", "off"]
AlertKind = Literal["freeze", "release", "release qa", "critical bug", "bug", "pull request", "on-call", "certificate"]


class Alerts(Section, frozen=True, kw_only=True):
    """How you are told that something has happened. Whatever is switched off here still stands in the list."""

    bell: Annotated[bool, Meta(description="Ring the terminal's bell.")] = True
    terminal: Annotated[
        TerminalNotice,
        Meta(
            description="The terminal's own notification: the sequence `osc9` (iTerm2, kitty, ghostty, WezTerm) or "
            "`osc777` (foot, rxvt, VTE). `auto` sends what a terminal is known to take, and nothing to one that is not "
            "known. In tmux it also needs `set -g allow-passthrough on` there."
        ),
    ] = "auto"
    desktop: Annotated[bool, Meta(description="A notification of the desktop; needs the extra `notify`.")] = False
    muted: Annotated[tuple[AlertKind, ...], Meta(description="Kinds of alerts that are listed and nothing more.")] = ()
    quiet_from: Annotated[
        time, Meta(description="From this hour on, in the team's zone, alerts are listed and nothing more …")
    ] = time(0)
    quiet_until: Annotated[
        time, Meta(description="… until this one, of the next day if it is the earlier. The same hour: never quiet.")
    ] = time(0)
