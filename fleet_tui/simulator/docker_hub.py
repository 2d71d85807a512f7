"""Docker Hub's API, as far as the tags of an image go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import World

routes = web.RouteTableDef()
LARGEST_PAGE = 100


def application(world: World) -> web.Application:
    """Docker Hub as a sub-application."""
    return sub_application(world, routes, _limit)


@routes.get("/v2/namespaces/{namespace}/repositories/{repository}/tags")
async def list_tags(request: web.Request) -> web.Response:
    """The tags, the last pushed first."""
    tags = sorted(_tags(request).items(), key=lambda pair: pair[1], reverse=True)
    page, size = int(request.query.get("page", "1")), min(LARGEST_PAGE, int(request.query.get("page_size", "10")))
    start = (page - 1) * size
    more = start + size < len(tags)
    next_page = f"{request.url.with_query(page=page + 1, page_size=size)}" if more else None
    shown = [_shown(name, at) for name, at in tags[start : start + size]]
    return web.json_response({"count": len(tags), "next": next_page, "previous": None, "results": shown})


@routes.get("/v2/namespaces/{namespace}/repositories/{repository}/tags/{tag}")
async def show_tag(request: web.Request) -> web.Response:
    """One tag."""
    tags, name = _tags(request), request.match_info["tag"]
    if name not in tags:
        return web.json_response({"message": f"tag '{name}' not found", "errinfo": {}}, status=404)
    return web.json_response(_shown(name, tags[name]))


def _tags(request: web.Request) -> dict[str, datetime]:
    place = request.match_info
    name = f"{place['namespace']}/{place['repository']}"
    images = request.app[WORLD].upstream.images
    if name not in images:
        raise web.HTTPNotFound(text='{"message": "object not found"}', content_type="application/json")
    return images[name]


def _shown(name: str, at: datetime) -> dict[str, Any]:
    return {"name": name, "last_updated": at.isoformat(), "tag_status": "active", "images": []}


@web.middleware
async def _limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    world = request.app[WORLD]
    until = world.upstream.docker_limited_until
    if until and world.now() < until:
        headers = {"X-Retry-After": str(int(until.timestamp()))}
        return web.json_response({"detail": "Rate limit exceeded", "error": False}, status=429, headers=headers)
    return await handler(request)
