"""What the person is told of the own time on call: the day before, at its beginning, an hour before its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from fleet_tui.domain.roster import Roster, Shift, is_login

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class OnCallAlert(Struct, frozen=True):
    """One thing to tell."""

    key: str
    """The same for the same thing at any time: who keeps the keys tells nothing twice."""
    sentence: str


def on_call_alerts(
    former: datetime, now: datetime, roster: Roster, login: str, zone: ZoneInfo
) -> tuple[OnCallAlert, ...]:
    """What has come up after `former` and until `now`, and is still true at `now`. Hours are said in `zone`.

    A shift that began while the machine slept is told as begun, and no longer as tomorrow's.
    """
    mine = (shift for shift in roster.shifts if is_login(shift, login))
    return tuple(
        OnCallAlert(f"on-call {what} {shift.rotation} {shift.start.isoformat()}", sentence)
        for shift in mine
        for what, moment, until, sentence in _moments(shift, roster, zone)
        if former < moment <= now < until
    )


def _moments(shift: Shift, roster: Roster, zone: ZoneInfo) -> Iterator[tuple[str, datetime, datetime, str]]:
    """What is told of a shift: its name, from when on, until when it is true, the sentence."""
    eve = (shift.start.astimezone(zone) - DAY).astimezone(UTC)  # the same hour on the clock
    yield "tomorrow", eve, shift.start, f"You go on call {_hour(shift.start, zone)} ({shift.rotation})."
    yield "now", shift.start, shift.end, f"You are on call now, until {_hour(shift.end, zone)} ({shift.rotation})."
    following = roster.next_after(shift)
    whom = f"to {following.person}" if following else "and nobody is known to follow"
    ends = max(shift.end - HOUR, shift.start)
    yield "handover", ends, shift.end, f"You hand over {whom} at {_hour(shift.end, zone)} ({shift.rotation})."


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%A} {local.hour}:{local:%M}"
