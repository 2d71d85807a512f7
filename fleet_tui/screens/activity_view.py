"""How journal, errors and feeds look. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from textual.content import Content

from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.spans import day_and_hour, span
from fleet_tui.feed import Reading
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Row

FEED_COLUMNS = (
    Column("feed", "Source", 22),
    Column("state", "State", 12),
    Column("read", "Last read", 12, align="right"),
    Column("next", "Next read", 12, align="right"),
    Column("requests", "Requests", 8, align="right", drop_below=80),
    Column("free", "Unchanged", 9, align="right", drop_below=90),
    Column("problem", "Problem", 20, flex=True, drop_below=100),
)
ENTRY_COLUMNS = (
    Column("at", "When", 16),
    Column("outcome", "Outcome", 15),
    Column("title", "What", 20, flex=True),
    Column("who", "Who", 14, drop_below=70),
)
OUTCOMES = {
    Outcome.STARTED: (glyphs.PENDING, Tone.SOON),
    Outcome.DONE: (glyphs.DONE, Tone.DONE),
    Outcome.FAILED: (glyphs.FAILED, Tone.ACT),
    Outcome.UNCONFIRMED: (glyphs.UNKNOWN, Tone.SOON),
    Outcome.INTERRUPTED: (glyphs.ACT, Tone.ACT),
}


class Health(Struct, frozen=True):
    """How one feed is."""

    name: str
    title: str
    reading: Reading[Any]
    every: float
    """Seconds between two polls."""
    requests: int
    unchanged: int
    paused: bool


def trouble(sentence: str) -> Content:
    """What is wrong with the state file."""
    return Content.styled(f"{glyphs.ACT} {sentence}", Tone.ACT) if sentence else Content()


def feed_rows(feeds: Iterable[Health], now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    """One row a feed, those that fail first: there may be room for a few only."""
    for feed in sorted(feeds, key=lambda one: one.reading.problem is None):
        reading = feed.reading
        yield Row(
            feed.name,
            (
                Content(feed.title),
                _state(feed, now),
                Content(_ago(reading.at, now)),
                Content(_ahead(reading.next_try, now) if not feed.paused else glyphs.NONE),
                Content(f"{feed.requests:,}"),
                Content(f"{feed.unchanged:,}"),
                Content.styled(reading.problem.sentence, Tone.OLD) if reading.problem else Content(),
            ),
        )


def _state(feed: Health, now: datetime) -> Content:
    if feed.paused:
        return Content.styled(f"{glyphs.PAUSED} paused", Tone.SOON)
    if feed.reading.problem:
        return Content.styled(f"{glyphs.FAILED} failing", Tone.ACT)
    if feed.reading.at is None:
        return Content.styled(f"{glyphs.PENDING} reading", Tone.OLD)
    if feed.reading.is_stale(now, feed.every):
        return Content.styled(f"{glyphs.STALE} stale", Tone.SOON)
    return Content.styled(f"{glyphs.LIVE} live", Tone.DONE)


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return glyphs.NONE
    words = span(now - moment)
    return words if words == "now" else f"{words} ago"


def _ahead(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return glyphs.NONE
    return f"in {span(moment - now)}" if moment - now >= timedelta(minutes=1) else "soon"


def key_of(entry: Entry) -> str:
    """The row's key."""
    return f"{entry.action} {entry.id}"


def matches(words: str, entry: Entry) -> bool:
    """Whether the entry contains all of `words` (lower case)."""
    text = f"{entry.title} {entry.who} {entry.target} {entry.outcome.value} {entry.after} {entry.detail}".casefold()
    return all(word in text for word in words.split())


def entry_rows(entries: Iterable[Entry], now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    """One row a write or error, as given."""
    for entry in entries:
        sign, tone = OUTCOMES[entry.outcome]
        yield Row(
            key_of(entry),
            (
                Content.styled(day_and_hour(entry.at, zone, now=now), Tone.OLD),
                Content.assemble((f"{sign} ", tone), entry.outcome.value),
                Content(entry.title),
                Content.styled(entry.who, Tone.OLD),
            ),
        )


def detail(entry: Entry, zone: ZoneInfo) -> Content:
    """Everything about one entry, to read and to copy."""
    sign, tone = OUTCOMES[entry.outcome]
    local = entry.at.astimezone(zone)
    lines = [
        Content.styled(entry.title, "bold"),
        Content.assemble((f"{sign} {entry.outcome.value}", tone)),
        Content(entry.after),
        Content(""),
        *(
            Content.assemble((f"{label:<8}", Tone.OLD), text)
            for label, text in (
                ("when", f"{local:%Y-%m-%d %H:%M:%S %Z}"),
                ("who", entry.who),
                ("what", entry.target),
                ("before", entry.before),
                ("why", entry.detail),
            )
            if text
        ),
    ]
    return Content("\n").join(lines)
