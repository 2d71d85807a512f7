"""How the program ends: its exit codes, and the exception that carries one."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, one a cause, so that scripts can tell them apart."""

    OK = 0
    """Done."""
    PROBLEM = 1
    """`doctor` or another check found something wrong, or a source of `status` could not be read."""
    USAGE = 2
    """The command line was not understood."""
    NOT_CONFIGURED = 3
    """No configuration file, or no token for a service that is needed."""
    BAD_CONFIG = 4
    """The configuration file has faults."""
    NO_TERMINAL = 5
    """Nothing to draw on: not a terminal, or one that cannot move its cursor."""
    REFUSED = 6
    """Understood, and declined for a reason that was said."""
    UNAVAILABLE = 7
    """Something outside does not work: a service, or it refuses the token; network, keyring, disk."""
    EXPIRING = 8
    """`certs`: something is about to expire."""
    EXPIRED = 9
    """`certs`: something has expired."""
    UNCONFIRMED = 10
    """Written, or kept to be sent later, but not seen to have worked yet."""
    BUG = 70
    """A fault of this program. 70 is `EX_SOFTWARE` in sysexits.h."""
    INTERRUPTED = 130
    """Ended by Ctrl+C (128 + SIGINT)."""
    BROKEN_PIPE = 141
    """The reader of the output went away (128 + SIGPIPE)."""


class Stop(Exception):
    """Ends the program: a sentence for the person (what happened, to what, what to do), and an exit code."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
