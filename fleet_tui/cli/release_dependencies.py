"""`fleet-tui release dependencies`: what the product is built from, and whether it is the latest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence

import click

from fleet_tui.cli.start import Start, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.dependencies import Dependency, are_settled
from fleet_tui.exits import Exit
from fleet_tui.services.secret import redact

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("Dependency", "In the product", "Latest", "Verdict", "Action")


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json", "md"]), default="table", show_default=True)
@click.option("--on-call", default="", metavar="LOGIN", help="Who is on call: issues are for them and the release DRI.")
@click.pass_obj
def command(start: Start, form: str, on_call: str) -> int:
    """Compare the product's dependencies with their latest versions. Nothing is filed.

    The exit code is 0 when nothing is left to be done for any of them but to look by hand.
    """
    rows = asyncio.run(_read(settings(start.paths), on_call))
    shown = {"table": _table, "json": _json, "md": _markdown}[form](rows)
    click.echo(redact(shown))
    return Exit.OK if are_settled(rows) else Exit.PROBLEM


async def _read(config: Config, on_call: str) -> tuple[Dependency, ...]:
    from fleet_tui.cli.connection import connected
    from fleet_tui.services.dependencies import DependencyTable

    async with connected(config) as github:
        return await DependencyTable(github.http, github, config).read(on_call)


def _cells(row: Dependency) -> tuple[str, ...]:
    return row.name, row.product or "–", row.latest or "–", row.verdict.value, row.action


def _table(rows: Sequence[Dependency]) -> str:
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _markdown(rows: Sequence[Dependency]) -> str:
    def lines() -> Iterator[tuple[str, ...]]:
        yield HEADINGS
        yield tuple("---" for _ in HEADINGS)
        yield from map(_cells, rows)

    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines())


def _json(rows: Sequence[Dependency]) -> str:
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
    answer = {"format": FORMAT, "settled": are_settled(rows), "dependencies": shown}
    return json.dumps(answer, indent=2, ensure_ascii=False)
