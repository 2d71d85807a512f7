"""On-call: the roster, the rituals, who is of the team, and what is assigned to whoever is on call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.domain.community import Members
from fleet_tui.domain.on_call_waiting import Assigned
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.pulls import PullRequest
from fleet_tui.domain.rituals import Rituals
from fleet_tui.domain.roster import Roster
from fleet_tui.domain.turns import rotations
from fleet_tui.services.calendars import RosterReader
from fleet_tui.services.github_assigned import read_assigned
from fleet_tui.services.github_members import read_members
from fleet_tui.services.github_pulls import OpenPulls
from fleet_tui.services.rituals import RitualsReader
from fleet_tui.services.slack_groups import UserGroups, slack_service
from fleet_tui.wiring.source import Common, Source


class OnCallArea:
    """Everything that the on-call screen reads, but for pull requests and bugs."""

    def __init__(self, common: Common) -> None:
        config = common.config
        self._common = common
        self._roster = RosterReader(common.calendars, config)
        self._rituals = RitualsReader(common.github, config, common.store)
        slack = common.tokens.get("slack")
        self.groups = UserGroups(common.http, slack_service(config, slack)) if slack else None
        """None without a token that could move the user group."""

    def sources(self) -> Mapping[str, Source]:
        """The feeds `roster`, `rituals`, `members` and `assigned`."""
        polling = self._common.config.polling
        return {
            "roster": Source(self._read_roster, lambda: polling.roster),
            "rituals": Source(self._read_rituals, lambda: polling.rituals),
            "members": Source(self._read_members, lambda: polling.members),
            "assigned": Source(self._read_assigned, lambda: polling.assigned),
        }

    def react(self, name: str, former: Any, value: Any) -> None:
        """Who one is decides on whose issues are shown, and by it one tells whether all members are seen."""
        if name == "me":
            self._common.wake(("assigned", "members"))

    def close(self) -> None:
        """Nothing is held."""

    async def pulls_anew(self) -> tuple[PullRequest, ...]:
        """All open pull requests as they are now, whatever the feed knows. Raises `Failure`."""
        return await OpenPulls(self._common.github, self._common.config, self._common.now).read()

    async def _read_roster(self) -> Roster:
        """A team without a roster is no failure: the screen says how to make one."""
        if not rotations(self._common.config.on_call):
            return Roster((), ())
        return await self._roster.read(self._common.now())

    async def _read_rituals(self) -> Rituals:
        """Nor is a repository without a list of rituals, unless the settings name a file."""
        try:
            return await self._rituals.read()
        except Failure as failure:
            if failure.problem.cause is not Cause.MISSING or self._common.config.on_call.rituals_file:
                raise
            return Rituals(())

    async def _read_members(self) -> Members:
        return await read_members(self._common.github, self._common.login)

    async def _read_assigned(self) -> tuple[Assigned, ...]:
        common = self._common
        roster: Roster = common.need("roster")
        shift = roster.in_charge(common.login, common.now())
        return await read_assigned(common.github, shift.login if shift else "")
