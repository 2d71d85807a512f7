"""Is a renewed certificate fit to be put in place? Old and new side by side, each question with what it means."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from fleet_tui.config.certificates import Certificates
from fleet_tui.domain.certificates import Certificate, Kind

APPLE = "Apple Inc."
"""The organization that stands in the names of Apple's issuers."""
FROM_APPLE = {Kind.VENDOR, Kind.APNS}
GRACE = timedelta(days=5)
"""Apple's year is now and then a few days longer or shorter."""


class Finding(Enum):
    """The answer to one question."""

    PASS = "pass"
    FAIL = "fail"
    UNTOLD = "untold"
    """It cannot be told: something to compare with is missing."""


class Candidate(Struct, frozen=True):
    """A renewed certificate, and what was found out about it on this machine."""

    certificate: Certificate
    matches_key: bool | None = None
    """None when there was no private key to compare with; `key_trouble` says why."""
    key_trouble: str = ""
    missing_issuer: str | None = None
    """The issuer whose certificate is missing; empty when the chain is complete, None when there is no chain at all."""


class Line(Struct, frozen=True):
    """One question with its answer."""

    question: str
    finding: Finding
    old: str
    new: str
    consequence: str
    """What follows when it is not so."""


def verify(old: Certificate | None, new: Candidate, now: datetime, rules: Certificates) -> tuple[Line, ...]:
    """All questions, in the order in which they matter. `old` is the certificate in use, if it is known."""
    lines = [_topic(old, new.certificate)] if _has_topic(old, new.certificate) else []
    lines += [_key(new), _later(old, new.certificate), _started(old, new.certificate, now)]
    lines.append(_one_year(old, new.certificate, timedelta(days=rules.validity_days)))
    if new.certificate.kind in FROM_APPLE:
        lines.append(_issuer(old, new.certificate))
    return (*lines, _chain(new))


def may_be_put_in_place(lines: tuple[Line, ...]) -> bool:
    """Whether nothing failed. What cannot be told is left to the person."""
    return all(line.finding is not Finding.FAIL for line in lines)


def _has_topic(old: Certificate | None, new: Certificate) -> bool:
    return bool(new.topic or (old and old.topic))


def _topic(old: Certificate | None, new: Certificate) -> Line:
    before = old.topic if old else ""
    finding = _finding(before == new.topic) if before else Finding.UNTOLD
    consequence = "Every device would have to enrol again. Renew the existing certificate, with the same Apple ID."
    return Line("Same topic", finding, before, new.topic, consequence)


def _key(new: Candidate) -> Line:
    words = {True: "matches", False: "does not match", None: new.key_trouble or "no private key to compare with"}
    finding = Finding.UNTOLD if new.matches_key is None else _finding(new.matches_key)
    consequence = "The server cannot use it. Renew again with the request that was made from this key."
    return Line("Matches the private key", finding, "", words[new.matches_key], consequence)


def _later(old: Certificate | None, new: Certificate) -> Line:
    finding = _finding(new.valid_until > old.valid_until) if old else Finding.UNTOLD
    consequence = "It is an older certificate, or the same one: nothing would be gained."
    return Line(
        "Ends later than the old one",
        finding,
        _day(old.valid_until if old else None),
        _day(new.valid_until),
        consequence,
    )


def _started(old: Certificate | None, new: Certificate, now: datetime) -> Line:
    finding = _finding(new.valid_from <= now) if new.valid_from else Finding.UNTOLD
    consequence = "It is not valid yet: whatever uses it would fail until then."
    return Line("Valid already", finding, _day(old.valid_from if old else None), _day(new.valid_from), consequence)


def _one_year(old: Certificate | None, new: Certificate, length: timedelta) -> Line:
    valid = _length(new)
    finding = _finding(abs(valid - length) <= GRACE) if valid is not None else Finding.UNTOLD
    consequence = "It is not what a renewal gives: look whether it is the right file."
    return Line(
        f"Valid for {length.days} days", finding, _days(_length(old) if old else None), _days(valid), consequence
    )


def _issuer(old: Certificate | None, new: Certificate) -> Line:
    finding = _finding(APPLE in new.issuer) if new.issuer else Finding.UNTOLD
    consequence = "Devices and Apple's servers do not accept it: Apple has to issue it."
    return Line("Issued by Apple", finding, old.issuer if old else "", new.issuer, consequence)


def _chain(new: Candidate) -> Line:
    missing = new.missing_issuer
    words = {None: "no certificates of issuers in the file", "": "complete"}.get(missing, f"“{missing}” is missing")
    finding = Finding.UNTOLD if missing is None else _finding(missing == "")
    consequence = "A server that sends an incomplete chain is not trusted: add the issuer's certificate."
    return Line("Chain complete", finding, "", words, consequence)


def _finding(passed: bool) -> Finding:
    return Finding.PASS if passed else Finding.FAIL


def _length(one: Certificate) -> timedelta | None:
    return one.valid_until - one.valid_from if one.valid_from else None


def _day(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %Y %H:%M} UTC" if moment else ""


def _days(length: timedelta | None) -> str:
    return f"{length.days} d" if length is not None else ""
