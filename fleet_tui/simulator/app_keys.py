"""Keys under which the parts of the server find what they share."""

from __future__ import annotations

from aiohttp import web

from fleet_tui.simulator.world import World

WORLD = web.AppKey("world", World)
