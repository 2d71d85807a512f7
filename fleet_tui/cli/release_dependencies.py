"""`fleet-tui release dependencies`: what the product is built from, and whether it is the latest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import click

from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.start import Start, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.dependencies import Dependency, are_settled
from fleet_tui.exits import Exit

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("dependency", "in the product", "latest", "verdict", "action")
FIELDS = ("name", "product", "latest", "verdict", "action", "blocks", "issue", "url")
"""The columns of the sheet."""


@click.command()
@format_option(*FORMS)
@click.option("--on-call", default="", metavar="LOGIN", help="Who is on call: issues are for them and the release DRI.")
@click.pass_obj
def command(start: Start, form: str, on_call: str) -> int:
    """Compare the product's dependencies with their latest versions. Nothing is filed.

    The exit code is 0 when nothing is left to be done for any of them but to look by hand.
    """
    rows = asyncio.run(_read(settings(start.paths), on_call))
    put_list(form, HEADINGS, [_cells(row) for row in rows], _document(rows), entries="dependencies", fields=FIELDS)
    return Exit.OK if are_settled(rows) else Exit.PROBLEM


async def _read(config: Config, on_call: str) -> tuple[Dependency, ...]:
    from fleet_tui.cli.connection import connected
    from fleet_tui.services.dependencies import DependencyTable

    async with connected(config) as github:
        return await DependencyTable(github.http, github, config).read(on_call)


def _cells(row: Dependency) -> tuple[str, ...]:
    return row.name, row.product or "–", row.latest or "–", row.verdict.value, row.action


def _document(rows: Sequence[Dependency]) -> dict[str, Any]:
    shown = [
        {
            "name": row.name,
            "product": row.product or None,
            "latest": row.latest or None,
            "verdict": row.verdict.value,
            "action": row.action or None,
            "blocks": row.blocks,
            "issue": row.filed,
            "url": row.url or None,
        }
        for row in rows
    ]
    return {"format": FORMAT, "settled": are_settled(rows), "dependencies": shown}
