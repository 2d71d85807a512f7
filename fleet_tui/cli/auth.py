"""`fleet-tui auth`: the tokens. A token is typed unseen or piped in; never an argument, which others could see."""

from __future__ import annotations

import os
import sys

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.exits import Exit
from fleet_tui.services import tokens
from fleet_tui.services.tokens import SERVICES, Secret, TokenError, TokenService

LONGEST = 10_000
"""Characters read from a pipe; the longest token has a few hundred."""

service_argument = click.argument("service", metavar="SERVICE", type=click.Choice(list(SERVICES)))


@click.group(cls=Commands, epilog=f"SERVICE is one of {', '.join(SERVICES)}.")
def command() -> None:
    """Keep tokens in the system's keyring, look where they come from, remove them."""


@command.command("set")
@service_argument
@click.pass_obj
def set_token(start: Start, service: str) -> int:
    """Store the token of SERVICE in the keyring: asks for it, or reads it from a pipe."""
    wanted, config = SERVICES[service], settings(start.paths)
    host, allow_plaintext = wanted.host(config.addresses), config.tokens.allow_plaintext_keyring
    tokens.require_keyring(allow_plaintext=allow_plaintext)
    tokens.store(wanted, host, _read(wanted, host), allow_plaintext=allow_plaintext)
    say(f"The {wanted.secret} for {host} is in the keyring.")
    if variable := tokens.winning_variable(wanted, host, os.environ):
        say(f"Note: the variable {variable} is set and wins over it.")
    return Exit.OK


@command.command("status")
@click.pass_obj
def status(start: Start) -> int:
    """Say for each service where its token comes from, and what the keyring is like."""
    addresses = settings(start.paths).addresses
    complete = True
    for service in SERVICES.values():
        source = _source(service, service.host(addresses))
        complete = complete and (bool(source) or not service.needed)
        click.echo(f"{service.name:<14}{source or ('missing' if service.needed else 'none')}")
    click.echo(f"{'keyring':<14}{tokens.keyring_state().sentence}")
    return Exit.OK if complete else Exit.PROBLEM


@command.command("clear")
@service_argument
@click.pass_obj
def clear(start: Start, service: str) -> int:
    """Remove the token of SERVICE from the keyring."""
    wanted = SERVICES[service]
    host = wanted.host(settings(start.paths).addresses)
    removed = tokens.clear(wanted, host)
    say(f"The {wanted.secret} for {host} {'is removed' if removed else 'was not there'}.")
    return Exit.OK


def _read(service: TokenService, host: str) -> Secret:
    if sys.stdin is not None and sys.stdin.isatty():
        return tokens.tidy(click.prompt(f"{service.secret} for {host} (not shown)", hide_input=True, err=True))
    piped = sys.stdin.buffer.read(LONGEST) if sys.stdin is not None else b""
    return tokens.tidy(piped.decode(errors="replace"))


def _source(service: TokenService, host: str) -> str:
    try:
        return tokens.find(service, host, os.environ).source
    except tokens.TokenMissing:
        return ""
    except TokenError as error:
        return str(error)
