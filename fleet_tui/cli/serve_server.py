"""The web server of `fleet-tui serve`: textual-serve's pages and processes, behind our gate."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Mapping
from socket import socket

import aiohttp_jinja2
import jinja2
from aiohttp import web
from textual_serve.server import Server

from fleet_tui.cli.serve_gate import gate, headers
from fleet_tui.services.log import Redacted
from fleet_tui.services.secret import Secret

PASSED_ON = frozenset(
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TERM COLORTERM NO_COLOR VIRTUAL_ENV PYTHONPATH "
    "XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR".split()
)
"""What a program needs to run at all."""
PASSED_ON_TO_REAL_ONE = frozenset(
    "GH_TOKEN GITHUB_TOKEN GH_CONFIG_DIR DBUS_SESSION_BUS_ADDRESS SSL_CERT_FILE SSL_CERT_DIR HTTP_PROXY HTTPS_PROXY "
    "ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy".split()
)
"""What it needs to reach keyring and network. Neither has DISPLAY: a link must not open a browser on the server."""
END_SECONDS = 0.2


def environment(env: Mapping[str, str], withheld: str, *, demo: bool) -> dict[str, str]:
    """What the dashboard inherits of `env`, without the variable `withheld`. The demo gets no token at all."""
    names = PASSED_ON if demo else PASSED_ON | PASSED_ON_TO_REAL_ONE
    return {
        name: value
        for name, value in env.items()
        if name in names or name.startswith("LC_") or (name.startswith("FLEET_TUI_") and name != withheld and not demo)
    }


def application(command: str, url: str, token: Secret, *, title: str) -> web.Application:
    """The web application: each WebSocket starts `command`, a line for the shell, and ends it with itself.

    `url` is the origin under which browsers reach it. The pages are below `/TOKEN/`.
    """
    library = Server(command, title=title, public_url=url)
    pages = web.Application()
    aiohttp_jinja2.setup(pages, loader=jinja2.FileSystemLoader(library.templates_path))
    pages.add_routes(
        [
            web.get("/", library.handle_index),
            web.get("/ws", library.handle_websocket, name="websocket"),
            web.get("/download/{key}", library.handle_download),
            web.static("/static", library.statics_path, name="static"),
        ]
    )
    outer = web.Application(middlewares=[gate(token, url)])
    outer.on_response_prepare.append(headers(url))
    outer.add_subapp(f"/{token.reveal()}", pages)
    return outer


def serve(app: web.Application, listening: socket, env: Mapping[str, str]) -> None:
    """Serve `app` until a signal, with `env` as the environment of this process and of those that it starts.

    Nothing is written of requests: their addresses hold the token. What a dashboard said when it failed goes to
    stderr, as our own words do; the library writes it to stdout.
    """
    os.environ.clear()
    os.environ.update(env)
    words = logging.StreamHandler(sys.stderr)
    words.setFormatter(Redacted("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[words])
    with contextlib.redirect_stdout(sys.stderr):
        web.run_app(app, sock=listening, access_log=None, print=None, shutdown_timeout=END_SECONDS)
