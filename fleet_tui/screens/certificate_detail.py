"""Everything about one certificate, or about what could not be read. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from fleet_tui.config.certificates import Certificates
from fleet_tui.domain.certificates import Certificate, Severity, Unreadable, renewal_window, severity
from fleet_tui.domain.procedures import Done, Procedure, next_step
from fleet_tui.domain.spans import until, zone_name
from fleet_tui.screens.certificates_view import LOOKS, day_of, happens
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs

LABEL_WIDTH = 10


def detail(
    one: Certificate,
    now: datetime,
    rules: Certificates,
    zone: ZoneInfo,
    *,
    warning: str = "",
    seen: str = "",
    renewal: str = "",
) -> Content:
    """Everything about one certificate, most important first.

    `seen`: the key that takes the warning away. `renewal`: how far it is, as a sentence.
    """
    worst = max(severity(one, now, rules.threshold_days), Severity.URGENT if warning else Severity.FINE)
    sign, tone = LOOKS[worst]
    kind = "" if one.kind.value.casefold() in one.name.casefold() else f"{one.kind.value}, "
    head = Content.assemble((f"{sign} ", tone), (one.name, "bold"), (f"  {kind}{happens(one, now)}", tone))
    lines = [head]
    lines += [Content.styled(f"{glyphs.ACT} {said}", said_tone) for said, said_tone in _said(one, warning, seen)]
    start, end = renewal_window(one, rules.renewal_days)
    window = (
        f"{day_of(start, zone)} – {day_of(end, zone)} ({until(start, now)})"
        if now < start
        else f"since {day_of(start, zone)}: renew it now"
    )
    facts = (
        ("Valid", _between(one, zone)),
        ("", _between_utc(one)),
        ("Renewal", " · ".join(filter(None, (window if now < end else "overdue", renewal)))),
        ("Owner", one.owner or "nobody is named"),
        ("Topic", one.topic),
        ("Subject", one.subject),
        ("Issuer", one.issuer),
        ("Serial", one.serial),
        ("Found in", one.source),
    )
    lines += [_fact(label, value) for label, value in facts if value]
    return Content("\n").join(lines)


def _said(one: Certificate, warning: str, seen: str) -> Iterator[tuple[str, Tone]]:
    if warning:
        yield f"{warning} Press {seen} when you have seen it.", Tone.ACT
    if one.warning:
        yield one.warning, Tone.SOON


def unreadable_detail(one: Unreadable) -> Content:
    """What is wrong with a source, and what to do."""
    lines = [
        Content.assemble((f"{glyphs.UNKNOWN} ", Tone.SOON), (one.name, "bold"), ("  cannot be read", Tone.SOON)),
        Content(one.sentence),
        *([Content(one.remedy)] if one.remedy else []),
        Content.styled("Whether it expires is not known until then.", Tone.OLD),
    ]
    lines += [_fact(label, value) for label, value in (("Owner", one.owner), ("Found in", one.source)) if value]
    return Content("\n").join(lines)


def renewal_words(procedure: Procedure, progress: Mapping[str, Done]) -> str:
    """How far a renewal is: `3 of 11 steps done, next: Upload the request`; empty when nothing was begun."""
    done = sum(step.id in progress for step in procedure.steps)
    ahead = next_step(procedure, progress)
    if not done:
        return ""
    return f"{done} of {len(procedure.steps)} steps done" + (f", next: {ahead.title}" if ahead else "")


def _fact(label: str, value: str) -> Content:
    return Content.assemble((label.ljust(LABEL_WIDTH), Tone.OLD), value)


def _between(one: Certificate, zone: ZoneInfo) -> str:
    moments = [moment for moment in (one.valid_from, one.valid_until) if moment]
    words = " – ".join(f"{day_of(moment, zone)} {moment.astimezone(zone):%H:%M}" for moment in moments)
    return f"{'' if one.valid_from else 'until '}{words} {zone_name(one.valid_until, zone)}"


def _between_utc(one: Certificate) -> str:
    moments = [moment for moment in (one.valid_from, one.valid_until) if moment]
    words = " – ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in moments)
    return f"{'' if one.valid_from else 'until '}{words} UTC"
