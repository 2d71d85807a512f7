"""Accounts, organizations and repositories."""

from __future__ import annotations

from aiohttp import web

from fleet_tui.simulator.github import render
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world.model import User

routes = web.RouteTableDef()


@routes.get("/user")
async def viewer(request: web.Request) -> web.Response:
    """Who calls."""
    call = Call(request)
    return _full(call, call.user())


@routes.get("/users/{login}")
async def account(request: web.Request) -> web.Response:
    """An account."""
    call = Call(request)
    return _full(call, call.world.user(call.place("login")))


@routes.get("/orgs/{org}/members")
async def members(request: web.Request) -> web.Response:
    """The people of an organization; who is none of them sees those who are so in public."""
    call = Call(request)
    sees_all = call.user().member
    members = (user for user in call.world.users.values() if user.member and (sees_all or not user.concealed))
    people = sorted(members, key=lambda user: user.id)
    return paged(call, people, lambda user: render.user(call.base, user))


@routes.get("/repos/{owner}/{repo}")
async def repository(request: web.Request) -> web.Response:
    """A repository."""
    call = Call(request)
    return web.json_response(render.repository(call.base, call.repo(), push=call.may_push))


def _full(call: Call, user: User) -> web.Response:
    shown = render.user(call.base, user) or {}
    return web.json_response({**shown, "name": user.name, "company": "@fleetdm" if user.member else None})
