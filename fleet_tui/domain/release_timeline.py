"""A release from the freeze to the open branch: what is done, what is next, what is late, and who or what blocks it.

Everything is derived from what the systems say; nothing is ticked off here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState, Schedule, schedule
from fleet_tui.domain.releases import ComingRelease

GRACE = timedelta(hours=1)
"""What is due at an hour is late an hour after it."""


class State(Enum):
    """Where a stage stands."""

    DONE = "done"
    CURRENT = "current"
    """Its turn: everything before it is done."""
    COMING = "coming"
    BLOCKED = "blocked"
    """Its turn, and something that has a name is in the way."""
    OVERDUE = "overdue"


class Facts(Struct, frozen=True):
    """What the systems say. None: a system has not been heard, which makes nothing late."""

    version: str
    calendar_day: date | None = None
    """The release day by the releases calendar."""
    milestone_day: date | None = None
    """The release day by the milestone's due date."""
    branch: BranchState | None = None
    behind: tuple[str, ...] | None = None
    """Dependencies that are behind, or that nobody has looked at yet, by name."""
    qa_issue: int | None = None
    """Number of the release QA issue; 0 when there is none yet."""
    ready: Mapping[str, str] | None = None
    """The groups that are ready, and who said so."""
    blockers: tuple[int, ...] | None = None
    """Numbers of open release blockers and unreleased bugs, the gravest first."""
    titles: Mapping[int, str] = {}
    """Theirs."""
    published: datetime | None = None
    """When the release was published on GitHub."""
    is_published: bool | None = None
    dogfood: str | None = None
    """The version that dogfood runs; empty when that is not known to anybody."""
    dogfood_trouble: str = ""
    """Why the last deployment did not succeed."""
    concluded: tuple[int, int] | None = None
    """Steps of the milestone's conclusion that are over, and all of them; equal when it is concluded."""


class Stage(Struct, frozen=True):
    """One point of the timeline."""

    name: str
    at: datetime | None
    """When it was done, where a system tells; else when it is due. UTC."""
    state: State
    blocker: str = ""
    """Who or what it waits for; empty when nothing is known to be in its way."""
    detail: str = ""
    named: tuple[str, ...] = ()
    """What `blocker` lists by number, each with its title, where there is room for it."""


class Timeline(Struct, frozen=True):
    """The whole release."""

    version: str
    day: date | None
    """The release day in force: the calendar's, else the milestone's."""
    disagreement: str
    """A sentence when calendar and milestone name different days, else empty."""
    stages: tuple[Stage, ...]

    @property
    def next(self) -> Stage | None:
        """The first stage that is not done; None when the release is behind us."""
        return next((stage for stage in self.stages if stage.state is not State.DONE), None)

    def has_begun(self, now: datetime) -> bool:
        """Whether the freeze has begun: it is seen, or its hour has come."""
        freeze = self.stages[0]
        return freeze.state is State.DONE or (freeze.at is not None and now >= freeze.at)


class _Point(Struct, frozen=True):
    """A stage before its state is judged. `done` is None while nobody has said."""

    name: str
    due: datetime | None
    done: bool | None
    blocker: str = ""
    detail: str = ""
    done_at: datetime | None = None
    named: tuple[str, ...] = ()


def timeline(facts: Facts, now: datetime, config: Config) -> Timeline:
    """The stages of the release in order, judged at `now`."""
    day = facts.calendar_day or facts.milestone_day
    plan = schedule(ComingRelease(facts.version, day, None), config) if day else None
    stages: list[Stage] = []
    for point in _points(facts, plan, now, config):
        is_its_turn = all(stage.state is State.DONE for stage in stages)
        state = _state(point, now, is_its_turn=is_its_turn)
        at = point.done_at if point.done and point.done_at else point.due
        blocker = "" if state is State.DONE else point.blocker
        stages.append(Stage(point.name, at, state, blocker, point.detail, point.named if blocker else ()))
    return Timeline(facts.version, day, _disagreement(facts), tuple(stages))


def _state(point: _Point, now: datetime, *, is_its_turn: bool) -> State:
    if point.done:
        return State.DONE
    if point.done is False and point.due is not None and now >= point.due + GRACE:
        return State.OVERDUE
    if is_its_turn:
        return State.BLOCKED if point.blocker else State.CURRENT
    return State.COMING


def _disagreement(facts: Facts) -> str:
    calendar, milestone = facts.calendar_day, facts.milestone_day
    if not calendar or not milestone or calendar == milestone:
        return ""
    return f"The calendar says {_shown(calendar)}, the milestone {_shown(milestone)}."


def _shown(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B}"


def _points(facts: Facts, plan: Schedule | None, now: datetime, config: Config) -> Iterator[_Point]:
    freeze, deep, release = (plan.freeze, plan.deep, plan.release) if plan else (None, None, None)
    dri, out = config.team.release_dri, facts.is_published
    frozen = None if facts.branch is None else facts.branch.frozen or out is True
    since = facts.branch.since if facts.branch and not out else None
    yield _Point("Freeze begins", freeze, frozen, _open_branch(freeze, frozen, now, config), done_at=since)
    behind = facts.behind
    yield _Point(
        "Dependencies confirmed", freeze, None if behind is None else not behind or out is True, _listed(behind)
    )
    qa = facts.qa_issue
    missing = f"@{dri}" if qa == 0 else ""
    yield _Point(
        "QA issue created", freeze, None if qa is None else qa > 0 or out is True, missing, f"#{qa}" if qa else ""
    )
    reached = deep is not None and now >= deep
    is_deep = out is True or (frozen if reached else False)
    yield _Point("Deep freeze begins", deep, is_deep, _open_branch(deep, frozen, now, config))
    yield _groups(facts, release, config)
    yield _release(facts, release)
    yield _dogfood(facts, release)
    yield _conclusion(facts, release, dri)
    lifted = None if facts.branch is None or out is None else out and not facts.branch.frozen
    yield _Point("Freeze lifted", _end_of(release), lifted, f"@{dri}" if out else "")


def _end_of(release: datetime | None) -> datetime | None:
    """What follows the release is done within the day."""
    return release + timedelta(days=1) if release else None


def _open_branch(due: datetime | None, frozen: bool | None, now: datetime, config: Config) -> str:
    late = due is not None and now >= due and frozen is False
    return f"{config.team.branch} is open: @{config.team.release_dri}" if late else ""


def _listed(names: tuple[str, ...] | None) -> str:
    shown = ", ".join((names or ())[:3])
    return f"{shown} and {len(names) - 3} more" if names and len(names) > 3 else shown


def _groups(facts: Facts, release: datetime | None, config: Config) -> _Point:
    groups = {group.label: group.qa_lead for group in config.groups}
    if facts.ready is None:
        return _Point("Groups ready", release, None)
    waiting = tuple(f"{label}: @{lead}" for label, lead in groups.items() if label not in facts.ready)
    detail = f"{len(groups) - len(waiting)} of {len(groups)}"
    return _Point("Groups ready", release, not waiting or facts.is_published is True, _listed(waiting), detail)


def _release(facts: Facts, due: datetime | None) -> _Point:
    numbers = facts.blockers or ()
    named = tuple(f"#{number} {facts.titles.get(number, '')}".strip() for number in numbers)
    listed = _listed(tuple(f"#{number}" for number in numbers))
    return _Point("Release published", due, facts.is_published, listed, done_at=facts.published, named=named)


def _dogfood(facts: Facts, release: datetime | None) -> _Point:
    done = None if facts.dogfood is None else facts.dogfood == facts.version
    detail = f"runs {facts.dogfood}" if facts.dogfood else ""
    return _Point("Dogfood deployed", _end_of(release), done, facts.dogfood_trouble, detail)


def _conclusion(facts: Facts, release: datetime | None, dri: str) -> _Point:
    due = _end_of(release)
    if facts.concluded is None:
        return _Point("Milestone concluded", due, None)
    over, total = facts.concluded
    detail = f"{over} of {total} steps" if 0 < over < total else ""
    blocker = f"@{dri}" if facts.is_published and over < total else ""
    return _Point("Milestone concluded", due, over == total and total > 0, blocker, detail)
