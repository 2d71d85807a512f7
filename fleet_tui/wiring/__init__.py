"""Builds the services and the feeds from the settings, and ties the feeds that depend on each other."""

from __future__ import annotations

from fleet_tui.wiring.backend import Backend
from fleet_tui.wiring.kinds import KINDS, stored_readings

__all__ = ["KINDS", "Backend", "stored_readings"]
