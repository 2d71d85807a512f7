"""What happened to an issue."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Any

from aiohttp import web

from fleet_tui.simulator.github import render, render_pull
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world import Issue, PullRequest
from fleet_tui.simulator.world.model import Event

routes = web.RouteTableDef()


@routes.get(r"/repos/{owner}/{repo}/issues/{number:\d+}/events")
async def events(request: web.Request) -> web.Response:
    """Events, without comments and mentions elsewhere: GitHub leaves those to the timeline."""
    call = Call(request)
    issue = call.issue()
    shown = [event for event in issue.events if event.kind != "cross-referenced"]
    return paged(call, shown, lambda event: _event(call.base, issue, event))


@routes.get(r"/repos/{owner}/{repo}/issues/{number:\d+}/timeline")
async def timeline(request: web.Request) -> web.Response:
    """All that happened, oldest first."""
    call = Call(request)
    issue, base = call.issue(), call.base
    entries: list[tuple[datetime, dict[str, Any]]] = [(event.at, _event(base, issue, event)) for event in issue.events]
    entries += [
        (comment.created_at, {**render.comment(base, issue, comment), "event": "commented"})
        for comment in issue.comments
    ]
    if isinstance(issue, PullRequest):
        entries += [
            (review.submitted_at, {**render_pull.review(base, issue, review), "event": "reviewed"})
            for review in issue.reviews
        ]
    return paged(call, sorted(entries, key=itemgetter(0)), itemgetter(1))


def _event(base: str, issue: Issue, event: Event) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "event": event.kind,
        "actor": render.user(base, event.actor),
        "created_at": render.timestamp(event.at),
    }
    if event.source:
        source = {"type": "issue", "issue": render.issue(base, event.source)}
        return shown | {"updated_at": shown["created_at"], "source": source}
    shown |= {
        "id": event.id,
        "node_id": f"EV_kwDO{event.id:08x}",
        "url": f"{base}/repos/{issue.repository.full_name}/issues/events/{event.id}",
        "commit_id": None,
        "commit_url": None,
    }
    if event.label:
        shown["label"] = {"name": event.label.name, "color": event.label.color}
    if event.assignee:
        shown["assignee"] = render.user(base, event.assignee)
        shown["assigner"] = shown["actor"]
    if event.milestone:
        shown["milestone"] = {"title": event.milestone}
    if event.renamed:
        shown["rename"] = {"from": event.renamed[0], "to": event.renamed[1]}
    return shown
