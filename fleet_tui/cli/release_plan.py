"""`fleet-tui release plan`: what concluding the milestone would change. Changes nothing."""

from __future__ import annotations

import asyncio
import os

import click

from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion import Conclusion, unconcluded
from fleet_tui.domain.conclusion_text import as_json, as_markdown
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.secret import redact
from fleet_tui.services.tokens import SERVICES, Secret, TokenMissing, find


@click.command()
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Print what concluding the milestone would change, issue by issue. Changes nothing."""
    config = settings(start.paths)
    token = _zenhub_token(config)
    if token is None:
        say("There is no ZenHub token: what the boards would tell is left to be done by hand.")
    plan = asyncio.run(_read(config, token))
    click.echo(redact(as_json(plan) if form == "json" else as_markdown(plan)).rstrip())
    return Exit.OK


def _zenhub_token(config: Config) -> Secret | None:
    service = SERVICES["zenhub"]
    try:
        return find(service, service.host(config.addresses), os.environ).secret
    except TokenMissing:
        return None


async def _read(config: Config, token: Secret | None) -> Conclusion:
    """Raises `Stop` when no milestone is open, and `Failure`."""
    from fleet_tui.cli.connection import connected
    from fleet_tui.services.conclusion_facts import ConclusionFacts
    from fleet_tui.services.zenhub import ZenHub, zenhub_service

    async with connected(config) as github:
        zenhub = ZenHub(github.http, zenhub_service(config, token)) if token else None
        facts = ConclusionFacts(github, zenhub, config)
        milestones = await facts.milestones()
        milestone = unconcluded(milestones, config.release)
        if milestone is None:
            raise Stop(Exit.REFUSED, f"{config.team.repository} has no open milestone of a minor release.")
        return await facts.plan(milestone, milestones)
