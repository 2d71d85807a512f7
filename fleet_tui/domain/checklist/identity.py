"""Verdicts, and what tests and notes are known by."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

Span = tuple[int, int]
"""Offsets in characters of the body: the first one, and the one after the last."""


class Verdict(Enum):
    """What a tester says of a test."""

    UNTESTED = "untested"
    PASS = "pass"
    FAIL = "fail"
    OTHER = "other"
    """Text that is none of these (`N/A`, `blocked`), or no place for a verdict at all."""


class ItemId(Struct, frozen=True):
    """Which test: the same whatever is written elsewhere in the body."""

    section: str
    """The section's title as `words.key` gives it."""
    name: str
    """The test's name, the same way."""
    occurrence: int
    """How many tests of the same section and name stand above it in the body."""


class NoteId(Struct, frozen=True):
    """Which note: as `ItemId`."""

    section: str
    title: str
    occurrence: int


class Spelling(Struct, frozen=True):
    """The texts that stand for a verdict at one place."""

    untested: str
    passed: str
    failed: str

    def of(self, verdict: Verdict) -> str | None:
        """The text for `verdict`; None for `OTHER`, which is nobody's to write."""
        return {Verdict.UNTESTED: self.untested, Verdict.PASS: self.passed, Verdict.FAIL: self.failed}.get(verdict)
