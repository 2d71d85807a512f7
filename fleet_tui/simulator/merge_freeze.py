"""Merge Freeze's HTTP API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import FrozenBranch, World
from fleet_tui.simulator.world.model import Unknown

routes = web.RouteTableDef()
BURST = 5


def application(world: World) -> web.Application:
    """Merge Freeze as a sub-application."""
    return sub_application(world, routes, _errors, _Pace(world).middleware)


@routes.get("/api/branches/{account}{slash:/?}")
async def overview(request: web.Request) -> web.Response:
    """All branches of an organization."""
    account = request.match_info["account"]
    branches = [
        branch
        for branch in _world(request).merge_freeze.branches.values()
        if branch.repository.partition("/")[0] == account
    ]
    if not branches:
        raise Unknown(account)
    frozen = [{**_summary(branch), "next_unfreeze_at": None} for branch in branches if branch.claims_frozen]
    unfrozen = [{**_summary(branch), "next_freeze_at": None} for branch in branches if not branch.claims_frozen]
    return web.json_response({"frozen": frozen, "unfrozen": unfrozen})


@routes.get("/api/branches/{account}/{repo}/{branch:.+?}{slash:/?}")
async def show(request: web.Request) -> web.Response:
    """The state of a branch."""
    return web.json_response(_state(_world(request), _branch(request)))


@routes.post("/api/branches/{account}/{repo}/{branch:.+?}{slash:/?}")
async def change(request: web.Request) -> web.Response:
    """Freeze, unfreeze, or say which pull requests are unblocked."""
    world, branch, form = _world(request), _branch(request), await request.post()
    merge_freeze = world.merge_freeze
    unblocked = _numbers(form.get("unblocked_prs"))
    if "frozen" not in form:
        if unblocked is None:
            raise web.HTTPBadRequest(text="frozen or unblocked_prs is required")
        merge_freeze.lose_freeze(branch, unblocked)
    elif str(form["frozen"]).lower() == "true":
        note = str(form["note"]) if "note" in form else None
        merge_freeze.freeze(branch, by=str(form.get("user_name") or "API"), note=note, unblocked=unblocked)
    else:
        merge_freeze.unfreeze(branch)
    if merge_freeze.loses_freeze_on_next_post:
        merge_freeze.loses_freeze_on_next_post = False
        merge_freeze.unfreeze(branch)
    return web.json_response(_state(world, branch))


def _world(request: web.Request) -> World:
    return request.app[WORLD]


def _branch(request: web.Request) -> FrozenBranch:
    place = request.match_info
    return _world(request).merge_freeze.branch(f"{place['account']}/{place['repo']}", place["branch"])


def _state(world: World, branch: FrozenBranch) -> dict[str, Any]:
    state: dict[str, Any] = {
        "branch": branch.name,
        "repository": branch.repository,
        "frozen": branch.claims_frozen,
        "frozen_by": branch.frozen_by,
        "note": branch.note,
    }
    if branch.frozen_at and world.merge_freeze.lists_unblocked:
        state["frozen_at"] = branch.frozen_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if world.merge_freeze.lists_unblocked:
        state["unblocked_prs"] = branch.unblocked
    return state


def _summary(branch: FrozenBranch) -> dict[str, Any]:
    name = f"{branch.repository}/{branch.name}"
    return {"name": name, "url": f"https://www.mergefreeze.com/installations/1/branches/{name}"}


def _numbers(field: object) -> list[int] | None:
    if field is None:
        return None
    try:
        numbers = json.loads(str(field))
    except ValueError:
        numbers = None
    if not isinstance(numbers, list) or not all(isinstance(number, int) for number in numbers):
        raise web.HTTPBadRequest(text="unblocked_prs must be a list of pull request numbers")
    return numbers


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.query.get("access_token") != _world(request).merge_freeze.token:
        return web.json_response({"error": "Invalid access token"}, status=401)
    try:
        return await handler(request)
    except Unknown:
        return web.json_response({"error": "Branch not found"}, status=404)
    except web.HTTPException as error:
        return web.json_response({"error": error.text}, status=error.status)


class _Pace:
    """Lets a short burst of requests through, then the world's `requests_per_second`."""

    def __init__(self, world: World, timer: Callable[[], float] = time.monotonic) -> None:
        self._world = world
        self._timer = timer
        self._left = float(BURST)
        self._at = timer()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        rate = self._world.merge_freeze.requests_per_second
        if rate is not None and not self._admits(rate):
            return web.json_response({"error": "Too many requests"}, status=429, headers={"Retry-After": "1"})
        return await handler(request)

    def _admits(self, rate: float) -> bool:
        now = self._timer()
        self._left = min(float(BURST), self._left + (now - self._at) * rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
