"""How the coming release stands: ready or not, published or not, and the day that the releases calendar names."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from fleet_tui.config.on_call import Calendar
from fleet_tui.config.schema import Config
from fleet_tui.domain.calendars import day_of
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.release_standing import Standing, release_day, standing
from fleet_tui.services.calendars import Calendars
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_releases import GitHubReleases
from fleet_tui.services.release_status import ReleaseStatus
from fleet_tui.services.told import told

AROUND = timedelta(weeks=26)
"""So far before and after now the calendar is read."""


class ReleaseStanding:
    """The standing of the coming release."""

    def __init__(self, github: GitHub, calendars: Calendars, config: Config) -> None:
        self._status = ReleaseStatus(github, config)
        self._releases = GitHubReleases(github)
        self._calendars = calendars
        self._config = config

    async def read(self, now: datetime) -> Standing:
        """The standing now. Raises `Failure` when no release can be told."""
        state, releases = await asyncio.gather(self._status.read(now), told(self._releases.releases()))
        day = await told(self._day(state.seen.version, now))
        return standing(state, releases, day, self._config.dependencies)

    async def _day(self, version: str, now: datetime) -> date | None:
        """The calendar's day for `version`; None without a calendar. Raises `Failure`."""
        rules = self._config.release
        if not (rules.calendar or rules.calendar_file):
            return None
        calendar = Calendar(name="releases", address=rules.calendar or "calendar", file=rules.calendar_file)
        start, end = day_of(now)
        events = await self._calendars.read(calendar, start - AROUND, end + AROUND)
        day = release_day(events, version, self._config.team.zone)
        if day is None:
            sentence = f"The releases calendar does not name {version}."
            raise Failure(Problem("The calendar releases", Cause.MISSING, sentence))
        return day
