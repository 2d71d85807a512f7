"""What was written to the outside, by whom, with which outcome."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct


class Outcome(Enum):
    """How a write ended."""

    STARTED = "under way"
    DONE = "done"
    FAILED = "failed"
    UNCONFIRMED = "not confirmed"
    """Accepted, but the other side has not shown it yet."""
    INTERRUPTED = "interrupted"
    """The program ended during it: look at the target."""


class Entry(Struct, frozen=True):
    """One write in the journal."""

    id: int
    at: datetime
    who: str
    action: str
    """The action's id, e.g. `freeze.unfreeze`."""
    title: str
    """As people say it: `Unfreeze #16231`."""
    target: str
    before: str
    after: str
    outcome: Outcome
    detail: str = ""
    url: str = ""
