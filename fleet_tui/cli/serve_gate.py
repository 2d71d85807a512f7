"""What stands between the browser and the dashboard: a token in every address, and the `Origin` of every WebSocket."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from fleet_tui.config.rules import is_loopback
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.secret import Secret

VARIABLE = "FLEET_TUI_SERVE_TOKEN"
SHORTEST = 32
"""Characters of a token of one's own: nobody guesses as many, not even in a network that asks all day."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
    # The library's page has its script inline, and would load a font from somewhere else: which would tell of us.
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src {socket}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def token_for(host: str, env: Mapping[str, str]) -> Secret:
    """The token in the address: the one of `env`, else a random one, which only this machine's own `host` may have.

    Raises `Stop` for a host that others reach without a token of one's own, and for a token that is too weak.
    """
    own = env.get(VARIABLE, "")
    if own:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{{SHORTEST},}}", own):
            raise Stop(
                Exit.REFUSED,
                f"{VARIABLE} must have {SHORTEST} letters, digits, `-` or `_`, or more. "
                "To make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        return Secret(own)
    if not is_loopback(host):
        raise Stop(
            Exit.REFUSED,
            f"{host} can be reached from other machines, and whoever reaches the dashboard sees what you see. "
            f"Set {VARIABLE} to a token of your own with {SHORTEST} characters or more; or stay with the default, "
            "and reach it by `ssh -L`.",
        )
    return Secret(secrets.token_urlsafe(32))


def origin(url: str) -> str:
    """What a browser sends as the `Origin` of a page at `url`: scheme, host and, unless it is the usual one, port.

    Raises `ValueError` when `url` is no address of a web server.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or parts.path.strip("/"):
        raise ValueError("not an address such as https://dash.example.com")
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in {None, usual} else "")


def gate(token: Secret, allowed: str) -> Middleware:
    """A middleware that lets a request in when the first part of its path is `token`.

    What asks for a WebSocket must also come from a page of the origin `allowed`: a browser opens one for any page.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.path.split("/")[1]
        if not hmac.compare_digest(given.encode(), token.reveal().encode()):
            raise web.HTTPForbidden(text="The address lacks the token, or has a wrong one. Copy it from the terminal.")
        wants_socket = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
        if wants_socket and request.headers.get(hdrs.ORIGIN) != allowed:
            raise web.HTTPForbidden(text=f"This page is not from {allowed}, and nobody else may connect.")
        return await handler(request)

    return check


def headers(allowed: str) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """For `on_response_prepare`: adds `HEADERS`, for pages of the origin `allowed`."""
    socket = allowed.replace("http", "ws", 1)
    added = {name: value.format(socket=socket) for name, value in HEADERS.items()}

    async def add(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(added)

    return add
