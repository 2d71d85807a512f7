"""`fleet-tui doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import click

from fleet_tui.cli.output import put
from fleet_tui.cli.start import Start, read_settings
from fleet_tui.exits import Exit
from fleet_tui.services import doctor
from fleet_tui.services.doctor import Check
from fleet_tui.services.secret import redact
from fleet_tui.services.tokens import keyring_state

GLYPHS = {True: "✔", None: "!", False: "✖"}


@click.command()
@click.pass_obj
def command(start: Start) -> int:
    """Check configuration, keyring, tokens and services; says what to do where something is wrong."""
    return Exit.OK if _print_all(_checks(start)) else Exit.PROBLEM


def line(check: Check) -> str:
    """A finding on one line: glyph, name, sentence, remedy."""
    words = f"{check.sentence} {check.remedy}".strip()
    return redact(f"{GLYPHS[check.ok]} {check.name:<24} {words}")


def _checks(start: Start) -> Iterator[Check]:
    """Findings as they come: first this machine, then the services, which take their time."""
    check, config = doctor.check_configuration(start.paths.config_file, read_settings)
    yield check
    yield doctor.check_state(start.paths)
    yield doctor.check_keyring(
        keyring_state(), allow_plaintext=config is not None and config.tokens.allow_plaintext_keyring
    )
    if config is None:
        return  # it says which services to ask
    checks, tokens = doctor.check_tokens(config, os.environ)
    yield from checks
    import asyncio

    from fleet_tui.services.doctor_probes import probe

    yield from asyncio.run(probe(config, tokens))


def _print_all(checks: Iterable[Check]) -> bool:
    """Print each finding at once; gives whether none is a fault."""
    fine = True
    for check in checks:
        put(line(check))
        fine = fine and check.ok is not False
    return fine
