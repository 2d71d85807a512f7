"""`fleet-tui` by itself: the dashboard."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO, get_args

from fleet_tui.cli.start import Start, settings
from fleet_tui.config.on_call import SecretAddress
from fleet_tui.config.schema import Config
from fleet_tui.exits import Exit, Stop
from fleet_tui.keys import FIRST
from fleet_tui.last_frame import shown
from fleet_tui.paths import Paths
from fleet_tui.services.tokens import SERVICES, KeyringKind, Secret, TokenMissing, TokenService, find, keyring_state

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"
"""Draws in a browser: `fleet-tui serve` holds the other end of its pipes."""


def run(start: Start, entered: Mapping[str, Secret] | None = None) -> int:
    """Run the dashboard until the person quits; gives its exit code. Without a configuration the set-up is offered.

    `entered`: secrets that the person has just entered. Raises `Stop`, `ConfigError` or `TokenError`.
    """
    if entered is None and not start.paths.config_file.exists() and _can_be_set_up(os.environ):
        from fleet_tui.cli.setup import offer

        entered = offer(start.paths)
    config = settings(start.paths)
    with shown(start.paths.last_frame(start.screen or FIRST), config.team.repository, datetime.now(UTC)) as hand_over:
        tokens = require_setup(start.paths, config, os.environ, entered or {})
        require_terminal(os.environ)
        with loading():
            from fleet_tui.app import run as run_app
        return run_app(
            config, start.paths, tokens, read_only=start.read_only, screen=start.screen, takes_over=hand_over
        )


@contextmanager
def loading() -> Iterator[None]:
    """Python looks for garbage in all that it has, again and again while modules load: none of it will be any."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def require_setup(
    paths: Paths, config: Config, env: Mapping[str, str], entered: Mapping[str, Secret] | None = None
) -> dict[str, Secret]:
    """The tokens of all services that are needed, and of the others those that there are; first those just `entered`.

    Raises `Stop` that names everything which is missing, be it the configuration file or tokens.
    """
    missing, program, file = [], paths.program, paths.config_file
    if not file.exists():
        missing.append(f"a configuration file: `{program} setup`, or `{program} config init` writes {file}")
    tokens, absent = _tokens(config, env, entered or {})
    missing += [
        f"a {service.title} token: `fleet-tui auth set {service.name}`, or set {service.variable}" for service in absent
    ]
    if missing:
        needs = "\n".join(f"  • {need}" for need in missing)
        keep = _where_to_keep() if absent else ""
        look = "To look around without any of this: fleet-tui demo"
        raise Stop(Exit.NOT_CONFIGURED, f"fleet-tui is not set up yet. It needs:\n{needs}\n{keep}{look}")
    return tokens


def _tokens(
    config: Config, env: Mapping[str, str], entered: Mapping[str, Secret]
) -> tuple[dict[str, Secret], list[TokenService]]:
    """The tokens that there are, and the services that lack one which is needed."""
    tokens, absent = dict(entered), []
    unused = set(get_args(SecretAddress)) - config.secret_addresses
    for service in SERVICES.values():
        if service.name in tokens or service.name in unused:  # the keyring takes its time for each that is asked for
            continue
        try:
            tokens[service.name] = find(service, service.host(config.addresses), env).secret
        except TokenMissing:
            absent += [service] if service.needed else []
    return tokens, absent


def _where_to_keep() -> str:
    state = keyring_state()
    return "" if state.kind is KeyringKind.USABLE else f"To keep tokens: {state.told('')}\n"


def require_terminal(env: Mapping[str, str]) -> None:
    """Raises `Stop` when there is nothing to draw on."""
    if env.get("TEXTUAL_DRIVER") == WEB_DRIVER:
        return
    if not all(map(_is_terminal, (sys.stdin, sys.stdout, sys.stderr))):  # Textual draws on stderr
        raise Stop(
            Exit.NO_TERMINAL,
            "fleet-tui draws on a terminal, but its input, output or error output is none. "
            "Start it in a terminal, without pipe or redirection.",
        )
    if env.get("TERM") == "dumb":
        raise Stop(
            Exit.NO_TERMINAL,
            "This terminal (TERM=dumb) cannot move its cursor, so nothing can be drawn. Use another terminal.",
        )


def _can_be_set_up(env: Mapping[str, str]) -> bool:
    """Whether somebody sits at a terminal who can be asked, and on which the dashboard can be drawn afterwards."""
    try:
        require_terminal(env)
    except Stop:
        return False
    return env.get("TEXTUAL_DRIVER") != WEB_DRIVER


def _is_terminal(stream: TextIO | None) -> bool:
    """A stream that was closed before the start is None."""
    return stream is not None and stream.isatty()
