"""`fleet-tui serve`: the dashboard in a browser."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any

import click

from fleet_tui import keys
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.rules import is_loopback
from fleet_tui.exits import Exit, Stop


class Url(click.ParamType):  # type: ignore[type-arg]
    """The address of a web server, without a path."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its origin, as browsers write it. Raises click's usage error for anything else."""
        from fleet_tui.cli.serve_gate import origin

        try:
            return origin(str(value).lower())
        except ValueError:
            self.fail(f"{value!r} is no address such as https://dash.example.com", param, ctx)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: one that is free.")
@click.option("--url", type=Url(), help="Where browsers find it, if that is elsewhere: behind a proxy with TLS.")
@click.option("--screen", type=click.Choice(list(keys.SCREENS)), help="The screen to begin with.")
@click.option("--write", is_flag=True, help="Keep the keys that change something outside; else it is read-only.")
@click.option("--demo", is_flag=True, help="Show the demo, with invented data.")
@click.pass_obj
def command(start: Start, host: str, port: int, url: str | None, screen: str | None, write: bool, demo: bool) -> int:
    """Show the dashboard in a browser, at an address that holds a random token.

    Read-only unless you say --write. Whoever has the address uses your tokens: do not pass it on. Other machines reach
    it by a tunnel (ssh -L 8000:127.0.0.1:8000 HOST), or with --host and a token of your own in FLEET_TUI_SERVE_TOKEN.
    """
    _require_library()
    from fleet_tui.cli.serve_gate import VARIABLE, token_for
    from fleet_tui.cli.serve_server import application, environment, serve

    token = token_for(host, os.environ)
    if not demo:
        _require_setup(start)
    with _listen(host, port) as listening:
        url = url or _url(host, listening.getsockname()[1])
        read_only = start.read_only or not write
        line = dashboard(start, screen or start.screen, read_only=read_only, demo=demo)
        app = application(line, url, token, title="fleet-tui")
        say(f"Open {url}/{token.reveal()}/ in a browser. {_words(url, read_only=read_only)} Ctrl+C ends it.")
        serve(app, listening, environment(os.environ, VARIABLE, demo=demo))
    return Exit.OK


def dashboard(start: Start, screen: str | None, *, read_only: bool, demo: bool) -> str:
    """The shell's line that starts the dashboard. Everybody on this machine can read it: no token is in it."""
    words = [sys.executable, "-P", "-m", "fleet_tui", "--config", str(start.paths.config_file.absolute())]
    words += ["demo"] if demo else []
    words += ["--read-only"] if read_only else []
    words += ["--screen", screen] if screen else []
    return f"exec {shlex.join(words)}"  # in place of the shell, which would outlive it


def _require_library() -> None:
    if find_spec("textual_serve") is None:
        raise Stop(
            Exit.UNAVAILABLE,
            "The dashboard in a browser needs the extra `web`. Install it the way you installed fleet-tui, in its "
            "clone: pipx install --force '.[web]', uv tool install --force '.[web]' or pip install '.[web]'.",
        )


def _require_setup(start: Start) -> None:
    """What is missing is said here and now, and not to the first who opens the page."""
    from fleet_tui.cli.run import require_setup

    require_setup(start.paths, settings(start.paths), os.environ)


def _listen(host: str, port: int) -> socket.socket:
    """Raises `Stop` when that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Stop(
            Exit.UNAVAILABLE,
            f"Nothing can listen at {host}, port {port} ({why}). Name another: --port 0 takes a free one.",
        ) from None


def _url(host: str, port: int) -> str:
    """Where browsers find what listens there. Raises `Stop` for "everywhere", which is no address to open."""
    from fleet_tui.cli.serve_gate import origin

    if _is_everywhere(host):
        raise Stop(Exit.USAGE, f"{host} is every address of this machine. Say which one browsers use: --url URL.")
    return origin(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _words(url: str, *, read_only: bool) -> str:
    from urllib.parse import urlsplit

    words = "It is read-only." if read_only else "It can write: whoever has this address acts in your name."
    if urlsplit(url).scheme == "http" and not is_loopback(urlsplit(url).hostname or ""):
        words += " Everything, the token too, travels readable: put a proxy with TLS in front, and name it by --url."
    return words
