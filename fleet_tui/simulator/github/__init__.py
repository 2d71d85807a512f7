"""GitHub's REST and GraphQL APIs, as far as the program uses them."""

from __future__ import annotations

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD
from fleet_tui.simulator.github import (
    accounts,
    actions,
    commits,
    contents,
    graphql,
    issues,
    labels,
    milestones,
    pulls,
    releases,
    timeline,
)
from fleet_tui.simulator.github.envelope import Envelope
from fleet_tui.simulator.world import World

MODULES = (accounts, issues, labels, timeline, pulls, milestones, commits, contents, releases, actions, graphql)


def application(world: World) -> web.Application:
    """GitHub as a sub-application."""
    envelope = Envelope(world)
    app = web.Application(middlewares=[envelope.middleware])
    app[WORLD] = world
    for module in MODULES:
        app.add_routes(module.routes)
    app.router.add_get("/rate_limit", envelope.show_rate_limit)
    return app
