"""Certificates and tokens that expire: how urgent each is, and in what words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum, IntEnum

from msgspec import Struct

from fleet_tui.domain.spans import DAY, HOUR, MINUTE, span

UNITS_FROM_DAYS = 14
"""From so many days on a countdown names days alone, as `span` does."""


class Kind(Enum):
    """What it is for."""

    VENDOR = "MDM vendor"
    """Signs the requests for push certificates."""
    APNS = "APNs push"
    """Lets the Fleet server wake devices. Its topic is what they are enrolled under."""
    ABM = "ABM token"
    VPP = "VPP token"
    TLS = "TLS"
    OTHER = "other"


class Severity(IntEnum):
    """How much attention it calls for; a larger one is worse."""

    FINE = 0
    NOTICE = 1
    WARNING = 2
    URGENT = 3
    EXPIRED = 4


class Certificate(Struct, frozen=True):
    """A certificate, or a token that expires like one. What its source does not tell is empty or None."""

    id: str
    """Where it stands and what for: the same before and after a renewal."""
    name: str
    kind: Kind
    valid_until: datetime
    source: str
    """The file, the address or the system it was found in."""
    valid_from: datetime | None = None
    subject: str = ""
    topic: str = ""
    """Of a push certificate: `com.apple.mgmt.External.<uuid>`."""
    issuer: str = ""
    serial: str = ""
    """In hexadecimal digits, or as the source writes it."""
    owner: str = ""
    fingerprint: str = ""
    """SHA-256 of the certificate, in hexadecimal digits."""
    warning: str = ""
    """What is wrong with it beside its dates, as a sentence."""


class Unreadable(Struct, frozen=True):
    """A certificate, or a whole source, that could not be read."""

    id: str
    name: str
    source: str
    sentence: str
    """What is wrong."""
    remedy: str = ""
    owner: str = ""


class Inventory(Struct, frozen=True):
    """Everything that the sources hold, the most urgent first, and what in them could not be read."""

    certificates: tuple[Certificate, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def merged(parts: Iterable[Inventory]) -> Inventory:
    """Several inventories as one."""
    several = tuple(parts)
    certificates = [one for part in several for one in part.certificates]
    unreadable = [one for part in several for one in part.unreadable]
    return Inventory(by_urgency(certificates), tuple(sorted(unreadable, key=lambda one: (one.name, one.id))))


def with_last_known(found: Inventory, former: Inventory) -> Inventory:
    """`found`, and beside what could not be read in a source the certificates last known of that source."""
    failing = {one.source for one in found.unreadable}
    present = {one.id for one in found.certificates}
    kept = [one for one in former.certificates if one.source in failing and one.id not in present]
    return Inventory(by_urgency([*found.certificates, *kept]), found.unreadable)


def by_urgency(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """The one that ends first, first."""
    return tuple(sorted(certificates, key=lambda one: (one.valid_until, one.name, one.id)))


def crossed(certificate: Certificate, now: datetime, thresholds: Iterable[int]) -> int | None:
    """The shortest threshold (days before the end) that it is within, 0 when expired; None when it is beyond all."""
    left = certificate.valid_until - now
    if left <= timedelta():
        return 0
    return min((days for days in thresholds if left <= timedelta(days=days)), default=None)


def severity(certificate: Certificate, now: datetime, thresholds: Sequence[int]) -> Severity:
    """By the threshold crossed: the longest is a notice, the two shortest are urgent, those between warnings.

    One that is not valid yet is urgent: whatever uses it fails.
    """
    reached = crossed(certificate, now, thresholds)
    if reached == 0:
        return Severity.EXPIRED
    if is_early(certificate, now):
        return Severity.URGENT
    if reached is None:
        return Severity.FINE
    steps = sorted(set(thresholds))
    if reached in steps[:2] and (reached != steps[-1] or len(steps) == 1):
        return Severity.URGENT
    return Severity.NOTICE if reached == steps[-1] else Severity.WARNING


def is_early(certificate: Certificate, now: datetime) -> bool:
    """Whether it is not valid yet."""
    return certificate.valid_from is not None and now < certificate.valid_from


def countdown(certificate: Certificate, now: datetime) -> str:
    """`213 d`, `6 d 4 h`, `3 h 20 min`, `under 1 min`, `expired 3 h ago`, `valid in 2 d`."""
    if certificate.valid_from and is_early(certificate, now):
        return f"valid in {_largest_unit(certificate.valid_from - now, 'seconds')}"
    return time_left(certificate, now)


def time_left(certificate: Certificate, now: datetime) -> str:
    """The countdown to its end, whether it has begun or not."""
    left = certificate.valid_until - now
    if left <= timedelta():
        words = _largest_unit(left, "")
        return f"expired {words} ago" if words else "expired just now"
    words = span(left)
    return "under 1 min" if words == "now" else words


def until_it_reads_otherwise(certificate: Certificate, now: datetime) -> timedelta:
    """How long the words of `countdown` stay true: so it needs to tick no faster than its smallest unit."""
    early = certificate.valid_from if is_early(certificate, now) else None
    left = int(((early or certificate.valid_until) - now).total_seconds())
    size = abs(left)
    finer = early is None and left > 0  # the time left is told in two units until it is long, all else in one
    days, hours = (UNITS_FROM_DAYS * DAY, DAY) if finer else (DAY, HOUR)
    unit = DAY if size >= days else HOUR if size >= hours else MINUTE
    return timedelta(seconds=min(left, left % unit + 1) if left > 0 else unit - size % unit)


def used_up(certificate: Certificate, now: datetime) -> float | None:
    """The share of its validity that has passed, from 0 to 1; None when its start is not known."""
    if certificate.valid_from is None or certificate.valid_from >= certificate.valid_until:
        return None
    passed = (now - certificate.valid_from) / (certificate.valid_until - certificate.valid_from)
    return min(1.0, max(0.0, passed))


def renewal_window(certificate: Certificate, days: int) -> tuple[datetime, datetime]:
    """When to renew it: the last `days` of its validity."""
    return certificate.valid_until - timedelta(days=days), certificate.valid_until


def most_urgent(certificates: Iterable[Certificate], now: datetime, days: int) -> Certificate | None:
    """The one for the status line: expired, or the first to end within `days`; None when all have longer."""
    first = next(iter(by_urgency(certificates)), None)
    return first if first and first.valid_until - now <= timedelta(days=days) else None


def _largest_unit(length: timedelta, under_a_minute: str) -> str:
    words = span(length)
    return under_a_minute if words == "now" else " ".join(words.split(" ")[:2])
