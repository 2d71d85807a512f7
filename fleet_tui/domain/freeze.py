"""The freeze: its phases by the clock and by the branch's real state (handbook: "Merge freeze", "Deep freeze")."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.config.section import WEEKDAYS
from fleet_tui.domain.problem import Failure, Problem
from fleet_tui.domain.releases import ComingRelease

NO_TIME = timedelta(0)


class BranchState(Struct, frozen=True):
    """What Merge Freeze says of the branch."""

    branch: str
    frozen: bool
    by: str = ""
    note: str = ""
    since: datetime | None = None
    """When it was frozen; None when Merge Freeze does not say and nobody saw it happen."""
    unfrozen: frozenset[int] | None = None
    """Pull requests that may merge all the same; None when Merge Freeze does not list them."""


class FreezeLost(Failure):
    """A write left the branch open that was frozen: to be frozen again with `unfrozen` as the list."""

    def __init__(self, problem: Problem, unfrozen: frozenset[int]) -> None:
        super().__init__(problem)
        self.unfrozen = unfrozen


class Phase(Enum):
    """Where the branch stands between two releases."""

    OPEN = "open"
    AHEAD = "freeze ahead"
    FREEZE = "freeze"
    DEEP = "deep freeze"
    RELEASE = "release day"

    @property
    def restricts(self) -> bool:
        """Whether the freeze rules apply."""
        return self in {Phase.FREEZE, Phase.DEEP, Phase.RELEASE}


class Mismatch(Enum):
    """How the branch differs from what the calendar asks for."""

    NOT_FROZEN = "should be frozen, but is open"
    STILL_FROZEN = "is frozen outside of the planned freeze"
    OVERDUE = "is still frozen after the release day"


class Schedule(Struct, frozen=True):
    """The moments of one release, in UTC."""

    version: str
    freeze: datetime
    deep: datetime
    release: datetime


class Situation(Struct, frozen=True):
    """The branch at one moment."""

    phase: Phase
    frozen: bool | None
    """None while Merge Freeze has not been heard."""
    schedule: Schedule | None
    next_change: tuple[Phase, datetime] | None
    mismatch: Mismatch | None = None


def schedule(release: ComingRelease, config: Config) -> Schedule:
    """The moments of `release`: wall-clock hours in the team's zone, so that 9:00 stays 9:00 across daylight saving."""
    zone, rules = config.team.zone, config.freeze
    back = (release.day.weekday() - WEEKDAYS.index(rules.weekday) - 1) % 7 + 1  # strictly before the release day
    release_at = _at(release.day, config.release.time, zone)
    return Schedule(
        version=release.version,
        freeze=_at(release.day - timedelta(days=back), rules.time, zone),
        deep=release_at - timedelta(hours=rules.deep_hours),
        release=release_at,
    )


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def planned_phase(plan: Schedule, now: datetime, ahead: timedelta) -> Phase:
    """The phase by the calendar alone."""
    if now >= plan.release:
        return Phase.RELEASE
    if now >= plan.deep:
        return Phase.DEEP
    if now >= plan.freeze:
        return Phase.FREEZE
    return Phase.AHEAD if now >= plan.freeze - ahead else Phase.OPEN


def situation(branch: BranchState | None, plan: Schedule | None, now: datetime, config: Config) -> Situation:
    """Phase, next change and mismatch at `now`, from the branch's real state and the calendar.

    The calendar tells the phase; a branch that is frozen early counts as frozen, and after the release a branch that
    was opened again is simply open.
    """
    frozen = branch.frozen if branch else None
    if plan is None:
        phase = Phase.FREEZE if frozen else Phase.OPEN
        return Situation(phase, frozen, None, None)
    planned = planned_phase(plan, now, timedelta(hours=config.freeze.ahead_hours))
    if planned is Phase.RELEASE and frozen is False:
        return Situation(Phase.OPEN, frozen, plan, None)
    phase, mismatch = planned, None
    if frozen and not planned.restricts:
        phase, mismatch = Phase.FREEZE, Mismatch.STILL_FROZEN
    elif frozen is False and planned.restricts:
        mismatch = Mismatch.NOT_FROZEN
    elif frozen and planned is Phase.RELEASE and _day(now, config) > _day(plan.release, config):
        mismatch = Mismatch.OVERDUE
    return Situation(phase, frozen, plan, _next_change(plan, now), mismatch)


class Weight(Enum):
    """How a sentence is meant."""

    PLAIN = "plain"
    WARNING = "warning"
    ASIDE = "aside"


def consequences(branch: BranchState, at: Situation, unfrozen: int) -> tuple[tuple[str, Weight], ...]:
    """What freezing the branch, or lifting its freeze, means now; `unfrozen` pull requests may merge all the same."""
    if not branch.frozen:
        return ((f"From then on only what somebody unfreezes can be merged to {branch.branch}.", Weight.PLAIN),)
    found = [(f"From then on everything can be merged to {branch.branch}.", Weight.PLAIN)]
    if at.schedule and at.phase is not Phase.RELEASE and at.mismatch is None:
        found.append((f"{at.schedule.version} has not been released yet.", Weight.WARNING))
    if unfrozen:
        pulls = "1 unfrozen pull request" if unfrozen == 1 else f"{unfrozen} unfrozen pull requests"
        found.append((f"The list of {pulls} is lost.", Weight.ASIDE))
    return tuple(found)


def _next_change(plan: Schedule, now: datetime) -> tuple[Phase, datetime] | None:
    present = planned_phase(plan, now, NO_TIME)
    moments = sorted(moment for moment in (plan.freeze, plan.deep, plan.release) if moment > now)
    changes = ((planned_phase(plan, moment, NO_TIME), moment) for moment in moments)
    return next((change for change in changes if change[0] is not present), None)


def _day(moment: datetime, config: Config) -> date:
    return moment.astimezone(config.team.zone).date()
