"""What the parts of the server share, and where they find it."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Middleware

from fleet_tui.simulator.world import World

WORLD = web.AppKey("world", World)


def sub_application(world: World, routes: Iterable[web.AbstractRouteDef], *middlewares: Middleware) -> web.Application:
    """One service of `world`, to be put under its name."""
    app = web.Application(middlewares=middlewares)
    app[WORLD] = world
    app.add_routes(routes)
    return app
