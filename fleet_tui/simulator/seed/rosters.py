"""The on-call calendars of the demo world, and the list of rituals."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.calendars import ZONE, Entry, SharedCalendar

WEDNESDAY = 2
HANDOVER = time(9)
WEEK = timedelta(weeks=1)
TURNS = ("Lucas", "Victor", "Roberto", "Martin", "Jacob", "Sarah", "Jahziel", "Gabe")
"""Whose weeks follow each other; the first has the present one."""
INFRASTRUCTURE = ("Robert", "Luke")
RITUALS = "handbook/engineering/engineering.rituals.yml"


def keep_rosters(world: World, now: datetime) -> None:
    """Fill the calendars so that the first of each has the week in which `now` lies; put the rituals into a file."""
    start = _handover_before(now)
    developer = SharedCalendar("On-call developer", "oncall", "0f3a7c55d1e94b62")
    for turn, name in enumerate(TURNS):
        first = start + (turn - len(TURNS)) * WEEK
        developer.entries.append(Entry(f"On-call: {name}", first, WEEK, every_weeks=len(TURNS)))
    infrastructure = SharedCalendar("Infrastructure on-call", "infra", "5b21c9aa40d8e317")
    midnight = datetime.combine(start.date(), time())
    for turn, name in enumerate(INFRASTRUCTURE):
        first = midnight + (turn - len(INFRASTRUCTURE)) * WEEK
        infrastructure.entries.append(Entry(f"{name} (infra)", first, WEEK, len(INFRASTRUCTURE), all_day=True))
    world.calendars = {"developer": developer, "infrastructure": infrastructure}
    world.repo().files[RITUALS] = files("fleet_tui.simulator").joinpath("data", "rituals.yml").read_text("utf-8")


def _handover_before(now: datetime) -> datetime:
    """The last handover until `now`, on the wall clock of San Francisco."""
    local = now.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    day = local.date() - timedelta(days=(local.weekday() - WEDNESDAY) % 7)
    handover = datetime.combine(day, HANDOVER)
    return handover if handover <= local else handover - WEEK
