"""What all of GitHub's answers have in common: who may ask, how often, and what has not changed."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC
from email.utils import format_datetime

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.github.call import CALLER, Caller
from fleet_tui.simulator.github.errors import GithubError, not_found
from fleet_tui.simulator.github.limits import Quota, RateLimiter
from fleet_tui.simulator.world import Token, World
from fleet_tui.simulator.world.model import Gone, Moved, Unknown

GRAPHQL_PATH = "/github/graphql"
RATE_LIMIT_PATH = "/github/rate_limit"
COMMON_HEADERS = {
    "Server": "github.com",
    "Cache-Control": "private, max-age=60, s-maxage=60",
    "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP",
    "X-GitHub-Media-Type": "github.v3; format=json",
    "X-GitHub-Api-Version-Selected": "2022-11-28",
}


class Envelope:
    """Authentication, rate limits, ETags and the common headers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limiter = RateLimiter(world)
        self._request_ids = itertools.count(0xC0DE)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Wrap every answer."""
        response = await self._answer(request, handler)
        response.headers.update(COMMON_HEADERS)
        response.headers["X-GitHub-Request-Id"] = f"{next(self._request_ids):04X}:1A2B:3C4D5E:6F7081"
        response.headers["Date"] = format_datetime(self._world.now().astimezone(UTC), usegmt=True)
        return response

    async def show_rate_limit(self, request: web.Request) -> web.Response:
        """`GET /rate_limit`."""
        login = request[CALLER].login
        quotas = {name: _shown(self._limiter.quota(login, name)) for name in ("core", "graphql")}
        return web.json_response({"resources": quotas, "rate": quotas["core"]})

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not request.headers.get("User-Agent"):
                raise GithubError(403, "Request forbidden by administrative rules. A User-Agent header is required.")
            token = self._authenticate(request)
        except GithubError as error:
            return error.response()
        resource = "graphql" if request.path == GRAPHQL_PATH else "core"
        quota = self._limiter.quota(token.login if token else "", resource)
        request[CALLER] = Caller(token, quota)
        response = await self._limited(request, handler)
        response.headers.update(quota.headers)
        return response

    def _authenticate(self, request: web.Request) -> Token | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        token = self._world.token(secret) if scheme.lower() in {"bearer", "token"} else None
        if token is None:
            raise GithubError(401, "Bad credentials")
        return token

    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == RATE_LIMIT_PATH:
            return await _handled(request, handler)
        caller = request[CALLER]
        if not caller.quota.remaining:
            return _limit_exceeded(caller.quota)
        writes = request.method not in {"GET", "HEAD"} and caller.quota.resource == "core"
        try:
            self._limiter.check_secondary(caller.login, writes=writes, creates=writes and request.method == "POST")
        except GithubError as error:
            return error.response()
        response = _conditional(request, await _handled(request, handler))
        caller.quota.used += response.status != 304
        return response


async def _handled(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except GithubError as error:
        return error.response()
    except (Unknown, web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return not_found().response()
    except Gone:
        return GithubError(410, "This issue was deleted").response()
    except Moved as moved:
        return _moved(request, moved)


def _moved(request: web.Request, moved: Moved) -> web.Response:
    parts = request.raw_path.split("/")  # ['', 'github', 'repos', owner, name, …, 'issues', number, …]
    parts[3:5] = moved.repository.split("/")
    if moved.number is not None:
        parts[6] = str(moved.number)
    url = f"{request.scheme}://{request.host}{'/'.join(parts)}"
    status = 301 if request.method in {"GET", "HEAD"} else 307
    return GithubError(status, "Moved Permanently", headers={"Location": url}, url=url).response()


def _limit_exceeded(quota: Quota) -> web.Response:
    if quota.resource == "graphql":
        error = {"type": "RATE_LIMITED", "message": "API rate limit already exceeded for user ID 1."}
        return web.json_response({"errors": [error]})
    return GithubError(403, "API rate limit exceeded for user ID 1.").response()


def _conditional(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.method != "GET" or response.status != 200 or not isinstance(response, web.Response):
        return response
    names = ("Authorization", "Accept")
    identity = " ".join([*(request.headers.get(name, "") for name in names), str(request.rel_url), ""]).encode()
    body = response.body if isinstance(response.body, bytes) else b""
    etag = f'W/"{hashlib.sha256(identity + body).hexdigest()}"'
    offered = request.headers.get("If-None-Match", "")
    # no Link header on a 304, as on GitHub
    answer = web.Response(status=304) if etag.removeprefix("W/") in offered else response
    answer.headers["ETag"] = etag
    return answer


def _shown(quota: Quota) -> dict[str, int]:
    return {
        "limit": quota.limit,
        "used": quota.used,
        "remaining": quota.remaining,
        "reset": int(quota.reset.timestamp()),
    }
