"""Calendars: read at a secret address, or from a file.

The address of a feed is all that it takes to read it, so it is treated as a token: it stands in no error, no log and
no key of a kept answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleet_tui.aside import aside
from fleet_tui.config.on_call import Calendar
from fleet_tui.config.rules import is_loopback
from fleet_tui.config.schema import Config
from fleet_tui.domain.calendars import CalendarEvents, Event
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.roster import Roster
from fleet_tui.domain.turns import roster_of, rotations, window
from fleet_tui.services.http import Answer, Http
from fleet_tui.services.http_service import Service
from fleet_tui.services.memo import Memo
from fleet_tui.services.secret import Secret, renewal
from fleet_tui.services.store import Store

LARGEST = 5 * 1024 * 1024
GONE = {Cause.MISSING, Cause.TOKEN, Cause.PERMISSION}
"""How a server answers to a secret address that was reset."""


def calendar_service(calendar: Calendar, address: Secret) -> Service:
    """The feed of `calendar` at its secret `address`. Raises `Failure` when that is no safe address.

    `webcal://` is what calendar programs write for `https://`.
    """
    text = address.reveal()
    try:
        parts = urlsplit(text.replace("webcal://", "https://", 1) if text.startswith("webcal://") else text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise _no_address(calendar, address) from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not safe or not host or "@" in parts.netloc or not parts.path.strip("/"):
        raise _no_address(calendar, address)
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return Service(
        _name(calendar), f"{parts.scheme}://{parts.netloc}", Secret(rest), {"Accept": "text/calendar, */*"}, "path"
    )


class Calendars:
    """The calendars of the settings, on-call's or others."""

    def __init__(self, http: Http, addresses: Mapping[str, Secret], zone: ZoneInfo, store: Store | None = None) -> None:
        """`addresses` are the secret ones by the names under which they are kept, e.g. `calendar`."""
        self._memo = Memo(store)
        self._http = http
        self._addresses = addresses
        self._zone = zone

    async def read(self, calendar: Calendar, start: datetime, end: datetime) -> tuple[Event, ...]:
        """The entries of `calendar` that touch the time from `start` to `end`. Raises `Failure`."""
        name = _name(calendar)
        if calendar.file:
            return await self._events(name, await self._file(name, calendar.file), start, end)
        answer = await self._feed(name, calendar)
        try:
            return await self._events(name, answer.body, start, end)
        except Failure:
            answer.forget()
            raise

    async def _events(self, name: str, text: bytes, start: datetime, end: datetime) -> tuple[Event, ...]:
        if len(text) > LARGEST:
            raise _unreadable(name, f"more than {LARGEST >> 20} MB")
        work = partial(aside, _understood, name, text, start, end, self._zone)
        return await self._memo.value(name, text, tuple[Event, ...], work, start, end, self._zone)

    async def _file(self, name: str, file: str) -> bytes:
        try:
            return await aside(_beginning, Path(file))
        except (OSError, RuntimeError) as error:  # RuntimeError: the `~` of nobody
            why = getattr(error, "strerror", None) or "no such place"
            sentence = f"{name} cannot be read from {file} ({why})."
            remedy = "Name another `file` in the configuration."
            raise Failure(Problem(name, Cause.MISSING, sentence, remedy)) from None

    async def _feed(self, name: str, calendar: Calendar) -> Answer:
        address = self._addresses.get(calendar.address)
        remedy = renewal(calendar.address, address, "Store its address")
        if address is None:
            raise Failure(Problem(name, Cause.TOKEN, f"{name} has no address.", remedy))
        service = calendar_service(calendar, address)
        try:
            return await self._http.get(service, "")
        except Failure as failure:
            if failure.problem.cause not in GONE:
                raise
            sentence = f"{name} is no longer at its secret address."
            raise Failure(replace(failure.problem, sentence=sentence, remedy=remedy)) from None


class RosterReader:
    """The on-call roster of the settings."""

    def __init__(self, calendars: Calendars, config: Config) -> None:
        self._calendars = calendars
        self._config = config

    async def read(self, now: datetime) -> Roster:
        """The roster around `now`: from some weeks ago to the end of the weeks looked at. Raises `Failure`."""
        settings = self._config.on_call
        if not rotations(settings):
            sentence = "There is no on-call roster."
            remedy = "Name a calendar, or people and `first_week`, under [on_call] in the configuration."
            raise Failure(Problem("On-call roster", Cause.MISSING, sentence, remedy))
        start, end = window(now, self._config)
        found = await asyncio.gather(*(self._calendars.read(one, start, end) for one in settings.calendars))
        told = [CalendarEvents(one.name, events) for one, events in zip(settings.calendars, found, strict=True)]
        return roster_of(self._config, told, start, end)


def _understood(name: str, text: bytes, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Event, ...]:
    """The entries in `text`. Raises `Failure`. For a thread: to load what reads it takes its time, too."""
    from fleet_tui.services.icalendars import BadCalendar, read_events

    try:
        return read_events(text, start, end, zone)
    except BadCalendar as error:
        raise _unreadable(name, str(error)) from None


def _beginning(path: Path) -> bytes:
    """The file, or so much of it that it counts as too large."""
    with path.expanduser().open("rb") as file:
        return file.read(LARGEST + 1)


def _name(calendar: Calendar) -> str:
    return f"The calendar {calendar.name}"


def _no_address(calendar: Calendar, address: Secret) -> Failure:
    name = _name(calendar)
    sentence = f"{name} has an address that is not one of a feed."
    again = renewal(calendar.address, address, "Store it again")
    remedy = f"One begins with `https://` and holds no password. {again}"
    return Failure(Problem(name, Cause.TOKEN, sentence, remedy))


def _unreadable(name: str, detail: str) -> Failure:
    sentence = f"{name} cannot be understood: it is no calendar, or a broken one."
    return Failure(Problem(name, Cause.UNREADABLE, sentence, "It is asked again by itself.", detail))
