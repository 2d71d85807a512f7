"""`fleet-tui oncall`: who is on call, for people and for scripts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.roster import Roster, Shift
from fleet_tui.domain.spans import day_month_hour, zone_name
from fleet_tui.domain.turns import handover, window
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.tokens import SERVICES, Secret, TokenMissing, find

if TYPE_CHECKING:
    from fleet_tui.services.http import Http

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
FIELDS = ("rotation", "person", "login", "group", "since", "until")
"""The columns of the sheet."""


@click.command()
@click.option("--at", "day", metavar="DATE", help="At that time instead of now: `2026-01-31` or `2026-01-31T14:00`.")
@format_option(*FORMS)
@click.pass_obj
def command(start: Start, day: str | None, form: str) -> int:
    """Say who is on call, since when, until when, and who is next.

    Ends with 1 when somebody is missing. A day without an hour means the handover's hour, in the team's time zone.
    """
    config = settings(start.paths)
    moment = moment_of(day, config) if day is not None else datetime.now(UTC)
    roster = read_roster(config, calendar_addresses(config, os.environ), moment)
    rows = [_row(shift, roster, config) for shift in roster.on_call(moment)]
    zone = zone_name(moment, config.team.zone)
    times = f"since ({zone})", f"until ({zone})"
    headings, shown = ("rotation", "person", "login", "group", *times, "next"), document(roster, moment, config)
    put_list(form, headings, rows, shown, entries="on_call", fields=FIELDS, whole=times)
    present = {shift.rotation for shift in roster.on_call(moment)}
    missing = [rotation for rotation in roster.rotations if rotation not in present]
    for rotation in missing:
        say(f"Nobody is on call in the rotation {rotation} at {_local(moment, config)}.")
    return Exit.PROBLEM if missing else Exit.OK


def moment_of(text: str, config: Config) -> datetime:
    """What `--at` names, in UTC; without a zone it is the team's. Raises `click.BadParameter`."""
    try:
        if len(text) == len("2026-01-31"):
            moment = handover(date.fromisoformat(text), config)
        else:
            given = datetime.fromisoformat(text)
            moment = (given if given.tzinfo else given.replace(tzinfo=config.team.zone)).astimezone(UTC)
        window(moment, config)  # not at the ends of the calendar, where no weeks are before or after
        return moment
    except (ValueError, OverflowError):
        sentence = f"{text!r} is no day such as 2026-01-31, nor a time such as 2026-01-31T14:00."
        raise click.BadParameter(sentence, param_hint="'--at'") from None


def calendar_addresses(config: Config, env: Mapping[str, str]) -> dict[str, Secret]:
    """The secret addresses that the settings name, those that there are. Raises `TokenError` for a spoilt one."""
    found: dict[str, Secret] = {}
    for name in {calendar.address for calendar in config.on_call.calendars if not calendar.file}:
        service = SERVICES[name]
        try:
            found[name] = find(service, service.host(config.addresses), env).secret
        except TokenMissing:
            continue  # the calendar says so, and what to do
    return found


def read_roster(config: Config, addresses: Mapping[str, Secret], moment: datetime) -> Roster:
    """The roster around `moment`. Raises `Stop` when it cannot be had."""
    import asyncio

    from fleet_tui.services.http import Http

    async def read() -> Roster:
        http = Http()
        try:
            return await _read(http, config, addresses, moment)
        finally:
            await http.aclose()

    try:
        return asyncio.run(read())
    except Failure as failure:
        unset = failure.problem.cause in {Cause.MISSING, Cause.TOKEN}
        raise Stop(Exit.NOT_CONFIGURED if unset else Exit.UNAVAILABLE, failure.problem.text) from None


async def _read(http: Http, config: Config, addresses: Mapping[str, Secret], moment: datetime) -> Roster:
    from fleet_tui.services.calendars import Calendars, RosterReader

    return await RosterReader(Calendars(http, addresses, config.team.zone), config).read(moment)


def document(roster: Roster, moment: datetime, config: Config) -> dict[str, Any]:
    """`{"at", "on_call": [{"rotation", "person", "login", "group", "since", "until", "next"}]}`, times in ISO 8601.

    `next` holds the same but for itself, and is null when nobody is known. Whoever is missing has no entry.
    """
    now = []
    for shift in roster.on_call(moment):
        following = roster.next_after(shift)
        now.append({**_fields(shift, config), "next": _fields(following, config) if following else None})
    return {"format": FORMAT, "at": moment.astimezone(config.team.zone).isoformat(), "on_call": now}


def _row(shift: Shift, roster: Roster, config: Config) -> tuple[str, ...]:
    following, zone = roster.next_after(shift), config.team.zone
    times = day_month_hour(shift.start, zone), day_month_hour(shift.end, zone)
    return (
        shift.rotation,
        shift.person,
        shift.login or "–",
        shift.group or "–",
        *times,
        following.person if following else "–",
    )


def _fields(shift: Shift, config: Config) -> dict[str, Any]:
    zone = config.team.zone
    return {
        "rotation": shift.rotation,
        "person": shift.person,
        "login": shift.login or None,
        "group": shift.group or None,
        "since": shift.start.astimezone(zone).isoformat(),
        "until": shift.end.astimezone(zone).isoformat(),
    }


def _local(moment: datetime, config: Config) -> str:
    return f"{moment.astimezone(config.team.zone):%a %Y-%m-%d %H:%M %Z}"
