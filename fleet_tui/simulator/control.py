"""Control addresses: faults, latency, counts of requests, and changes of the world."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.deeds import DEEDS
from fleet_tui.simulator.faults import Faults
from fleet_tui.simulator.journal import Journal
from fleet_tui.simulator.world import World


def application(world: World, faults: Faults, requests: Journal) -> web.Application:
    """The control addresses as a sub-application."""
    controls = Controls(world, faults, requests)
    app = web.Application(middlewares=[_plain_errors])
    app.add_routes(
        [
            web.get("/world", controls.show_world),
            web.post("/world", controls.change_world),
            web.post("/faults", controls.add_fault),
            web.delete("/faults", controls.clear_faults),
            web.post("/latency", controls.set_latency),
            web.get("/requests", controls.count_requests),
            web.delete("/requests", controls.forget_requests),
        ]
    )
    return app


class Controls:
    """The handlers."""

    def __init__(self, world: World, faults: Faults, requests: Journal) -> None:
        self._world = world
        self._faults = faults
        self._requests = requests

    async def show_world(self, request: web.Request) -> web.Response:
        """What a launcher may want to know: the time in the world and when its release is due."""
        release = self._world.release_at
        return web.json_response(
            {"now": self._world.now().isoformat(), "release_at": release.isoformat() if release else None}
        )

    async def change_world(self, request: web.Request) -> web.Response:
        """`{"op": "comment", "number": 7, "body": "…", "by": "mna"}`: do one of `DEEDS`."""
        arguments: dict[str, Any] = await request.json()
        deed = DEEDS[arguments.pop("op")]
        deed(self._world, **arguments)
        return web.json_response({"done": True})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Put a fault rule in force; its fields are those of `Fault`."""
        rule: dict[str, Any] = await request.json()
        self._faults.add(rule.pop("kind"), **rule)
        return web.json_response({"rules": len(self._faults.rules)})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Lift all fault rules and the latency."""
        self._faults.clear()
        return web.json_response({"rules": 0})

    async def set_latency(self, request: web.Request) -> web.Response:
        """`{"service": "github", "min": 50, "max": 300}`: milliseconds before each answer."""
        wanted: dict[str, Any] = await request.json()
        self._faults.latency[wanted.get("service", "*")] = float(wanted["min"]), float(wanted["max"])
        return web.json_response({"latency": self._faults.latency})

    async def count_requests(self, request: web.Request) -> web.Response:
        """How many requests there were."""
        return web.json_response(self._requests.counts())

    async def forget_requests(self, request: web.Request) -> web.Response:
        """Start counting anew."""
        self._requests.clear()
        return web.json_response({"total": 0})


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (LookupError, TypeError, ValueError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
