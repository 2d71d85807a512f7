"""`fleet-tui doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from fleet_tui.cli.output import FORMS, beside, format_option, put, put_list
from fleet_tui.cli.start import Start, read_settings
from fleet_tui.exits import Exit
from fleet_tui.services import doctor
from fleet_tui.services.doctor import Check
from fleet_tui.services.secret import redact
from fleet_tui.services.tokens import keyring_state

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
FIELDS = ("name", "result", "sentence", "remedy")
"""The columns of the sheet."""
GLYPHS = {True: "✔", None: "!", False: "✖"}
RESULTS = {True: "fine", None: "look", False: "fault"}


@click.command()
@format_option(*FORMS)
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Check configuration, keyring, tokens and services; says what to do where something is wrong.

    The exit code is 1 when something is.
    """
    found = []
    for check in _checks(start):
        found.append(check)
        if form == "table":
            put(beside(_start(check), _words(check)))  # at once: the services take their time
    if form != "table":
        shown = document(found)
        rows = [[entry[name] or "" for name in FIELDS] for entry in shown["checks"]]
        put_list(form, FIELDS, rows, shown, entries="checks", fields=FIELDS)
    return Exit.OK if _is_fine(found) else Exit.PROBLEM


def document(found: list[Check]) -> dict[str, Any]:
    """The findings for programs."""
    checks = [
        {"name": one.name, "result": RESULTS[one.ok], "sentence": one.sentence, "remedy": one.remedy or None}
        for one in found
    ]
    return {"format": FORMAT, "fine": _is_fine(found), "checks": checks}


def line(check: Check) -> str:
    """A finding on one line: glyph, name, sentence, remedy."""
    return redact(_start(check) + _words(check))


def _start(check: Check) -> str:
    return f"{GLYPHS[check.ok]} {check.name:<24} "


def _words(check: Check) -> str:
    return f"{check.sentence} {check.remedy}".strip()


def _checks(start: Start) -> Iterator[Check]:
    """Findings as they come: first this machine, then the services, which take their time."""
    check, config = doctor.check_configuration(start.paths, read_settings)
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


def _is_fine(found: list[Check]) -> bool:
    """Whether none is a fault."""
    return all(check.ok is not False for check in found)
