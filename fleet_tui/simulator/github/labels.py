"""Labels and assignees, one by one."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from fleet_tui.simulator.github import render
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import GithubError, invalid
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world import Issue
from fleet_tui.simulator.world.model import Unknown

routes = web.RouteTableDef()


@routes.get("/repos/{owner}/{repo}/labels")
async def repository_labels(request: web.Request) -> web.Response:
    """All labels of a repository."""
    call = Call(request)
    repo = call.repo()
    return paged(call, list(repo.labels.values()), lambda label: render.label(call.base, repo, label))


@routes.get(r"/repos/{owner}/{repo}/issues/{number:\d+}/labels")
async def list_labels(request: web.Request) -> web.Response:
    """The labels of an issue."""
    call = Call(request)
    issue = call.issue()
    return paged(call, issue.labels, lambda label: render.label(call.base, issue.repository, label))


@routes.post(r"/repos/{owner}/{repo}/issues/{number:\d+}/labels")
async def add_labels(request: web.Request) -> web.Response:
    """Add labels to those that are there."""
    call = Call(request)
    login, issue, wanted = call.pusher(), call.issue(), await call.json_value()
    names: Any = wanted.get("labels") if isinstance(wanted, dict) else wanted
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise invalid("Label", "name")
    issue.add_labels(*names, by=login)
    return _labels(call, issue)


@routes.delete(r"/repos/{owner}/{repo}/issues/{number:\d+}/labels/{name:.+}")
async def remove_label(request: web.Request) -> web.Response:
    """Remove one label."""
    call = Call(request)
    login, issue = call.pusher(), call.issue()
    try:
        issue.remove_label(call.place("name"), by=login)
    except Unknown:
        raise GithubError(404, "Label does not exist") from None
    return _labels(call, issue)


@routes.post(r"/repos/{owner}/{repo}/issues/{number:\d+}/assignees")
async def add_assignees(request: web.Request) -> web.Response:
    """Assign more people; those who cannot be assigned are passed over."""
    call = Call(request)
    login, issue = call.writer(), call.issue()
    if call.may_push:
        issue.assign(*await _logins(call), by=login)
    return web.json_response(render.issue(call.base, issue), status=201)


@routes.delete(r"/repos/{owner}/{repo}/issues/{number:\d+}/assignees")
async def remove_assignees(request: web.Request) -> web.Response:
    """Take people off."""
    call = Call(request)
    login, issue = call.writer(), call.issue()
    if call.may_push:
        issue.unassign(*await _logins(call), by=login)
    return web.json_response(render.issue(call.base, issue))


async def _logins(call: Call) -> list[str]:
    wanted = (await call.json()).get("assignees") or []
    return [login for login in wanted if login.casefold() in call.world.users]


def _labels(call: Call, issue: Issue) -> web.Response:
    return web.json_response([render.label(call.base, issue.repository, label) for label in issue.labels])
