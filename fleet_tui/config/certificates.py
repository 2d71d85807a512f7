"""Settings: `[certificates]`."""

from __future__ import annotations

from fleet_tui.config.section import Section


class Certificates(Section, frozen=True, kw_only=True):
    """Certificates and other things that expire."""
