"""The Slack workspace: what was posted, and its user groups."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Group:
    """A user group."""

    id: str
    handle: str
    users: list[str] = field(default_factory=list)
    """Ids of its members."""


class Slack:
    """A workspace with one incoming webhook."""

    def __init__(self) -> None:
        # Not secrets: they open nothing but this simulator.
        self.token = "sim-slack"
        self.webhook = "/services/T0SIM/B0SIM/sim-webhook"
        self.posted: list[str] = []
        """What the webhook was given, oldest first."""
        self.names = {"U0LUCAS": "lucas", "U0VICTOR": "victor", "U0MNA": "martin"}
        """Display names by member id."""
        self.groups = [Group("S0ONCALL", "oncall", ["U0LUCAS"]), Group("S0QA", "qa-team")]
        self.scopes = {"usergroups:read", "usergroups:write", "users:read"}
        self.ignores_updates = False

    def group(self, handle: str) -> Group:
        """The group of this handle. Raises `KeyError`."""
        return {group.handle: group for group in self.groups}[handle]
