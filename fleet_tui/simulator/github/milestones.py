"""Milestones."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from fleet_tui.simulator.github import render
from fleet_tui.simulator.github.call import Call, parse_time
from fleet_tui.simulator.github.errors import GithubError, invalid
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world.model import Milestone

routes = web.RouteTableDef()


@routes.get("/repos/{owner}/{repo}/milestones")
async def list_milestones(request: web.Request) -> web.Response:
    """Milestones by state, the first due first."""
    call = Call(request)
    repo, state = call.repo(), call.argument("state", "open")
    found = [milestone for milestone in repo.milestones.values() if state in ("all", milestone.state)]
    found.sort(key=_due, reverse=call.argument("direction", "asc") == "desc")
    return paged(call, found, lambda milestone: render.milestone(call.base, repo, milestone))


@routes.get(r"/repos/{owner}/{repo}/milestones/{number:\d+}")
async def get_milestone(request: web.Request) -> web.Response:
    """One milestone."""
    call = Call(request)
    return web.json_response(render.milestone(call.base, call.repo(), call.milestone()))


@routes.post("/repos/{owner}/{repo}/milestones")
async def create_milestone(request: web.Request) -> web.Response:
    """Make a milestone."""
    call = Call(request)
    login, repo, wanted = call.pusher(), call.repo(), await call.json()
    if not wanted.get("title"):
        raise invalid("Milestone", "title")
    if any(milestone.title == wanted["title"] for milestone in repo.milestones.values()):
        error = {"resource": "Milestone", "code": "already_exists", "field": "title"}
        raise GithubError(422, "Validation Failed", errors=[error])
    milestone = repo.add_milestone(wanted["title"], by=login)
    _apply(call, milestone, wanted)
    return web.json_response(render.milestone(call.base, repo, milestone), status=201)


@routes.patch(r"/repos/{owner}/{repo}/milestones/{number:\d+}")
async def edit_milestone(request: web.Request) -> web.Response:
    """Rename, reschedule, close or reopen a milestone."""
    call = Call(request)
    call.pusher()
    milestone, wanted = call.milestone(), await call.json()
    _apply(call, milestone, wanted)
    milestone.updated_at = call.world.now()
    return web.json_response(render.milestone(call.base, call.repo(), milestone))


def _apply(call: Call, milestone: Milestone, wanted: dict[str, Any]) -> None:
    if wanted.get("state", "open") not in {"open", "closed"}:
        raise invalid("Milestone", "state")
    milestone.title = wanted.get("title", milestone.title)
    milestone.description = wanted.get("description", milestone.description)
    if "due_on" in wanted:
        milestone.due_on = parse_time(wanted["due_on"], "due_on") if wanted["due_on"] else None
    if "state" in wanted and wanted["state"] != milestone.state:
        milestone.state = wanted["state"]
        milestone.closed_at = call.world.now() if milestone.state == "closed" else None


def _due(milestone: Milestone) -> tuple[bool, float, int]:
    due = milestone.due_on.timestamp() if milestone.due_on else 0.0
    return milestone.due_on is None, due, milestone.number
