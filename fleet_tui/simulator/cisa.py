"""CISA's news feed."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.upstream import Item

routes = web.RouteTableDef()
SITE = "https://www.cisa.gov"


def application(world: World) -> web.Application:
    """CISA as a sub-application."""
    return sub_application(world, routes)


@routes.get("/news.xml")
async def news(request: web.Request) -> web.Response:
    """The news as RSS 2.0; the summaries are HTML, escaped."""
    items = "".join(map(_item, request.app[WORLD].upstream.news))
    channel = f"<channel><title>CISA News</title>{items}</channel>"
    feed = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">{channel}</rss>'
    return web.Response(text=feed, content_type="application/rss+xml")


def _item(item: Item) -> str:
    link = f"{SITE}/news-events/news/{item.title.casefold().replace(' ', '-')}"
    return (
        f"<item><title>{escape(item.title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(f'<p>{escape(item.summary)}</p>')}</description>"
        f"<pubDate>{format_datetime(item.at)}</pubDate></item>"
    )
