"""A Fleet server's API, as far as its Apple certificate and tokens go, in its newer and its older form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.app_keys import WORLD
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.fleet_server import AppleToken, FleetServer

Answers = Callable[[FleetServer], "dict[str, Any] | None"]


def application(world: World) -> web.Application:
    """The Fleet server as a sub-application."""
    app = web.Application(middlewares=[_authorized])
    app[WORLD] = world
    for path, newer, paid, answers in (
        ("apns", True, False, _push),
        ("mdm/apple", False, False, _push),
        ("abm_tokens", True, True, _abm_tokens),
        ("mdm/apple_bm", False, True, _only_abm_token),
        ("vpp_tokens", True, True, _vpp_tokens),
    ):
        app.router.add_get(f"/api/v1/fleet/{path}", _handler(newer, paid, answers))
    return app


def _handler(newer: bool, paid: bool, answers: Answers) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        server = request.app[WORLD].fleet_server
        if server.newer is not newer:
            return _refusal(404, "Resource Not Found")
        if paid and not server.premium:
            return _refusal(402, "Requires Fleet Premium license")
        answer = answers(server)
        return _refusal(404, "Resource Not Found") if answer is None else web.json_response(answer)

    return handle


@web.middleware
async def _authorized(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get("Authorization") != f"Bearer {request.app[WORLD].fleet_server.token}":
        return _refusal(401, "Authentication required")
    return await handler(request)


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message, "errors": [{"name": "base", "reason": message}]}, status=status)


def _push(server: FleetServer) -> dict[str, Any] | None:
    found = server.push
    if found is None:
        return None
    return {
        "common_name": f"APSP:{found.uuid}",
        "serial_number": found.serial,
        "issuer": "Apple Application Integration 2 Certification Authority",
        "renew_date": _stamp(found.renew_date),
    }


def _abm_tokens(server: FleetServer) -> dict[str, Any]:
    return {"abm_tokens": [_abm(number, token) for number, token in enumerate(server.abm, 1)] or None}


def _only_abm_token(server: FleetServer) -> dict[str, Any] | None:
    if not server.abm:
        return None
    token = server.abm[0]
    return {
        "apple_id": "mdm@example.com",
        "org_name": token.organization,
        "mdm_server_url": "https://fleet.example.com/mdm/apple/mdm",
        "renew_date": _stamp(token.renew_date),
        "default_team": "",
    }


def _abm(number: int, token: AppleToken) -> dict[str, Any]:
    return {
        "id": number,
        "apple_id": "mdm@example.com",
        "org_name": token.organization,
        "mdm_server_url": "https://fleet.example.com/mdm/apple/mdm",
        "renew_date": _stamp(token.renew_date),
        "terms_expired": token.terms_expired,
    }


def _vpp_tokens(server: FleetServer) -> dict[str, Any]:
    return {
        "vpp_tokens": [
            {
                "id": number,
                "org_name": token.organization,
                "location": token.location,
                "renew_date": _stamp(token.renew_date),
                "teams": None,
            }
            for number, token in enumerate(server.vpp, 1)
        ]
        or None
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
