"""The state of the simulated Fleet server, as far as its Apple certificate and tokens go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Push:
    """The push certificate."""

    uuid: str
    serial: str
    renew_date: datetime


@dataclass(slots=True)
class AppleToken:
    """A token of Apple Business Manager, or of volume purchasing, where it has a location."""

    organization: str
    renew_date: datetime
    location: str = ""
    terms_expired: bool = False


class FleetServer:
    """One server."""

    def __init__(self) -> None:
        self.token = "sim-fleet"  # not a secret: it opens nothing but this simulator
        self.newer = True
        """Whether it knows the newer addresses; else the older ones."""
        self.premium = True
        """Whether its licence covers the tokens; without, it answers 402."""
        self.push: Push | None = None
        self.abm: list[AppleToken] = []
        self.vpp: list[AppleToken] = []
