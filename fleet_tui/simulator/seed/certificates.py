"""What expires on the Fleet server of the demo's world."""

from __future__ import annotations

from datetime import datetime, timedelta

from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.fleet_server import AppleToken, Push

ORGANIZATION = "Fleet Device Management Inc."


def hold_certificates(world: World, now: datetime) -> None:
    """Give the Fleet server a push certificate in its last weeks, a healthy token, and one that has just expired."""
    server = world.fleet_server
    server.push = Push("5f3c9a1e-7d20-4b8e-9c41-0a6f2de8b7c3", "4D3A19C27E05B8F1", now + timedelta(days=29, hours=2))
    server.abm = [AppleToken(ORGANIZATION, now + timedelta(days=200, hours=5))]
    server.vpp = [AppleToken(ORGANIZATION, now - timedelta(hours=3), location="Headquarters")]
