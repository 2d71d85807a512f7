"""`fleet-tui certs`: certificates and what is left of them, for scripts and cron."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.params import Span
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.certificates import Certificates
from fleet_tui.config.schema import Config
from fleet_tui.exits import Exit
from fleet_tui.services.secret import Secret, redact

if TYPE_CHECKING:
    from fleet_tui.domain.certificates import Certificate, Inventory, Unreadable

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("ends (UTC)", "left", "kind", "name", "owner")
FIELDS = ("valid_until", "seconds_left", "severity", "kind", "name", "owner", "source")
"""The columns of the sheet."""
NOTHING = "Nothing to look at: name files, endpoints or dates under [certificates] in the configuration."


@click.group(cls=Commands, invoke_without_command=True)
@format_option(*FORMS)
@click.option(
    "--fail-within",
    type=Span(),
    metavar="SPAN",
    help="What ends within SPAN (14d, 36h, 2w) makes the exit code 8. Default: the setting certificates.status_days.",
)
@click.pass_context
def command(ctx: click.Context, form: str, fail_within: timedelta | None) -> int:
    """List what expires, the most urgent first.

    The exit code is 9 when something has expired, 8 when something is about to, 1 when a source cannot be read.
    """
    if ctx.invoked_subcommand is not None:
        return Exit.OK
    from fleet_tui.feed import utc_now

    config, now = settings(ctx.ensure_object(Start).paths), utc_now()
    found = _read(config)
    for line in words(found):
        say(redact(line))
    rows = [row(one, now) for one in found.certificates]
    shown = document(found, now, config.certificates)
    nothing = "" if found.unreadable else NOTHING
    put_list(form, HEADINGS, rows, shown, entries="certificates", fields=FIELDS, nothing=nothing, whole=HEADINGS[:2])
    return exit_code(found, now, fail_within or timedelta(days=config.certificates.status_days))


@command.command("passphrase")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def set_passphrase(start: Start, file: Path) -> int:
    """Keep the passphrase of a PKCS#12 file or a private key in the keyring: asks for it, or reads it from a pipe."""
    from fleet_tui.services.passphrases import keep_passphrase
    from fleet_tui.services.tokens import TokenError, require_keyring

    allow_plaintext = settings(start.paths).tokens.allow_plaintext_keyring
    require_keyring(allow_plaintext=allow_plaintext)
    if sys.stdin is not None and sys.stdin.isatty():
        typed = click.prompt(f"Passphrase of {file} (not shown)", hide_input=True, err=True)
    else:
        typed = sys.stdin.readline() if sys.stdin is not None else ""
    words = typed.rstrip("\r\n")
    if not words:
        raise TokenError("The passphrase is empty. Nothing was kept.")
    keep_passphrase(file, Secret(words), allow_plaintext=allow_plaintext)
    say(f"The passphrase of {file} is in the keyring.")
    return Exit.OK


def exit_code(found: Inventory, now: datetime, within: timedelta) -> Exit:
    """The worst of what was found."""
    left = min((one.valid_until - now for one in found.certificates), default=None)
    if left is not None and left <= timedelta():
        return Exit.EXPIRED
    if left is not None and left <= within:
        return Exit.EXPIRING
    return Exit.PROBLEM if found.unreadable else Exit.OK


def words(found: Inventory) -> Iterator[str]:
    """What could not be read, and what is wrong beside the dates."""
    for fault in found.unreadable:
        yield f"✖ {fault.name}: {fault.sentence} {fault.remedy}".rstrip()
    yield from (f"! {one.name}: {one.warning}" for one in found.certificates if one.warning)


def row(one: Certificate, now: datetime) -> tuple[str, ...]:
    """A certificate in the order of `HEADINGS`."""
    from fleet_tui.domain.certificates import countdown

    ends = one.valid_until.strftime("%Y-%m-%d %H:%M")
    return ends, countdown(one, now), one.kind.value, one.name, one.owner


def document(found: Inventory, now: datetime, rules: Certificates) -> dict[str, Any]:
    """The fields of each certificate, its severity and the seconds that are left."""
    return {
        "format": FORMAT,
        "now": now.isoformat(),
        "certificates": [_document(one, now, rules.threshold_days) for one in found.certificates],
        "unreadable": [_known(one) for one in found.unreadable],
    }


def _document(one: Certificate, now: datetime, thresholds: Sequence[int]) -> dict[str, Any]:
    from fleet_tui.domain.certificates import severity

    reached = severity(one, now, thresholds).name.lower()
    left = int((one.valid_until - now).total_seconds())
    return {**_known(one), "severity": reached, "seconds_left": left}


def _known(one: Certificate | Unreadable) -> dict[str, Any]:
    """The fields, null for what the source does not tell."""
    import msgspec

    return {name: None if value == "" else value for name, value in msgspec.to_builtins(one).items()}


def _read(config: Config) -> Inventory:
    import asyncio

    return asyncio.run(_read_all(config, _token(config)))


async def _read_all(config: Config, token: Secret | None) -> Inventory:
    from fleet_tui.services.certificates import CertificateSources
    from fleet_tui.services.http import Http

    http = Http()
    try:
        return await CertificateSources(http, config, token).read()
    finally:
        await http.aclose()


def _token(config: Config) -> Secret | None:
    """The token of the Fleet server, looked for only when it is asked."""
    from fleet_tui.services.tokens import SERVICES, TokenMissing, find

    if not config.certificates.fleet_server:
        return None
    fleet = SERVICES["fleet"]
    try:
        return find(fleet, fleet.host(config.addresses), os.environ).secret
    except TokenMissing:
        return None  # the row of the Fleet server says so
