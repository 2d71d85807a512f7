"""`fleet-tui release status`: "ready", or what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from msgspec.structs import replace

from fleet_tui.cli import output
from fleet_tui.cli.output import format_option, put
from fleet_tui.cli.start import Start, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.dependencies import unfiled
from fleet_tui.domain.release_state import ReleaseState, as_json
from fleet_tui.exits import Exit


@click.command()
@format_option("table", "json", "md")
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Say whether the coming release can start. The exit code is 0 only when it can."""
    state = asyncio.run(_read(settings(start.paths)))
    put(output.as_json(as_json(state)) if form == "json" else _text(state, markdown=form == "md"))
    return Exit.OK if state.is_ready else Exit.PROBLEM


async def _read(config: Config) -> ReleaseState:
    from fleet_tui.cli.connection import connected
    from fleet_tui.services.dependencies import DependencyTable
    from fleet_tui.services.release_status import ReleaseStatus

    async with connected(config) as github:
        state, rows = await asyncio.gather(
            ReleaseStatus(github, config).read(datetime.now(UTC)), DependencyTable(github.http, github, config).read()
        )
    return replace(state, missing=(*state.missing, *unfiled(rows)))


def _text(state: ReleaseState, *, markdown: bool) -> str:
    headline = f"{state.seen.version} is {'ready' if state.is_ready else 'not ready'}."
    start, mark = (f"## {headline}\n", "- ") if markdown else (headline, "  ")
    return "\n".join([start, *(f"{mark}{line}" for line in _lines(state))])


def _lines(state: ReleaseState) -> Iterator[str]:
    """What is missing, and how far each group is."""
    for one in state.missing:
        yield f"✖ {one}"
    if running := state.running:
        yield f"… {running} check{'s' * (running > 1)} of the branch still run{'s' * (running == 1)}"
    width = max((len(group.label) for group in state.groups), default=0)
    for group in state.groups:
        said = f"ready, says {group.ready_by}" if group.ready_by else "not ready yet"
        figures = group.progress
        yield f"{group.label:<{width}}  {figures.passed} of {figures.total} tests passed, {said}"
