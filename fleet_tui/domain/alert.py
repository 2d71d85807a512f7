"""Something that has just become true and that somebody should know."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Alert(Struct, frozen=True):
    """One alert. The same `key` is never told twice, not even by the next run of the program."""

    key: str
    kind: str
    """What people switch on and off: `critical bug`, `certificate`."""
    words: str
    """A sentence: what, and to what."""
    screen: str = ""
    """The screen that shows more."""
    target: str = ""
    """The key of the object there."""
    good: bool = False
    """Good news: told calmly, without the bell."""


class Told(Struct, frozen=True):
    """An alert that was told."""

    alert: Alert
    at: datetime
    seen: bool = False
