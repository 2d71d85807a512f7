"""What went wrong, as a sentence for people."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct


class Cause(Enum):
    """Why a source did not give what was asked. Decides how long to wait and what to advise."""

    OFFLINE = "offline"
    """No connection: name not found, refused, dropped, TLS."""
    SLOW = "slow"
    """No answer in time."""
    SERVER = "server"
    """The other side says that it is broken (5xx)."""
    LIMITED = "limited"
    """Too many requests; `Problem.retry_at` says when to come back."""
    TOKEN = "token"
    """No token, or one that is not accepted."""
    PERMISSION = "permission"
    """The token may not do this."""
    MISSING = "missing"
    """What was asked for is not there."""
    REFUSED = "refused"
    """Understood and declined: a rule of the other side, or of ours."""
    UNREADABLE = "unreadable"
    """An answer that is not what the interface promises."""

    @property
    def is_silence(self) -> bool:
        """Whether no answer came at all."""
        return self in {Cause.OFFLINE, Cause.SLOW}

    @property
    def is_of_system(self) -> bool:
        """Whether the system as a whole gives nothing, and not just this one thing."""
        return self in {Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.LIMITED, Cause.TOKEN}


class Problem(Struct, frozen=True):
    """One failure: what happened, to what, and what to do."""

    source: str
    """The system's name as people say it: `GitHub`, `Merge Freeze`."""
    cause: Cause
    sentence: str
    remedy: str = ""
    detail: str = ""
    """The technical text for the activity screen; never holds a token."""
    retry_at: datetime | None = None
    """Not before this moment (UTC), when the source named one."""

    @property
    def text(self) -> str:
        """Sentence and remedy in one."""
        return f"{self.sentence} {self.remedy}".strip()


class Failure(Exception):
    """Carries a `Problem` from where it was met to where it is shown."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Unconfirmed(Failure):
    """A write that was accepted but not seen to work within the time that it takes."""
