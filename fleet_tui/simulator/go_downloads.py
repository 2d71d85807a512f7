"""Go's list of downloads."""

from __future__ import annotations

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import World

routes = web.RouteTableDef()


def application(world: World) -> web.Application:
    """The list as a sub-application."""
    return sub_application(world, routes)


@routes.get("/dl/")
async def downloads(request: web.Request) -> web.Response:
    """The newest versions; a page for people unless `mode=json` is asked for."""
    if request.query.get("mode") != "json":
        return web.Response(text="<!DOCTYPE html><title>All releases</title>", content_type="text/html")
    versions = request.app[WORLD].upstream.go
    return web.json_response([{"version": name, "stable": stable, "files": []} for name, stable in versions])
