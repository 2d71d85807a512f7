"""What a screen may ask of the app. Screens know this, and not the app itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from fleet_tui.actions import Deed, Ended
from fleet_tui.config.schema import Config
from fleet_tui.desks.all import Desks
from fleet_tui.domain.journal import Entry
from fleet_tui.feed import Reading
from fleet_tui.screens.activity_view import Health
from fleet_tui.widgets.status_line import Status
from fleet_tui.wiring import Backend


class Host(Protocol):
    """The app, as screens see it."""

    config: Config
    backend: Backend | None
    """None until the first paint is done."""
    desks: Desks
    """What the screens work on."""
    doing: str
    """What the write under way is at, as a sentence; empty when there is none."""
    read_only: bool
    """Whether no key that writes is there."""

    @property
    def store_trouble(self) -> str:
        """What is wrong with the state file, as a sentence; empty when nothing is."""

    def now(self) -> datetime:
        """The present moment, UTC."""

    def reading(self, name: str) -> Reading[Any]:
        """The last reading of a feed."""

    def interval(self, name: str) -> float:
        """Seconds between two polls of a feed."""

    def health(self) -> tuple[Health, ...]:
        """How each feed is."""

    def status(self) -> Status:
        """What the status line shows."""

    def journal(self) -> tuple[Entry, ...]:
        """The newest writes and errors, newest first."""

    async def go(self, screen: str, target: str = "") -> None:
        """Go to a screen, and to the object of a key there."""

    def key(self, action: str) -> str:
        """The key of an action, by its name in docs/keys.md, as a sentence on the present screen calls it."""

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """Show a toast, and keep it in the activity screen when it is bad."""

    async def carry_out(self, deed: Deed, *, quietly: bool = False) -> Ended | None:
        """Do a write, and say how it ended unless `quietly`; None when it is under way already."""
