"""How the program is: the status line, and each feed's health."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fleet_tui.config.schema import Config
from fleet_tui.desks.all import Desks
from fleet_tui.domain.spans import span, until, zone_name
from fleet_tui.feed import Reading, failures
from fleet_tui.screens.activity_view import Health
from fleet_tui.screens.certificates_view import expiring, is_pressing
from fleet_tui.screens.freeze_view import next_name
from fleet_tui.widgets.status_line import Freshness, Status
from fleet_tui.wiring import KINDS, Backend

Readings = Mapping[str, Reading[Any]]


def status(
    desks: Desks,
    readings: Readings,
    backend: Backend | None,
    config: Config,
    now: datetime,
    *,
    feeds: Sequence[str],
    unseen: int,
    paused: bool,
    read_only: bool,
) -> Status:
    """The status line at `now`, on a screen that shows `feeds`."""
    at, zone = desks.outlook.at, config.team.zone
    there = now.astimezone(zone)
    clock = f"{there:%H:%M}" if config.display.clock_24h else f"{there:%I:%M %p}".lstrip("0").lower()
    shown = {name: readings[name] for name in feeds}
    fresh, since = (Freshness.PAUSED, "") if paused else freshness(shown, intervals(backend), config, now)
    limit = backend.github.limit if backend else None
    near = desks.certificates.most_urgent
    return Status(
        repository=config.team.repository,
        phase=at.phase if readings["freeze"].value else None,
        next_change=f"{next_name(at.next_change[0])} {until(at.next_change[1], now)}" if at.next_change else "",
        alarm=desks.bugs.alarm_words,
        on_call=desks.on_call.words,
        unseen=unseen,
        expiring=expiring(near, now) if near else "",
        expiring_now=near is not None and is_pressing(near, now, config.certificates),
        calls_left=limit.remaining if limit else None,
        freshness=fresh,
        since=since,
        read_only=read_only,
        clock=f"{clock} {zone_name(now, zone)}",
    )


def intervals(backend: Backend | None) -> Callable[[str], float]:
    """Seconds between two polls of a feed, by its name."""
    return (lambda name: backend.feeds[name].every()) if backend else lambda name: 0.0


def freshness(
    readings: Readings, every: Callable[[str], float], config: Config, now: datetime
) -> tuple[Freshness, str]:
    """Whether what is shown is the present state, and since when it is not."""
    if failing := failures(readings.values()):
        word = Freshness.OFFLINE if any(problem.cause.is_silence for _, problem in failing) else Freshness.FAILING
        return word, f"since {failing[0][0].astimezone(config.team.zone):%H:%M}"
    if not any(one.at for one in readings.values()):
        return Freshness.READING, ""
    stale = [one.at for name, one in readings.items() if one.at and one.is_stale(now, every(name))]
    return (Freshness.STALE, span(now - min(stale))) if stale else (Freshness.LIVE, "")


def health(readings: Readings, backend: Backend | None, *, paused: bool) -> tuple[Health, ...]:
    """How each feed is."""
    http, every = (backend.http if backend else None), intervals(backend)
    return tuple(
        Health(
            name,
            title,
            readings[name],
            every(name),
            http.spent[name] if http else 0,
            http.unchanged[name] if http else 0,
            paused,
        )
        for name, (title, _) in KINDS.items()
    )
