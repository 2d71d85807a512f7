"""`fleet-tui release plan`: what concluding the milestone would change, or how far it is. Changes nothing."""

from __future__ import annotations

import asyncio
import os

import click

from fleet_tui.cli.output import format_option, put
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion import Conclusion, unconcluded
from fleet_tui.domain.conclusion_text import Report, as_json, as_markdown, report_as_json, report_text
from fleet_tui.exits import Exit, Stop
from fleet_tui.paths import Paths
from fleet_tui.services.tokens import SERVICES, Secret, TokenMissing, find


@click.command()
@format_option("md", "json")
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Print what concluding the milestone would change, issue by issue. Changes nothing.

    A conclusion that this computer has begun and not ended comes first: how far it is, and what is left.
    """
    config = settings(start.paths)
    if (begun := _begun(start.paths, config)) is not None:
        put((report_as_json(begun) if form == "json" else report_text(begun)).rstrip())
        return Exit.OK
    token = _zenhub_token(config)
    if token is None:
        say("There is no ZenHub token: what the boards would tell is left to be done by hand.")
    plan = asyncio.run(_read(config, token))
    put((as_json(plan) if form == "json" else as_markdown(plan)).rstrip())
    return Exit.OK


def _begun(paths: Paths, config: Config) -> Report | None:
    """How far a conclusion is that was begun and not ended; None without one. Raises `Failure`."""
    from fleet_tui.services.conclusion_journal import ConclusionJournal
    from fleet_tui.services.store import Store

    file = paths.store(config.team.repository)
    if not file.exists():
        return None
    store = Store(file)
    try:
        journal = ConclusionJournal(store, config.team.repository)
        try:
            begun = journal.unfinished()
            return journal.report(begun.milestone) if begun else None
        finally:
            journal.close()
    finally:
        store.close()


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
