"""`fleet-tui demo`: the real program against the simulator. Touches nothing of the user's."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from fleet_tui.cli.run import require_terminal
from fleet_tui.cli.simulation import simulation
from fleet_tui.cli.start import Start, drawing_options
from fleet_tui.config.schema import Addresses, Config
from fleet_tui.paths import Paths
from fleet_tui.services.tokens import Secret

TOKENS = {"github": Secret("sim-lucasmrod"), "merge-freeze": Secret("sim-mergefreeze"), "zenhub": Secret("sim-zenhub")}
"""What the simulator accepts; they open nothing else."""


@click.command()
@drawing_options
@click.pass_obj
def command(start: Start, screen: str | None, read_only: bool) -> int:
    """Show the dashboard with invented data: no token, no network, no set-up."""
    require_terminal(os.environ)
    from fleet_tui.app import run as run_app

    os.environ["NO_PROXY"] = "127.0.0.1"  # the simulator is on this machine, whatever proxy is configured
    with TemporaryDirectory(prefix="fleet-tui-demo-") as name, simulation(Path(name)) as address:
        paths = Paths(Path(name) / "config.toml", Path(name))
        return run_app(
            demo_config(address),
            paths,
            TOKENS,
            read_only=read_only or start.read_only,
            screen=screen or start.screen,
            simulated=True,
        )


def demo_config(address: str) -> Config:
    """The defaults, with the outside systems at the simulator's `address`."""
    addresses = Addresses(
        github=f"{address}/github",
        merge_freeze=f"{address}/mergefreeze/api",
        zenhub=f"{address}/zenhub/public/graphql",
    )
    return Config(addresses=addresses)
