"""An outside system, as all that asks it and complains of it knows it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from fleet_tui.services.secret import Secret


class Service(Struct, frozen=True):
    """An outside system: where it is and how it is spoken to."""

    name: str
    """As people say it: stands in every sentence about it."""
    base: str
    token: Secret | None = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    token_in: str = "authorization"
    """`authorization` for a bearer header, `path` when the rest of the address is the token, else the name of the query
    parameter that carries it."""
    takes_token: bool = True
    """False for what is open to everybody: no token would help."""
