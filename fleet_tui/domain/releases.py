"""Which release comes next, and when."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from packaging.version import Version

from fleet_tui.config.schema import Release
from fleet_tui.config.section import WEEKDAYS

# GitHub keeps a milestone's due date as midnight in San Francisco, wherever the team is.
GITHUB_DUE_DATE_ZONE = ZoneInfo("America/Los_Angeles")


class Milestone(Struct, frozen=True):
    """A milestone of the repository."""

    number: int
    title: str
    due: date | None
    open_issues: int = 0
    url: str = ""


def due_date(due_on: datetime) -> date:
    """The calendar day that GitHub's `due_on` instant stands for."""
    return due_on.astimezone(GITHUB_DUE_DATE_ZONE).date()


class ComingRelease(Struct, frozen=True):
    """The release that a freeze serves."""

    version: str
    day: date
    milestone: Milestone | None
    """None when the day comes from the cadence because no milestone tells it."""


def version_of(title: str, suffix: str) -> Version | None:
    """The version that a milestone's title names: `4.45.0-tentative` is 4.45.0. None when it is no such title."""
    match = re.fullmatch(r"v?([0-9]+\.[0-9]+\.[0-9]+)", title.removesuffix(suffix).strip())
    return Version(match[1]) if match else None


def coming_milestone(milestones: tuple[Milestone, ...], rules: Release) -> Milestone | None:
    """The open milestone of the next minor release, `4.x.0` with the unpublished suffix: the lowest such version."""
    minor = [
        (version, milestone)
        for milestone in milestones
        if milestone.title.endswith(rules.milestone_suffix)
        and (version := version_of(milestone.title, rules.milestone_suffix)) is not None
        and version.micro == 0
    ]
    return min(minor, key=lambda pair: pair[0])[1] if minor else None


def coming_release(milestones: tuple[Milestone, ...], rules: Release, today: date) -> ComingRelease | None:
    """The next release: by the due date of its milestone, else by the cadence. None when neither tells a day."""
    milestone = coming_milestone(milestones, rules)
    day = milestone.due if milestone and milestone.due else cadence_day(rules, today)
    if day is None:
        return None
    version = str(version_of(milestone.title, rules.milestone_suffix)) if milestone else "next release"
    return ComingRelease(version, day, milestone)


def cadence_day(rules: Release, today: date) -> date | None:
    """The first release day of the cadence that is not before `today`; None without `release.known_date`."""
    if rules.known_date is None:
        return None
    step = timedelta(weeks=rules.every_weeks)
    anchor = rules.known_date + timedelta(days=WEEKDAYS.index(rules.weekday) - rules.known_date.weekday())
    return anchor + step * -(-(today - anchor) // step)
