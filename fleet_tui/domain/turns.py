"""Shifts out of the settings and out of calendars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from fleet_tui.config.on_call import Calendar, OnCall, Person
from fleet_tui.config.schema import Config
from fleet_tui.config.section import WEEKDAYS
from fleet_tui.domain.calendars import CalendarEvents, day_of
from fleet_tui.domain.roster import Roster, Shift, roster

WEEK = timedelta(weeks=1)
BEFORE = timedelta(weeks=5)
"""So far back shifts are looked for, to know since when somebody is on call."""


def window(now: datetime, config: Config) -> tuple[datetime, datetime]:
    """From when to when the roster has to be known on `now`'s day; one week more than gaps are looked for in."""
    start, end = day_of(now)
    return start - BEFORE, end + WEEK * (config.on_call.weeks_ahead + 1)


def rotations(settings: OnCall) -> tuple[str, ...]:
    """The names of the rotations: those of the calendars, then those that take turns."""
    turns = (person.rotation for person in settings.people) if settings.first_week else ()
    return tuple(dict.fromkeys([*(calendar.name for calendar in settings.calendars), *turns]))


def roster_of(config: Config, calendars: Sequence[CalendarEvents], start: datetime, end: datetime) -> Roster:
    """The roster between `start` and `end`: by the calendars, and by turns for the rotations that have none."""
    settings = config.on_call
    told = {calendar.name for calendar in settings.calendars}
    shifts = [shift for events in calendars for shift in calendar_shifts(events, settings)]
    for rotation in rotations(settings):
        if rotation not in told:
            shifts += turns(rotation, config, start, end)
    return roster(shifts, rotations(settings))


# Weekly turns


def turns(rotation: str, config: Config, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The weekly turns of `rotation` that touch the time from `start` to `end`, with the swaps in their places."""
    settings = config.on_call
    people = [person for person in settings.people if person.rotation == rotation]
    if settings.first_week is None or not people:
        return ()
    first = _handover_day(settings.first_week, settings)
    shifts: list[Shift] = []
    day = _handover_day(start.astimezone(config.team.zone).date() - timedelta(days=1), settings)
    while (begins := handover(day, config)) < end:
        person = people[(day - first).days // 7 % len(people)]
        shifts.append(_shift(person, rotation, begins, handover(day + WEEK, config)))
        day += WEEK
    for swap in settings.swaps:
        if swap.rotation == rotation:
            days = handover(swap.start, config), handover(swap.start + timedelta(days=swap.days), config)
            shifts = [*_without(shifts, *days), _shift(_by_login(swap.login, settings.people), rotation, *days)]
    return tuple(sorted((one for one in shifts if one.end > start and one.start < end), key=lambda one: one.start))


def handover(day: date, config: Config) -> datetime:
    """The moment of a handover on `day`, in UTC: 9:00 stays 9:00 across daylight saving."""
    return datetime.combine(day, config.on_call.handover_time, tzinfo=config.team.zone).astimezone(UTC)


def _handover_day(day: date, settings: OnCall) -> date:
    """The last handover's day that is not after `day`."""
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(settings.handover_day)) % 7)


def _without(shifts: Iterable[Shift], start: datetime, end: datetime) -> Iterator[Shift]:
    """The shifts with the time from `start` to `end` cut out."""
    for shift in shifts:
        if shift.start < start:
            yield replace(shift, end=min(shift.end, start))
        if shift.end > end:
            yield replace(shift, start=max(shift.start, end))


def _by_login(login: str, people: Sequence[Person]) -> Person:
    known = (person for person in people if person.login.casefold() == login.casefold())
    return next(known, Person(name=login, login=login))


def _shift(person: Person, rotation: str, start: datetime, end: datetime) -> Shift:
    return Shift(person.name, person.login, person.group, start, end, rotation)


# Calendars


def calendar_shifts(calendar: CalendarEvents, settings: OnCall) -> tuple[Shift, ...]:
    """The entries of a calendar as shifts; those whose title does not match its `titles` are something else."""
    wanted = _patterns(calendar.name, settings.calendars)
    return tuple(
        _shift(person_in(event.title, settings.people), calendar.name, event.start, event.end)
        for event in calendar.events
        if event.start < event.end and (not wanted or any(pattern.search(event.title) for pattern in wanted))
    )


def person_in(title: str, people: Sequence[Person]) -> Person:
    """Whom a title such as `On-call: Lucas (mdm)` names; the title itself, without login, when it is nobody known.

    Of several names in it the first counts: `Lucas, for Roberto`. Where two begin, the longer one does.
    """
    found = [
        (place.start(), -len(name), person)
        for person in people
        for name in (person.name, person.login, *person.also)
        if name and (place := re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", title, re.IGNORECASE))
    ]
    return min(found, key=lambda entry: entry[:2])[2] if found else Person(name=title or "(no title)")


def _patterns(name: str, calendars: Sequence[Calendar]) -> tuple[re.Pattern[str], ...]:
    titles = (title for calendar in calendars if calendar.name == name for title in calendar.titles)
    return tuple(re.compile(title, re.IGNORECASE) for title in titles)
