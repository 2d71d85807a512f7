"""Settings: `[on_call]`."""

from __future__ import annotations

from fleet_tui.config.section import Section


class OnCall(Section, frozen=True, kw_only=True):
    """Who is on call, and what waits for them."""
