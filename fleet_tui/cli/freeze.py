"""`fleet-tui freeze`: how the branch stands, and changing it, by the rules and refusals of the screen."""

from __future__ import annotations

import click

from fleet_tui.cli.lazy import LazyGroup

MODULES = {
    "status": "freeze_status",
    "unfreeze": "freeze_unfreeze",
    "freeze": "freeze_branch:freeze",
    "lift": "freeze_branch:lift",
}
"""The subcommands, and their modules."""


@click.group(cls=LazyGroup, modules=MODULES)
def command() -> None:
    """Say how the branch stands; unfreeze a pull request, freeze the branch, lift its freeze."""
