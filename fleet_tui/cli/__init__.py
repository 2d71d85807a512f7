"""The command line. A command is a module, imported when it is asked for; only those that draw meet Textual."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from fleet_tui import __version__
from fleet_tui.cli.start import Start, drawing_options
from fleet_tui.exits import Exit
from fleet_tui.paths import Paths

MODULES = {"demo": "demo", "config": "configuration", "auth": "auth", "doctor": "doctor"}
"""The commands, and the module below this package whose `command` each of them is."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names for `--help` and completion."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in MODULES:
            return None
        command: click.Command = import_module(f"{__name__}.{MODULES[cmd_name]}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A reader of its output that went away ends it: no fault, and click has no code for it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(Exit.BROKEN_PIPE) from None


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH", help="The configuration file to use."
)
@drawing_options
@click.version_option(__version__, prog_name="fleet-tui")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, screen: str | None, read_only: bool) -> int:
    """A dashboard for a software team that releases on a train.

    Without a command the dashboard starts. `fleet-tui demo` shows it without any set-up.
    """
    start = ctx.obj = Start(Paths.of_user(config, os.environ), screen, read_only)
    if ctx.invoked_subcommand is not None:
        return Exit.OK
    from fleet_tui.cli.run import run

    return run(start)
