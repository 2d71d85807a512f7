"""What an area of the program gives to the wiring: how its feeds are read, and what a change in one means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store

if TYPE_CHECKING:
    from fleet_tui.services.calendars import Calendars
    from fleet_tui.services.github import GitHub
    from fleet_tui.services.github_writer import GitHubWriter
    from fleet_tui.services.http import Http
    from fleet_tui.services.zenhub import ZenHub


class Source(Struct, frozen=True):
    """How a feed is read, and the seconds to its next poll."""

    fetch: Callable[[], Awaitable[Any]]
    every: Callable[[], float]


class Common(Struct, frozen=True):
    """What all areas share: settings, state, and the clients of systems that several of them talk to."""

    config: Config
    tokens: Mapping[str, Secret]
    store: Store
    now: Callable[[], datetime]
    http: Http
    github: GitHub
    writer: GitHubWriter
    zenhub: ZenHub | None
    calendars: Calendars
    value: Callable[[str], Any]
    """The last value of a feed; None before there is one."""
    need: Callable[[str], Any]
    """The last value of a feed that another is not read without. Raises `Failure` before there is one."""
    wake: Callable[[tuple[str, ...]], None]
    """Polls feeds now."""
    changed: Callable[[], None]
    """Tells the screens that something else than a reading has changed."""
    read_only: bool = False
    """Whether nothing may be written outside."""

    @property
    def login(self) -> str:
        """Whom the GitHub token belongs to; empty until GitHub has said it."""
        return str(self.value("me") or "")


class Area(Protocol):
    """The services of one part of the program."""

    def sources(self) -> Mapping[str, Source]:
        """Its feeds by name."""

    def react(self, name: str, former: Any, value: Any) -> None:
        """A feed, its own or another, has a new value; `former` is None at the first."""

    def close(self) -> None:
        """Give back what it holds."""
