"""What a spoilt answer looks like on the wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Protocol

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD

UNICORN = """<!DOCTYPE html>
<html>
  <head><title>Unicorn! &middot; GitHub</title></head>
  <body><p><strong>We had issues producing the response to your request.</strong></p></body>
</html>
"""
SLOW_STEPS = 20
HUGE_BYTES = 100_000_000
CHUNK = b" " * 65_536


class Options(Protocol):
    """What an answer needs to know of the rule that asks for it."""

    status: int
    seconds: float
    retry_after: int | None
    reset_after: int
    location: str
    permissions: str


Answer = Callable[[web.Request, Options], Awaitable[web.StreamResponse]]
Damage = Callable[[web.Request, Options, web.StreamResponse], Awaitable[web.StreamResponse]]


async def status(request: web.Request, options: Options) -> web.StreamResponse:
    """A server error: GitHub's HTML page for 502, else JSON."""
    if options.status == 502:
        return web.Response(status=502, text=UNICORN, content_type="text/html")
    return web.json_response({"message": "Server Error"}, status=options.status)


async def hang(request: web.Request, options: Options) -> web.StreamResponse:
    """No answer, and the connection stays."""
    await asyncio.sleep(options.seconds)
    return await drop(request, options)


async def drop(request: web.Request, options: Options) -> web.StreamResponse:
    """The connection is closed before any answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def not_json(request: web.Request, options: Options) -> web.StreamResponse:
    """Text where JSON was announced."""
    return web.Response(text="<html>It works!</html>", content_type="application/json")


async def wrong_shape(request: web.Request, options: Options) -> web.StreamResponse:
    """Valid JSON of other types than promised."""
    wrong = {"number": "seven", "title": None, "labels": 3, "user": [], "frozen": "perhaps", "data": [1]}
    return web.json_response([wrong, "?"] if request.path.endswith("s") else wrong)


async def empty(request: web.Request, options: Options) -> web.StreamResponse:
    """Nothing, with a success status."""
    return web.Response(body=b"", content_type="application/json")


async def huge(request: web.Request, options: Options) -> web.StreamResponse:
    """A hundred megabytes of valid JSON."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with suppress(ConnectionError):  # a client that has had enough goes away
        await response.write(b"[")
        for _ in range(HUGE_BYTES // len(CHUNK)):
            await response.write(CHUNK)
        await response.write(b"]")
    return response


async def unauthorized(request: web.Request, options: Options) -> web.StreamResponse:
    """The token is not, or no longer, valid."""
    return _error(401, "Bad credentials")


async def forbidden(request: web.Request, options: Options) -> web.StreamResponse:
    """The token lacks a permission."""
    missing = {"X-Accepted-GitHub-Permissions": options.permissions}
    return _error(403, "Resource not accessible by personal access token", missing)


async def primary_limit(request: web.Request, options: Options) -> web.StreamResponse:
    """The rate limit is used up."""
    world, graphql = request.config_dict[WORLD], request.path.endswith("/graphql")
    limit = world.limits.graphql if graphql else world.limits.core
    headers = {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Used": str(limit),
        "X-RateLimit-Reset": str(_epoch(world.now()) + options.reset_after),
        "X-RateLimit-Resource": "graphql" if graphql else "core",
    }
    if graphql:
        errors = [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]
        return web.json_response({"errors": errors}, headers=headers)
    return _error(403, "API rate limit exceeded for user ID 1.", headers)


async def secondary_limit(request: web.Request, options: Options) -> web.StreamResponse:
    """Too much at once."""
    headers = {} if options.retry_after is None else {"Retry-After": str(options.retry_after)}
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return _error(429, message, headers)


async def forbidden_limit(request: web.Request, options: Options) -> web.StreamResponse:
    """Too much at once, with 403 as GitHub also says it."""
    headers = {} if options.retry_after is None else {"Retry-After": str(options.retry_after)}
    return _error(403, "You have exceeded a secondary rate limit.", headers)


async def redirect_loop(request: web.Request, options: Options) -> web.StreamResponse:
    """A redirect to itself."""
    return web.Response(status=302, headers={"Location": str(request.url)})


async def redirect_away(request: web.Request, options: Options) -> web.StreamResponse:
    """A redirect to another host."""
    return web.Response(status=302, headers={"Location": options.location})


async def slow(request: web.Request, options: Options, answer: web.StreamResponse) -> web.StreamResponse:
    """The true answer, a few bytes at a time."""
    body = _body(answer)
    response = web.StreamResponse(status=answer.status, headers=_headers(answer, len(body)))
    await response.prepare(request)
    step = max(1, -(-len(body) // SLOW_STEPS))
    with suppress(ConnectionError):
        for start in range(0, len(body), step):
            await asyncio.sleep(options.seconds / SLOW_STEPS)
            await response.write(body[start : start + step])
    return response


async def bare(request: web.Request, options: Options, answer: web.StreamResponse) -> web.StreamResponse:
    """The true answer without its values: objects that have lost their fields, every other line of what is no JSON."""
    body = _body(answer)
    try:
        less = json.dumps(_without_fields(json.loads(body))).encode()
    except ValueError:
        less = b"\r\n".join(body.splitlines()[::2])
    return web.Response(status=answer.status, body=less, headers=_headers(answer, len(less)))


async def skewed(request: web.Request, options: Options, answer: web.StreamResponse) -> web.StreamResponse:
    """The true answer, dated `seconds` ahead."""
    ahead = request.config_dict[WORLD].now() + timedelta(seconds=options.seconds)
    answer.headers["Date"] = format_datetime(ahead.astimezone(UTC), usegmt=True)
    return answer


async def cut(request: web.Request, options: Options, answer: web.StreamResponse) -> web.StreamResponse:
    """The first half of the true answer, then the connection ends."""
    body = _body(answer)
    response = web.StreamResponse(status=answer.status, headers=_headers(answer, max(len(body), 2)))
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return response


ANSWERS: dict[str, Answer] = {
    answer.__name__: answer
    for answer in (
        status,
        hang,
        drop,
        not_json,
        wrong_shape,
        empty,
        huge,
        unauthorized,
        forbidden,
        primary_limit,
        secondary_limit,
        forbidden_limit,
        redirect_loop,
        redirect_away,
    )
}
DAMAGES: dict[str, Damage] = {"slow": slow, "cut": cut, "bare": bare, "skewed": skewed}


def _error(code: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(code)}
    return web.Response(status=code, text=json.dumps(body), content_type="application/json", headers=headers)


def _without_fields(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_fields(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_fields(one) for name, one in value.items() if isinstance(one, dict | list)}
    return value


def _body(answer: web.StreamResponse) -> bytes:
    body = answer.body if isinstance(answer, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _headers(answer: web.StreamResponse, length: int) -> dict[str, str]:
    return {**answer.headers, "Content-Length": str(length)}


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
