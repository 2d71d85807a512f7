"""Settings: `[dependencies]`."""

from __future__ import annotations

from fleet_tui.config.section import Section


class Dependencies(Section, frozen=True, kw_only=True):
    """What the product is built from, and where its newest versions are told."""
