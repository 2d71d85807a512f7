"""Slack: one incoming webhook, and the methods of its web API for user groups. Refusals are answered with 200."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.slack import Group, Slack

routes = web.RouteTableDef()


class _Refused(Exception):
    """`error` as Slack names it."""

    def __init__(self, error: str, **details: str) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **details}


def application(world: World) -> web.Application:
    """Slack as a sub-application."""
    return sub_application(world, routes)


@routes.post("/services/{place:.+}")
async def post(request: web.Request) -> web.Response:
    """Post through the webhook. Its answers are plain text."""
    slack = request.app[WORLD].slack
    if request.path.removeprefix("/slack") != slack.webhook:
        return web.Response(status=404, text="no_service")
    try:
        text = (await request.json())["text"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return web.Response(status=400, text="invalid_payload")
    if not text:
        return web.Response(status=400, text="no_text")
    slack.posted.append(text)
    return web.Response(text="ok")


@routes.get("/api/{method}")
@routes.post("/api/{method}")
async def call(request: web.Request) -> web.Response:
    """A method of the web API; arguments come in the query or in a form."""
    slack = request.app[WORLD].slack
    arguments = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
    try:
        if request.headers.get("Authorization") != f"Bearer {slack.token}":
            raise _Refused("invalid_auth")
        scope, method = METHODS.get(request.match_info["method"]) or _unknown()
        if scope not in slack.scopes:
            raise _Refused("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))
        return web.json_response({"ok": True, **method(slack, arguments)})
    except _Refused as refused:
        return web.json_response(refused.answer)


def _unknown() -> Any:
    raise _Refused("unknown_method")


def _list_groups(slack: Slack, arguments: dict[str, str]) -> dict[str, Any]:
    return {"usergroups": [_shown(group) for group in slack.groups]}


def _list_members(slack: Slack, arguments: dict[str, str]) -> dict[str, Any]:
    return {"users": _group(slack, arguments).users}


def _update_members(slack: Slack, arguments: dict[str, str]) -> dict[str, Any]:
    group, users = _group(slack, arguments), [id_ for id_ in arguments.get("users", "").split(",") if id_]
    if not users or set(users) - slack.names.keys():
        raise _Refused("invalid_users" if users else "no_users_provided")
    if not slack.ignores_updates:
        group.users = users
    return {"usergroup": _shown(group)}


def _user(slack: Slack, arguments: dict[str, str]) -> dict[str, Any]:
    id_ = arguments.get("user", "")
    if id_ not in slack.names:
        raise _Refused("user_not_found")
    name = slack.names[id_]
    return {"user": {"id": id_, "name": name, "profile": {"display_name": name, "real_name": name.title()}}}


METHODS = {
    "usergroups.list": ("usergroups:read", _list_groups),
    "usergroups.users.list": ("usergroups:read", _list_members),
    "usergroups.users.update": ("usergroups:write", _update_members),
    "users.info": ("users:read", _user),
}
"""Each method with the scope that it asks for."""


def _group(slack: Slack, arguments: dict[str, str]) -> Group:
    found = next((group for group in slack.groups if group.id == arguments.get("usergroup")), None)
    if found is None:
        raise _Refused("no_such_subteam")
    return found


def _shown(group: Group) -> dict[str, Any]:
    return {"id": group.id, "handle": group.handle, "name": group.handle, "user_count": len(group.users)}
