"""Lists in pages, with the `Link` header that leads to the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aiohttp import web

from fleet_tui.simulator.github.call import Call

T = TypeVar("T")
DEFAULT_SIZE, LARGEST_SIZE = 30, 100


def paged(call: Call, items: Sequence[T], render: Callable[[T], Any]) -> web.Response:
    """The page of `items` that the call asks for."""
    page, size, start = window(call)
    last = max(1, -(-len(items) // size))
    places = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    if page <= 1:
        places = {name: place for name, place in places.items() if name not in {"prev", "first"}}
    if page >= last:
        places = {name: place for name, place in places.items() if name not in {"next", "last"}}
    links = ", ".join(f'<{_address(call, place)}>; rel="{name}"' for name, place in places.items())
    headers = {"Link": links} if links else {}
    return web.json_response([render(item) for item in items[start : start + size]], headers=headers)


def window(call: Call) -> tuple[int, int, int]:
    """Number and size of the page that the call asks for, and where it starts."""
    page = max(1, _number(call, "page", 1))
    size = min(LARGEST_SIZE, max(1, _number(call, "per_page", DEFAULT_SIZE)))
    return page, size, (page - 1) * size


def _number(call: Call, name: str, default: int) -> int:
    text = call.argument(name)
    return int(text) if text.isdecimal() else default


def _address(call: Call, page: int) -> str:
    url = call.request.rel_url.update_query(page=str(page))
    return f"{call.request.scheme}://{call.request.host}{url}"
