"""The command line. A command is a module, imported when it is asked for; only those that draw meet Textual."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import click

from fleet_tui import __version__
from fleet_tui.cli.lazy import LazyGroup
from fleet_tui.cli.start import Start, drawing_options
from fleet_tui.exits import Exit
from fleet_tui.paths import Paths

MODULES = {
    "demo": "demo",
    "setup": "setup",
    "status": "status",
    "freeze": "freeze",
    "qa": "qa",
    "bugs": "bugs",
    "kpi": "kpi",
    "config": "configuration",
    "auth": "auth",
    "doctor": "doctor",
    "certs": "certs",
    "oncall": "on_call",
    "release": "release",
    "export": "export",
    "serve": "serve",
    "completion": "completion",
}
"""The commands, and the module below this package whose `command` each of them is."""

LASTING = {"demo", "setup", "serve"}
"""The commands that run on and on."""


@click.group(
    cls=LazyGroup,
    modules=MODULES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
        if ctx.invoked_subcommand not in LASTING:
            gc.set_threshold(50_000)  # it is over before there is much to collect
        return Exit.OK
    from fleet_tui.cli.run import run

    return run(start)
