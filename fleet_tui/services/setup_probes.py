"""What the set-up and `fleet-tui doctor` look at beside GitHub and Merge Freeze: ZenHub, calendars, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from fleet_tui.aside import aside
from fleet_tui.config.certificates import CertificateFile
from fleet_tui.config.on_call import Calendar
from fleet_tui.config.schema import Config
from fleet_tui.domain.certificates import Inventory
from fleet_tui.domain.counts import counted
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.text import clean
from fleet_tui.domain.turns import window
from fleet_tui.services import certificate_files
from fleet_tui.services.calendars import Calendars
from fleet_tui.services.doctor import Check
from fleet_tui.services.fleet_server import FleetServer, fleet_service
from fleet_tui.services.http import Http
from fleet_tui.services.passphrases import passphrase
from fleet_tui.services.secret import Secret
from fleet_tui.services.slack_groups import UserGroups, slack_service
from fleet_tui.services.zenhub import ZenHub, zenhub_service

COLUMNS = (
    "query Columns($workspace: ID!) { workspace(id: $workspace) { pipelinesConnection(first: 50) { nodes { id } } } }"
)


async def probe_zenhub(http: Http, config: Config, token: Secret) -> list[Check]:
    """ZenHub: the token accepted, the board of each group known."""
    zenhub = ZenHub(http, zenhub_service(config, token))
    unknown = []
    try:
        for group in config.groups:
            asked = {"workspace": group.workspace}
            if group.workspace and (await zenhub.ask(COLUMNS, asked, _Board)).workspace is None:
                unknown.append(group.label)
    except Failure as failure:
        return [Check("ZenHub", False, failure.problem.sentence, failure.problem.remedy)]
    if unknown:
        remedy = "Correct `workspace` under [[groups]] later."
        return [Check("ZenHub", None, f"It answers, but knows no board of {', '.join(unknown)}.", remedy)]
    return [Check("ZenHub", True, "It answers, and knows the groups' boards.")]


async def probe_calendar(
    http: Http, config: Config, calendar: Calendar, addresses: Mapping[str, Secret], now: datetime
) -> list[Check]:
    """A calendar: it can be read, and has entries in the weeks that the roster looks at."""
    name = f"calendar {calendar.name}"
    try:
        events = await Calendars(http, addresses, config.team.zone).read(calendar, *window(now, config))
    except Failure as failure:
        return [Check(name, False, failure.problem.sentence, failure.problem.remedy)]
    if not events:
        return [Check(name, None, "It can be read, but has no entry in these weeks.", "Is it the right one?")]
    current = next((f" Now: {event.title}." for event in events if event.start <= now < event.end), "")
    return [Check(name, True, f"It can be read: {len(events)} entries in these weeks.{current}")]


async def probe_slack(http: Http, config: Config, token: Secret) -> list[Check]:
    """Slack: the token accepted, the user group of whoever is on call known."""
    handle = config.slack.on_call_group
    try:
        count = await UserGroups(http, slack_service(config, token)).count(handle)
    except Failure as failure:
        return [Check("Slack", False, failure.problem.sentence, failure.problem.remedy)]
    return [Check("Slack", True, f"It answers, and knows the user group @{handle} ({counted(count, 'member')}).")]


async def probe_fleet(http: Http, config: Config, token: Secret) -> list[Check]:
    """The Fleet server: what it has that expires."""
    return _found("Fleet server", await FleetServer(http, fleet_service(config, token)).read())


async def probe_certificates(path: str) -> list[Check]:
    """A certificate file, or a folder of them: what is in it."""
    read = await aside(certificate_files.read, CertificateFile(path=path), passphrase)
    return _found(clean(path), read)


def _found(name: str, inventory: Inventory) -> list[Check]:
    """What was found on one line, and a line for each thing that cannot be read."""
    names = ", ".join(one.name for one in inventory.certificates)
    good = [Check(name, True, f"It has: {names.rstrip('.')}.")] if names else []
    bad = [Check(one.name, bool(names) and None, one.sentence, one.remedy) for one in inventory.unreadable]
    return [*good, *bad] or [Check(name, False, "There is no certificate in it.")]


class _Workspace(msgspec.Struct):
    """Nothing of it matters but that it is there."""


class _Board(msgspec.Struct):
    workspace: _Workspace | None = None
