"""How certificates look: domain values become sentences and rows. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from textual.content import Content

from fleet_tui.config.certificates import Certificates
from fleet_tui.domain.certificates import (
    Certificate,
    Inventory,
    Severity,
    Unreadable,
    countdown,
    is_early,
    renewal_window,
    severity,
    used_up,
)
from fleet_tui.domain.spans import until
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.bar import gauge
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Kind as RowKind
from fleet_tui.widgets.rows import Row, gap, heading

BAR_WIDTH = 10
COLUMNS = (
    Column("name", "", 24, flex=True),
    Column("kind", "Kind", 10, drop_below=84),
    Column("left", "Time left", 18, align="right"),
    Column("used", "Used up", BAR_WIDTH, drop_below=56),
    Column("ends", "Ends", 11, drop_below=92),
    Column("renew", "Renew from", 11, drop_below=128),
    Column("owner", "Owner", 14, drop_below=100),
    Column("issuer", "Issuer", 24, drop_below=160),
)
LOOKS = {
    Severity.FINE: (glyphs.DONE, Tone.DONE),
    Severity.NOTICE: (glyphs.COMING, Tone.SOON),
    Severity.WARNING: (glyphs.ACT, Tone.SOON),
    Severity.URGENT: (glyphs.ACT, Tone.ACT),
    Severity.EXPIRED: (glyphs.FAILED, Tone.ACT),
}
HEADINGS = {
    Severity.FINE: "Fine",
    Severity.NOTICE: "Coming up",
    Severity.WARNING: "Renew soon",
    Severity.URGENT: "Act now",
    Severity.EXPIRED: "Expired",
}
COUNTED = {
    Severity.FINE: "fine",
    Severity.NOTICE: "coming",
    Severity.WARNING: "soon",
    Severity.URGENT: "act now",
    Severity.EXPIRED: "expired",
}
AHEAD = timedelta(days=366)
SHORT_NAME = 24
"""Longer ones are called by their kind in the status line."""
UNREADABLE_KEY = "unreadable "
NO_SOURCE = "No certificate source is configured: nothing is watched, and an expiry would come as a surprise."
HOW_TO_BEGIN = """\
Name what to watch in the configuration; “fleet-tui config path” says where the file is:

  [certificates]
  fleet_server = true
  files = [{ path = "~/certificates" }]
  endpoints = [{ address = "fleet.example.com:443" }]
  dates = [{ name = "Apple Developer Program", expires = 2027-01-31 }]

Then start fleet-tui again. “fleet-tui certs” says the same for scripts and cron."""


def level(one: Certificate, now: datetime, rules: Certificates, warnings: Mapping[str, str]) -> Severity:
    """How much attention it calls for: one with a standing warning is urgent, whatever its dates."""
    by_date = severity(one, now, rules.threshold_days)
    return max(by_date, Severity.URGENT) if one.id in warnings else by_date


def headline(found: Inventory, now: datetime, rules: Certificates, warnings: Mapping[str, str]) -> Content:
    """The sentence at the top: the most urgent of all."""
    ones = _worst_first(found.certificates, now, rules, warnings)
    if not ones:
        return Content("No certificate could be read." if found.unreadable else "The sources hold no certificate.")
    first = ones[0]
    worst = level(first, now, rules, warnings)
    sign, tone = LOOKS[worst]
    if first.id in warnings:
        words = warnings[first.id]
    elif worst is Severity.FINE:
        if found.unreadable:
            sign, tone = glyphs.UNKNOWN, Tone.SOON
        what = "Nothing that can be read" if found.unreadable else "Nothing"
        within = f"{what} expires within {max(rules.threshold_days)} days."
        words = f"{within} The next is {first.name}, {until(first.valid_until, now)}."
    else:
        words = f"{first.name} {happens(first, now)}."
    return Content.assemble((f"{sign} ", tone), (words, f"bold {tone}" if worst >= Severity.URGENT else "bold"))


def happens(one: Certificate, now: datetime) -> str:
    """`expires in 6 d 4 h`, `expired 3 h ago`, `is not valid yet: it will be in 2 d`."""
    words = countdown(one, now)
    if is_early(one, now):
        return f"is not {words.replace('valid', 'valid yet: it will be', 1)}"
    return words if words.startswith("expired") else f"expires in {words}"


def summary(found: Inventory, now: datetime, rules: Certificates, warnings: Mapping[str, str]) -> Content:
    """How many there are of each severity, the worst first."""
    levels = [level(one, now, rules, warnings) for one in found.certificates]
    parts = [
        Content.assemble((LOOKS[one][0], LOOKS[one][1]), f" {levels.count(one)} {COUNTED[one]}")
        for one in sorted(Severity, reverse=True)
        if one in levels
    ]
    if found.unreadable:
        parts.append(Content.assemble((glyphs.UNKNOWN, Tone.SOON), f" {len(found.unreadable)} unreadable"))
    return Content("  ").join(parts)


def horizon(
    found: Inventory, now: datetime, rules: Certificates, warnings: Mapping[str, str], zone: ZoneInfo, width: int
) -> Content:
    """The year ahead in two lines: where each one ends, by its sign, and the months. The worst sign of a cell wins."""
    start, room = now.astimezone(zone), max(1, width)
    cells: list[tuple[str, str]] = [(glyphs.RULE, "$border-blurred")] * room
    for one in reversed(_worst_first(found.certificates, now, rules, warnings)):
        place = _place(one.valid_until, now, room)
        if place is not None:
            sign, tone = LOOKS[level(one, now, rules, warnings)]
            cells[place] = (sign, str(tone))
    months = [" "] * (room + len("Now"))
    months[: len("Now")] = "Now"
    for number in range(1, 13):
        year, month = divmod(start.month - 1 + number, 12)
        first = start.replace(year=start.year + year, month=month + 1, day=1, hour=0, minute=0, second=0)
        place = _place(first, now, room)
        if place is not None and len("Now ") <= place <= room - 3:
            months[place : place + 3] = f"{first:%b}"
    return Content.assemble(*cells, "\n", ("".join(months)[:room].rstrip(), Tone.OLD))


def _place(moment: datetime, now: datetime, room: int) -> int | None:
    """The cell of a moment within the year ahead; what is past stands in the first."""
    share = (moment - now) / AHEAD
    return None if share >= 1 else max(0, int(share * room))


def rows(
    found: Inventory,
    now: datetime,
    rules: Certificates,
    zone: ZoneInfo,
    *,
    warnings: Mapping[str, str],
    old: bool = False,
    words: str = "",
    grouped: bool = True,
) -> Iterator[Row]:
    """The table: what calls for a hand, what could not be read, then the rest, each group the most urgent first.

    `words` (lower case): what rows must contain. `grouped`: each group has a heading, and air above it. `old`: dimmed.
    """
    kind = RowKind.OLD if old else RowKind.PLAIN
    ones = [one for one in _worst_first(found.certificates, now, rules, warnings) if _matches(words, one)]
    faults = [one for one in found.unreadable if _contains(words, f"{one.name} {one.source} {one.owner}")]
    groups: list[tuple[str, list[Row]]] = [
        (HEADINGS[worst], [Row(one.id, _cells(one, now, rules, zone, warnings), kind) for one in group])
        for worst, group in groupby(ones, key=lambda one: level(one, now, rules, warnings))
    ]
    if faults:
        pressing = sum(title in {HEADINGS[Severity.EXPIRED], HEADINGS[Severity.URGENT]} for title, _ in groups)
        groups.insert(pressing, ("Cannot be read", [_fault_row(one, kind) for one in faults]))
    for number, (title, members) in enumerate(groups):
        if grouped and number:
            yield gap(f"gap {title}")
        if grouped:
            yield heading(f"heading {title}", f"{title} {glyphs.DOT} {len(members)}")
        yield from members


def _worst_first(
    ones: Iterable[Certificate], now: datetime, rules: Certificates, warnings: Mapping[str, str]
) -> list[Certificate]:
    def order(one: Certificate) -> tuple[object, ...]:
        return -level(one, now, rules, warnings), one.id not in warnings, one.valid_until, one.name

    return sorted(ones, key=order)


def _matches(words: str, one: Certificate) -> bool:
    text = (one.name, one.kind.value, one.subject, one.topic, one.issuer, one.serial, one.owner, one.source)
    return _contains(words, " ".join(text))


def _contains(words: str, text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words.split())


def _cells(
    one: Certificate, now: datetime, rules: Certificates, zone: ZoneInfo, warnings: Mapping[str, str]
) -> tuple[Content, ...]:
    """One certificate, in the order of `COLUMNS`."""
    worst = level(one, now, rules, warnings)
    sign, tone = LOOKS[worst]
    calm = worst is Severity.FINE
    share = used_up(one, now)
    bar = (
        Content.styled(glyphs.NONE, Tone.OLD) if share is None else gauge(share, BAR_WIDTH, Tone.OLD if calm else tone)
    )
    return (
        Content.assemble((f"{sign} ", tone), _changed(one, warnings), one.name, _note(one)),
        Content.styled(one.kind.value, Tone.OLD),
        Content(countdown(one, now)) if calm else Content.styled(countdown(one, now), tone),
        bar,
        Content(day_of(one.valid_until, zone)),
        _renew_from(one, now, rules, zone),
        Content.styled(one.owner, Tone.OLD),
        Content.styled(one.issuer, Tone.OLD),
    )


def _changed(one: Certificate, warnings: Mapping[str, str]) -> Content:
    return Content.styled("changed: ", Tone.ACT) if one.id in warnings else Content()


def _note(one: Certificate) -> Content:
    return Content.styled(f"  {glyphs.ACT} {one.warning}", Tone.SOON) if one.warning else Content()


def _renew_from(one: Certificate, now: datetime, rules: Certificates, zone: ZoneInfo) -> Content:
    start, end = renewal_window(one, rules.renewal_days)
    if now >= end:
        return Content.styled("overdue", Tone.ACT)
    return Content("now") if now >= start else Content.styled(day_of(start, zone), Tone.OLD)


def _fault_row(one: Unreadable, kind: RowKind) -> Row:
    name = Content.assemble((f"{glyphs.UNKNOWN} ", Tone.SOON), one.name, (f"  {one.sentence}", Tone.SOON))
    blank = Content()
    owner = Content.styled(one.owner, Tone.OLD)
    return Row(
        unreadable_key(one),
        (name, blank, Content.styled("unknown", Tone.SOON), blank, blank, blank, owner, blank),
        kind,
    )


def unreadable_key(one: Unreadable) -> str:
    """The row's key."""
    return f"{UNREADABLE_KEY}{one.id}"


def expiring(one: Certificate, now: datetime) -> str:
    """For the status line: which, and how long; `MDM vendor 6 d 4 h`, `fleet.example.com expired 3 h ago`."""
    return f"{one.name if len(one.name) <= SHORT_NAME else one.kind.value} {countdown(one, now)}"


def is_pressing(one: Certificate, now: datetime, rules: Certificates) -> bool:
    """Whether it is red in the status line, not yellow."""
    return severity(one, now, rules.threshold_days) >= Severity.URGENT


def day_of(moment: datetime, zone: ZoneInfo) -> str:
    """`11 Jun 2025` in `zone`."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b} {there.year}"
