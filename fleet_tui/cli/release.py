"""`fleet-tui release`: how the coming release stands, for people and for scripts."""

from __future__ import annotations

import click

from fleet_tui.cli.lazy import LazyGroup

MODULES = {"status": "release_status", "dependencies": "release_dependencies", "plan": "release_plan"}
"""The subcommands, and their modules."""


@click.group(cls=LazyGroup, modules=MODULES)
def command() -> None:
    """Say how the coming release stands."""
