"""How the roster looks: who, until when, who comes next, and where somebody is missing. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.domain.roster import Gap, Overlap, Roster, Shift, is_login
from fleet_tui.domain.spans import day, day_and_hour, until, zone_name
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs

APART = f"  {glyphs.DOT}  "
BETWEEN, MORE = "   ", " …"
TROUBLES_SHOWN = 3


class Head(Struct, frozen=True):
    """The lines above the table; those that say nothing are empty."""

    headline: Content
    release: Content = msgspec.field(default_factory=Content)
    """Since, until, next."""
    others: Content = msgspec.field(default_factory=Content)
    band: Content = msgspec.field(default_factory=Content)
    troubles: Content = msgspec.field(default_factory=Content)


HOW = "Name a calendar, or people and first_week, under [on_call] in the configuration."
NO_ROSTER = Head(Content.styled("No on-call roster is set up.", "bold"), Content.styled(HOW, Tone.OLD))
READING = Head(Content("Reading the on-call roster …"))
UNKNOWN = Head(Content("The on-call roster is not known."))


def head(
    roster: Roster, shift: Shift | None, login: str, now: datetime, config: Config, width: int, *, airy: bool
) -> Head:
    """Everything about the roster, which knows at least one rotation; `shift` is the one that it is about."""
    zone, weeks = config.team.zone, config.on_call.weeks_ahead
    rotation = shift.rotation if shift else roster.rotations[0]
    return Head(
        headline(shift, login),
        times(shift, roster.next_after(shift), now, zone) if shift else until_somebody(roster, now, zone),
        others(roster, shift, login, now, zone, airy=airy),
        band(roster, rotation, login, now, weeks, zone, width, 2 if airy else 1),
        troubles(roster, now, weeks, zone),
    )


def headline(shift: Shift | None, login: str) -> Content:
    """Who is on call, as a sentence."""
    if shift is None:
        return Content.assemble((f"{glyphs.ACT} ", Tone.ACT), ("Nobody is on call.", "bold"))
    about = ", ".join(filter(None, (shift.login, shift.group)))
    known = (f"  {about}" if about else "", Tone.OLD)
    if is_login(shift, login):
        return Content.assemble((f"{glyphs.LIVE} You are on call", f"bold {Tone.ACCENT}"), known)
    return Content.assemble((f"{shift.person} is on call", "bold"), known)


def times(shift: Shift, following: Shift | None, now: datetime, zone: ZoneInfo) -> Content:
    """Since when, until when, and who is next."""
    # Both with their dates: "since Wed 9:00, until Wed 9:00" would be a riddle.
    start, end = (f"{day(moment, zone)} {_hour(moment, zone)}" for moment in (shift.start, shift.end))
    words = f"since {start}, until {end} {zone_name(shift.end, zone)}, {until(shift.end, now)}"
    return Content.assemble(words, APART, "next: ", (following.person if following else "nobody is known", "bold"))


def until_somebody(roster: Roster, now: datetime, zone: ZoneInfo) -> Content:
    """Who is the next one in the first rotation, which has nobody now."""
    coming = next((shift for shift in roster.of(roster.rotations[0]) if shift.start > now), None)
    if coming is None:
        return Content("Nobody is known to come.")
    start = f"{day(coming.start, zone)} {_hour(coming.start, zone)} {zone_name(coming.start, zone)}"
    return Content.assemble("next: ", (coming.person, "bold"), f", from {start}, {until(coming.start, now)}")


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.hour}:{there:%M}"


def others(
    roster: Roster, shown: Shift | None, login: str, now: datetime, zone: ZoneInfo, *, airy: bool = True
) -> Content:
    """The other rotations, and the own next week, one a line; in one line unless there is room (`airy`)."""
    mine = roster.next_of(login, now)
    parts = [f"your next time: {day(mine.start, zone)} to {day(mine.end, zone)}"] if mine else []
    present = {shift.rotation: shift for shift in roster.on_call(now)}
    parts += [
        f"{rotation}: {_until(present.get(rotation), roster, now, zone)}"
        for rotation in roster.rotations
        if rotation != (shown.rotation if shown else roster.rotations[0])
    ]
    return Content(("\n" if airy else APART).join(parts))


def _until(shift: Shift | None, roster: Roster, now: datetime, zone: ZoneInfo) -> str:
    if shift is None:
        return "nobody"
    following = roster.next_after(shift)
    then = f", then {following.person}" if following else ""
    return f"{shift.person} until {day_and_hour(shift.end, zone, now=now)}{then}"


def band(
    roster: Roster, rotation: str, login: str, now: datetime, weeks: int, zone: ZoneInfo, width: int, lines: int
) -> Content:
    """The coming weeks of a rotation in at most so many `lines` of `width` cells, those without anybody among them."""
    end = now + timedelta(weeks=weeks)
    coming: list[tuple[datetime, Content]] = [
        (shift.start, _turn(shift, login, zone)) for shift in roster.of(rotation) if now < shift.start < end
    ]
    coming += [
        (gap.start, Content.styled(f"{_date(gap.start, zone)} nobody", Tone.ACT))
        for gap in roster.gaps(now, end)
        if gap.rotation == rotation and gap.start > now
    ]
    turns = [turn for _, turn in sorted(coming, key=lambda one: one[0])]
    return _in_lines(turns, width, lines)


def _turn(shift: Shift, login: str, zone: ZoneInfo) -> Content:
    name = (shift.person, f"bold {Tone.ACCENT}" if is_login(shift, login) else "")
    return Content.assemble((f"{_date(shift.start, zone)} ", Tone.OLD), name)


def _date(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b}"


def _in_lines(turns: Sequence[Content], width: int, most: int) -> Content:
    """As many of `turns` as fit in `most` lines, none of them cut."""
    lines: list[Content] = [Content()]
    for turn in turns:
        wider = Content.assemble(lines[-1], BETWEEN, turn) if lines[-1].plain else turn
        if wider.cell_length <= width - (len(MORE) if len(lines) == most else 0):
            lines[-1] = wider
        elif len(lines) < most:
            lines.append(turn)
        else:
            lines[-1] = Content.assemble(lines[-1], MORE)
            break
    return Content("\n").join(lines)


def troubles(roster: Roster, now: datetime, weeks: int, zone: ZoneInfo) -> Content:
    """Gaps and overlaps of the coming weeks, one a line; empty when there are none."""
    end = now + timedelta(weeks=weeks)
    lines = [*_gap_lines(roster.gaps(now, end), now, zone), *_overlap_lines(roster.overlaps(now, end), now, zone)]
    if len(lines) > TROUBLES_SHOWN:
        left = len(lines) - TROUBLES_SHOWN + 1
        lines = [*lines[: TROUBLES_SHOWN - 1], Content.styled(f"  and {left} more in {weeks} weeks", Tone.SOON)]
    return Content("\n").join(lines)


def _gap_lines(gaps: Sequence[Gap], now: datetime, zone: ZoneInfo) -> Iterator[Content]:
    for gap in gaps:
        span = f"{day_and_hour(gap.start, zone, now=now)} to {day_and_hour(gap.end, zone, now=now)}"
        yield Content.styled(f"{glyphs.ACT} nobody is on call ({gap.rotation}): {span}", Tone.ACT)


def _overlap_lines(overlaps: Sequence[Overlap], now: datetime, zone: ZoneInfo) -> Iterator[Content]:
    for one in overlaps:
        span = f"{day_and_hour(one.start, zone, now=now)} to {day_and_hour(one.end, zone, now=now)}"
        both = f"{one.first.person} and {one.second.person}"
        words = f"{glyphs.ACT} two at once ({one.second.rotation}): {both}, {span}; {one.second.person} counts"
        yield Content.styled(words, Tone.SOON)
