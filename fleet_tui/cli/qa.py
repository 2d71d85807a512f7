"""`fleet-tui qa`: the release QA checklist, by the same outbox as the screen."""

from __future__ import annotations

import click

from fleet_tui.cli.lazy import LazyGroup

MODULES = {"list": "qa_list", "set": "qa_set"}
"""The subcommands, and their modules."""


@click.group(cls=LazyGroup, modules=MODULES)
def command() -> None:
    """List the tests of the release QA issue, and set their verdicts."""
