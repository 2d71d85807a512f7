"""`fleet-tui auth`: the tokens. A token is typed unseen or piped in; never an argument, which others could see."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.exits import Exit
from fleet_tui.services import tokens
from fleet_tui.services.tokens import SERVICES, Secret, TokenError, TokenService

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("service", "token")
FIELDS = ("service", "needed", "source", "fault")
"""The columns of the sheet."""
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
    tokens.require_keyring(allow_plaintext=allow_plaintext, variable=wanted.variable)
    tokens.store(wanted, host, _read(wanted, host), allow_plaintext=allow_plaintext)
    say(f"The {wanted.secret} for {host} is in the keyring.")
    if variable := tokens.winning_variable(wanted, host, os.environ):
        say(f"Note: the variable {variable} is set and wins over it.")
    return Exit.OK


@command.command("status")
@format_option(*FORMS)
@click.pass_obj
def status(start: Start, form: str) -> int:
    """Say for each service where its token comes from, and what the keyring is like.

    The exit code is 1 when one that is needed is missing, or one cannot be used.
    """
    addresses, keyring = settings(start.paths).addresses, tokens.keyring_state()
    found = [_fields(service, service.host(addresses)) for service in SERVICES.values()]
    document = {
        "format": FORMAT,
        "keyring": {"kind": keyring.kind.value, "sentence": keyring.sentence},
        "tokens": found,
    }
    rows = [(one["service"], _words(one)) for one in found]
    put_list(form, HEADINGS, rows, document, entries="tokens", fields=FIELDS, whole=("token",))
    if form != "json":
        say(keyring.sentence)
    spoilt = any(one["fault"] or (one["needed"] and not one["source"]) for one in found)
    return Exit.PROBLEM if spoilt else Exit.OK


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


def _fields(service: TokenService, host: str) -> dict[str, Any]:
    fields = {"service": service.name, "needed": service.needed, "source": None, "fault": None}
    try:
        return {**fields, "source": tokens.find(service, host, os.environ).source}
    except tokens.TokenMissing:
        return fields
    except TokenError as error:
        return {**fields, "fault": str(error)}


def _words(one: dict[str, Any]) -> str:
    """Where a token comes from, or what is wrong with it."""
    return one["fault"] or one["source"] or ("missing" if one["needed"] else "none")
