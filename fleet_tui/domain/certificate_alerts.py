"""What is announced of certificates: thresholds crossed, each once, and changes from one reading to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum

from msgspec import Struct

from fleet_tui.domain.certificates import Certificate, Kind, Severity, crossed, severity, time_left

ENROL_AGAIN = "Every device would have to enrol again."
OTHERWISE = "Under another one every device would have to enrol again."


class Seen(Struct, frozen=True):
    """What is kept of a certificate from one run to the next."""

    valid_until: datetime
    serial: str = ""
    topic: str = ""
    announced: int | None = None
    """The shortest threshold (days) that has been announced; 0: that it has expired."""


class Event(Enum):
    """What happened to a certificate."""

    THRESHOLD = "threshold"
    RENEWED = "renewed"
    BACK_IN_TIME = "back in time"
    TOPIC_CHANGED = "topic changed"


class Alert(Struct, frozen=True):
    """Something to announce."""

    event: Event
    certificate: Certificate
    severity: Severity
    sentence: str


def look(
    kept: Mapping[str, Seen], present: Iterable[Certificate], now: datetime, thresholds: Sequence[int]
) -> tuple[tuple[Alert, ...], dict[str, Seen]]:
    """What to announce of the certificates that are `present`, and what to keep for the next look.

    One that is missing for once (its source does not answer) stays kept, so that nothing is announced twice.
    """
    alerts, keep = [], dict(kept)
    for one in present:
        before = kept.get(one.id)
        change = _change(before, one) if before else None
        # After a renewal the thresholds begin anew.
        announced = before.announced if before and one.valid_until <= before.valid_until else None
        reached = crossed(one, now, thresholds)
        if change:
            alerts.append(change)
        if reached is not None and (announced is None or reached < announced):
            alerts.append(_threshold(one, now, thresholds))
            announced = reached
        topic = one.topic or (before.topic if before else "")
        keep[one.id] = Seen(one.valid_until, one.serial, topic, announced)
    return tuple(alerts), keep


def _change(before: Seen, one: Certificate) -> Alert | None:
    if before.topic and one.topic and before.topic != one.topic:
        sentence = f"{one.name} has another topic: {one.topic} instead of {before.topic}. {ENROL_AGAIN}"
        return Alert(Event.TOPIC_CHANGED, one, Severity.EXPIRED, sentence)
    if one.valid_until < before.valid_until:
        sentence = (
            f"{one.name} went back in time: it now ends {_day(one.valid_until)}, before it was "
            f"{_day(before.valid_until)}. An older one has been put in place."
        )
        if one.kind is Kind.APNS:
            sentence += f" See to it that its topic stays the same. {OTHERWISE}"
        return Alert(Event.BACK_IN_TIME, one, Severity.EXPIRED, sentence)
    same_serial = one.serial == before.serial and one.serial != ""
    if one.valid_until > before.valid_until and not same_serial:
        return Alert(Event.RENEWED, one, Severity.FINE, f"{one.name} was renewed: valid until {_day(one.valid_until)}.")
    return None


def _threshold(one: Certificate, now: datetime, thresholds: Sequence[int]) -> Alert:
    words = time_left(one, now)
    sentence = f"{one.name} {words}." if words.startswith("expired") else f"{one.name} expires in {words}."
    return Alert(Event.THRESHOLD, one, severity(one, now, thresholds), sentence)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
