"""Calendars at secret addresses, in Google's style: `/ical/<id>/private-<key>/basic.ics`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD, sub_application
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.calendars import ZONE, Entry, SharedCalendar

HEAD = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:{name}
X-WR-TIMEZONE:America/Los_Angeles
BEGIN:VTIMEZONE
TZID:America/Los_Angeles
X-LIC-LOCATION:America/Los_Angeles
BEGIN:DAYLIGHT
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
TZNAME:PDT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
TZNAME:PST
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE"""
STAMP = "20240101T000000Z"
LONGEST_LINE = 75
routes = web.RouteTableDef()


def application(world: World) -> web.Application:
    """The calendars as a sub-application."""
    return sub_application(world, routes)


@routes.get("/ical/{id}/private-{key}/basic.ics")
async def feed(request: web.Request) -> web.Response:
    """A calendar, or 404 for a wrong key."""
    wanted = request.match_info["id"], request.match_info["key"]
    calendars = request.app[WORLD].calendars.values()
    calendar = next((one for one in calendars if (one.id, one.key) == wanted), None)
    if calendar is None:
        return web.Response(status=404, text="Not Found")
    body = text(calendar).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers={"ETag": etag})


def text(calendar: SharedCalendar) -> str:
    """The calendar as iCalendar text."""
    lines = HEAD.format(name=calendar.name).split("\n")
    for number, entry in enumerate(calendar.entries, start=1):
        lines += _entry(entry, f"{number:08d}{calendar.id[:8]}@google.com")
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _entry(entry: Entry, uid: str) -> Iterator[str]:
    repeats = [f"RRULE:FREQ=WEEKLY;INTERVAL={entry.every_weeks}"] if entry.every_weeks else []
    gone = [f"EXDATE{_when(start, entry)}" for start in entry.cancelled]
    yield from _event(entry, uid, entry.title, entry.start, [*repeats, *gone])
    for former, title, start in entry.moved:
        yield from _event(entry, uid, title, start, [f"RECURRENCE-ID{_when(former, entry)}"])


def _event(entry: Entry, uid: str, title: str, start: datetime, more: list[str]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"DTSTART{_when(start, entry)}"
    yield f"DTEND{_when(start + entry.length, entry)}"
    yield from more
    yield from (f"DTSTAMP:{STAMP}", f"UID:{uid}", f"SUMMARY:{_escaped(title)}", "STATUS:CONFIRMED", "END:VEVENT")


def _when(moment: datetime, entry: Entry) -> str:
    return f";VALUE=DATE:{moment:%Y%m%d}" if entry.all_day else f";TZID={ZONE}:{moment:%Y%m%dT%H%M%S}"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Long lines go on in the next, behind a blank."""
    yield line[:LONGEST_LINE]
    for begin in range(LONGEST_LINE, len(line), LONGEST_LINE - 1):
        yield " " + line[begin : begin + LONGEST_LINE - 1]
