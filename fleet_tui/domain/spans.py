"""Spans of time and moments in people's words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def span(length: timedelta) -> str:
    """The length in its two largest units, rounded down: `2 d 4 h`, `3 h 20 min`, `12 min`, `now` under a minute."""
    seconds = abs(int(length.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days >= 14:
        return f"{days} d"
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else "now"


def short_span(length: timedelta) -> str:
    """The length in its largest unit alone, for narrow columns: `2 d`, `3 h`, `12 m`, `now`."""
    return " ".join(span(length).split(" ")[:2]).replace("min", "m")


def until(moment: datetime, now: datetime, *, after: str = "ago") -> str:
    """`in 2 d 4 h`, `now`, or `3 h ago`; of what is due, with `after`, `3 h over`."""
    words = span(moment - now)
    if words == "now":
        return "now"
    return f"in {words}" if moment > now else f"{words} {after}"


def day_and_hour(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """`Tue 9:00` within a week of `now`, `Tue 25 Nov 9:00` beyond, on the clock of `zone`."""
    there = moment.astimezone(zone)
    near = abs(moment - now) < timedelta(days=6)
    return f"{there:%a} {there.hour}:{there:%M}" if near else day_month_hour(moment, zone)


def day_month_hour(moment: datetime, zone: ZoneInfo) -> str:
    """`Tue 25 Nov 9:00` in `zone`."""
    there = moment.astimezone(zone)
    return f"{day(moment, zone)} {there.hour}:{there:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """`Mon 25 Nov` in `zone`."""
    there = moment.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}"


def zone_name(moment: datetime, zone: ZoneInfo) -> str:
    """The zone's abbreviation at `moment` without the season, as people say it: `PT`, `CET`, `UTC`, `+03`."""
    name = moment.astimezone(zone).tzname() or zone.key
    return name[0] + "T" if len(name) == 3 and name[1:] in {"ST", "DT"} and name[0] in "PMCE" else name
