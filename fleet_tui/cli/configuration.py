"""`fleet-tui config`: the configuration file."""

from __future__ import annotations

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.output import put
from fleet_tui.cli.start import Start, read_settings, say, settings
from fleet_tui.config.reference import show, template
from fleet_tui.exits import Exit, Stop


@click.group(cls=Commands)
def command() -> None:
    """Write, check or show the configuration file."""


@command.command("init")
@click.pass_obj
def init(start: Start) -> int:
    """Write a file that explains every setting."""
    path = start.paths.config_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(template())
    except FileExistsError:
        raise Stop(Exit.REFUSED, f"{path} is there already and stays as it is. Edit it, or move it away.") from None
    except OSError as error:
        raise Stop(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}. Name another one with --config."
        ) from error
    say(f"Written: {path}\nEvery setting is commented out: the defaults hold until you change one.")
    return Exit.OK


@command.command("check")
@click.pass_obj
def check(start: Start) -> int:
    """Name everything that is wrong in the file."""
    path = start.paths.config_file
    if not path.exists():
        raise Stop(Exit.NOT_CONFIGURED, f"There is no {path}. `{start.paths.program} config init` writes one.")
    read_settings(path)
    say(f"{path} has no faults.")
    return Exit.OK


@command.command("path")
@click.pass_obj
def path(start: Start) -> int:
    """Print where the file is, or would be."""
    put(str(start.paths.config_file))
    return Exit.OK


@command.command("show")
@click.pass_obj
def show_settings(start: Start) -> int:
    """Print all settings in force, as TOML."""
    config = settings(start.paths)
    if not start.paths.config_file.exists():
        say(f"There is no {start.paths.config_file}: these are the defaults.")
    put(show(config).rstrip("\n"))
    return Exit.OK
