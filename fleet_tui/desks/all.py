"""All desks of one run, and what follows from the readings for several of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import BugDesk
from fleet_tui.desks.certificates import CertificateDesk
from fleet_tui.desks.desk import Desk
from fleet_tui.desks.freeze import FreezeDesk
from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.desks.release import ReleaseDesk
from fleet_tui.desks.release_qa import QaDesk
from fleet_tui.desks.today import overview
from fleet_tui.domain.outlook import Outlook, outlook
from fleet_tui.domain.overview import Overview
from fleet_tui.domain.pulls import KindJudge
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store
from fleet_tui.wiring import Backend


class Desks:
    """The dashboard and the commands work on the same ones."""

    def __init__(
        self,
        config: Config,
        store: Store,
        reading: Callable[[str], Reading[Any]],
        say: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._reading = reading
        self._now = now
        self._judge = KindJudge(config).judge
        desk = (config, store, reading, say, now)
        self.qa = QaDesk(*desk)
        self.bugs = BugDesk(*desk)
        self.on_call = OnCallDesk(*desk, bugs=self.bugs, outlook=lambda: self.outlook)
        self.certificates = CertificateDesk(*desk)
        self.release = ReleaseDesk(*desk)
        freeze = FreezeDesk(*desk, outlook=lambda: self.outlook)
        self.all: tuple[Desk, ...] = (freeze, self.qa, self.bugs, self.on_call, self.certificates, self.release)
        self.outlook = self._look_out()
        """What follows from the readings, as of the last `look_out`."""

    def connect(self, backend: Backend) -> None:
        """From now on something can be done, too."""
        for desk in self.all:
            desk.backend = backend

    def look_out(self) -> None:
        """Work out anew what follows from the readings: they, or the time, have changed."""
        self.outlook = self._look_out()

    def _look_out(self) -> Outlook:
        branch, milestones, pulls = (self._reading(name).value for name in ("freeze", "milestones", "pulls"))
        return outlook(branch, milestones or (), pulls or (), self._now(), self._config, self._judge)

    @property
    def overview(self) -> Overview:
        """The figures of the first screen, at this moment."""
        return overview(self.outlook, self.qa, self.bugs, self.on_call, self.certificates)
