"""The questions of the set-up. Each answer is checked at once; nothing is kept or written here."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from fleet_tui.cli.doctor import line
from fleet_tui.cli.start import say
from fleet_tui.config import toml
from fleet_tui.config.certificates import CertificateFile
from fleet_tui.config.load import ConfigError, parse
from fleet_tui.config.on_call import Calendar
from fleet_tui.config.schema import Config
from fleet_tui.services import doctor_probes, setup_probes
from fleet_tui.services.doctor import Check
from fleet_tui.services.http import Http
from fleet_tui.services.keyrings import KeyringKind, keyring_state
from fleet_tui.services.secret import redact
from fleet_tui.services.tokens import SERVICES, Found, Secret, TokenError, TokenMissing, TokenService, find, tidy

Probe = Callable[[Http, Config, Secret], Awaitable[list[Check]]]


class Questions:
    """What the answers come to.

    `config`: the settings. `fresh`: the secrets that were entered, by their services' names. `keeps`: whether there
    is a keyring to keep them.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.fresh: dict[str, Secret] = {}
        self.keeps = False

    def ask(self) -> None:
        """Ask everything. Raises `click.Abort` at Ctrl+C, or when the input ends."""
        self._team()
        self._tokens()
        self._roster()
        self._certificates()

    def _team(self) -> None:
        say("\nThe team")
        self._set("team", "repository", "Repository on GitHub, as owner/name")
        self._set("team", "zone", "The team's time zone")

    def _tokens(self) -> None:
        say("\nTokens")
        self._keyring()
        self._token(SERVICES["github"], doctor_probes.probe_github)
        self._token(SERVICES["merge-freeze"], doctor_probes.probe_merge_freeze)
        self._token(SERVICES["zenhub"], setup_probes.probe_zenhub)

    def _keyring(self) -> None:
        state = keyring_state()
        say(state.sentence)
        self.keeps = state.kind is KeyringKind.USABLE
        if state.kind is KeyringKind.PLAIN and click.confirm("Keep tokens there all the same?", err=True):
            self.config = replace(self.config, tokens=replace(self.config.tokens, allow_plaintext_keyring=True))
            self.keeps = True
        if not self.keeps:
            variables = " and ".join(service.variable for service in SERVICES.values() if service.needed)
            say(f"A token that you enter now serves until the program ends. Later starts need {variables}.")

    def _roster(self) -> None:
        say("\nOn-call: a calendar says who is on call. Its secret address is kept like a token.")
        how = click.prompt("From", type=click.Choice(["address", "file", "skip"]), default="skip", err=True)
        calendar = None
        if how == "address" and self._token(SERVICES["calendar"], _calendar):
            calendar = Calendar()
        if how == "file":
            calendar = self._calendar_file()
        if calendar:
            self.config = replace(self.config, on_call=replace(self.config.on_call, calendars=(calendar,)))

    def _calendar_file(self) -> Calendar | None:
        while path := _path("Path of the .ics file (Enter: none)"):
            calendar = Calendar(file=path)
            if _fine(_run(partial(_read, config=self.config, calendar=calendar, addresses={}))):
                return calendar
        return None

    def _certificates(self) -> None:
        say("\nCertificates, and what else expires")
        if click.confirm("Ask a Fleet server for its Apple certificates?", err=True):
            self._set("addresses", "fleet", "Its address")
            self._token(SERVICES["fleet"], setup_probes.probe_fleet)
            self._change_certificates(fleet_server=True)
        while path := _path("A file or folder with certificates (Enter: no more)"):
            if _fine(asyncio.run(setup_probes.probe_certificates(path))):
                self._change_certificates(files=(*self.config.certificates.files, CertificateFile(path=path)))

    def _change_certificates(self, **values: Any) -> None:
        self.config = replace(self.config, certificates=replace(self.config.certificates, **values))

    def _set(self, section: str, name: str, words: str) -> None:
        """Ask for one setting until the answer is one that the configuration takes."""
        there = getattr(self.config, section)
        while True:
            answer = str(click.prompt(words, default=str(getattr(there, name)), err=True)).strip()
            try:
                read = parse(f"[{section}]\n{name} = {toml.literal(answer)}\n", "")
            except ConfigError as error:
                say(f"It {error.problems[0].sentence}.")
                continue
            value = getattr(getattr(read, section), name)
            self.config = replace(self.config, **{section: replace(there, **{name: value})})
            return

    def _token(self, service: TokenService, probe: Probe) -> Secret | None:
        """The token of `service`: the one that is there, or one that is entered and found to work; None without."""
        host = service.host(self.config.addresses)
        found = _there(service, host)
        if found:
            say(f"The {service.secret} is there, from: {found.source}.")
            # What stands in a variable wins over whatever could be entered here.
            if self._works(found.secret, probe) or found.secret.variable:
                return found.secret
        while (secret := _entered(service, host)) is not None:
            works = self._works(secret, probe)
            answer = "keep" if works else _what_then()
            if answer == "keep":
                self.fresh[service.name] = secret
                return secret
            if answer == "none":
                break
        say(f"Without. Later: fleet-tui auth set {service.name}")
        return None

    def _works(self, secret: Secret, probe: Probe) -> bool:
        return _fine(_run(lambda http: probe(http, self.config, secret)))


def _there(service: TokenService, host: str) -> Found | None:
    try:
        return find(service, host, os.environ)
    except TokenMissing:
        return None
    except TokenError as error:
        say(redact(str(error)))
        return None


def _entered(service: TokenService, host: str) -> Secret | None:
    """What the person enters, unseen; None for nothing."""
    while text := click.prompt(
        f"{service.secret} for {host} (not shown; Enter: none)",
        default="",
        show_default=False,
        hide_input=True,
        err=True,
    ).strip():
        try:
            return tidy(text)
        except TokenError as error:
            say(redact(str(error)))
    return None


def _what_then() -> str:
    choice = click.Choice(["another", "keep", "none"])
    return str(
        click.prompt("Enter another, keep this one all the same, or none", type=choice, default="another", err=True)
    )


def _path(words: str) -> str:
    """A path as it holds from everywhere; empty for none."""
    answer = click.prompt(words, default="", show_default=False, err=True).strip()
    return str(Path(answer).expanduser().absolute()) if answer else ""


def _fine(checks: Iterable[Check]) -> bool:
    """Tell each finding; whether none of them is a fault."""
    fine = True
    for check in checks:
        say(f"  {line(check)}")
        fine = fine and check.ok is not False
    return fine


def _run(ask: Callable[[Http], Awaitable[list[Check]]]) -> list[Check]:
    """Ask the outside once, with a client of its own."""

    async def asked() -> list[Check]:
        http = Http()
        try:
            return await ask(http)
        finally:
            await http.aclose()

    return asyncio.run(asked())


async def _calendar(http: Http, config: Config, secret: Secret) -> list[Check]:
    return await _read(http, config, Calendar(), {"calendar": secret})


async def _read(http: Http, config: Config, calendar: Calendar, addresses: dict[str, Secret]) -> list[Check]:
    return await setup_probes.probe_calendar(http, config, calendar, addresses, datetime.now(UTC))
