"""`fleet-tui setup`, which `fleet-tui` offers where there is no configuration: from nothing to the running program.

Nothing is written before the last yes. After it the tokens are kept first, each named, and the configuration last:
stopped in between, there are tokens that the next set-up finds, and no half configuration.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from fleet_tui.cli.setup_file import is_there, write_new
from fleet_tui.cli.start import Start, say
from fleet_tui.config.minimal import minimal
from fleet_tui.config.schema import Config
from fleet_tui.exits import Exit, Stop
from fleet_tui.paths import Paths
from fleet_tui.services import tokens
from fleet_tui.services.secret import redact
from fleet_tui.services.tokens import SERVICES, Secret, TokenError

BASE = Config()
"""What the answers are added to."""
INTRODUCTION = """\
fleet-tui is not set up yet. A few questions; Enter takes what stands in brackets.
At the end you see what would be written. Before you agree, nothing is; Ctrl+C leaves."""
TO_LOOK_AROUND = "To look around without any of this: fleet-tui demo"
STOPPED = "Stopped. Nothing was written, and no token was kept. To begin again:"


@click.command()
@click.pass_obj
def command(start: Start) -> int:
    """Set the program up: asks, checks the answers, shows what it would write, and starts."""
    from fleet_tui.cli.run import require_terminal, run

    if start.paths.config_file.exists():
        raise Stop(Exit.REFUSED, is_there(start.paths.config_file))
    require_terminal(os.environ)
    say(INTRODUCTION)
    return run(start, set_up(start.paths))


def offer(paths: Paths) -> Mapping[str, Secret]:
    """Ask whether to set the program up now, and do so; gives the secrets entered. Raises `Stop` after a no."""
    say(INTRODUCTION)
    if not click.confirm("Set it up now?", default=True, err=True):
        raise Stop(Exit.NOT_CONFIGURED, TO_LOOK_AROUND)
    return set_up(paths)


def set_up(paths: Paths) -> Mapping[str, Secret]:
    """Ask everything, and write it after a yes; gives the secrets that were entered, by their services' names.

    Raises `Stop` after a no, when the person stops, and when the file cannot be written.
    """
    from fleet_tui.cli.setup_questions import Questions

    try:
        questions = Questions(BASE)
        questions.ask()
        text = minimal(questions.config)
        say(f"\nThis would be written to {paths.config_file}:\n\n{_indented(text)}\n")
        if questions.fresh:
            what = "would be kept in the keyring" if questions.keeps else "would serve until the program ends"
            say(f"These {what}: {_named(questions.fresh)}.")
        agreed = click.confirm("Write it, and start?", default=True, err=True)
    except (click.Abort, KeyboardInterrupt):
        raise Stop(Exit.INTERRUPTED, f"\n{STOPPED} {paths.program} setup") from None
    if not agreed:
        raise Stop(Exit.NOT_CONFIGURED, f"Nothing was written. {TO_LOOK_AROUND}")
    _keep(questions.fresh, questions.config)
    write_new(paths.config_file, text)
    say(f"Written: {paths.config_file}")
    return questions.fresh


def _keep(fresh: Mapping[str, Secret], config: Config) -> None:
    """Store what was entered. What cannot be stored serves this run, and the person is told."""
    for name, secret in fresh.items():
        service = SERVICES[name]
        host = service.host(config.addresses)
        try:
            tokens.store(service, host, secret, allow_plaintext=config.tokens.allow_plaintext_keyring)
        except TokenError as error:
            say(redact(f"The {service.secret} serves this run alone: {error}"))
        else:
            say(f"The {service.secret} for {host} is in the keyring.")


def _named(fresh: Mapping[str, Secret]) -> str:
    return ", ".join(SERVICES[name].secret for name in fresh)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.rstrip().splitlines())
