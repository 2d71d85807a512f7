"""The freeze as far as it is told of: what has begun, and what is not as planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.outlook import Outlook

KIND, SCREEN = "freeze", "freeze"
BEGUN = {
    Phase.AHEAD: "The freeze of {version} comes up.",
    Phase.FREEZE: "{branch} is frozen for {version}.",
    Phase.DEEP: "The deep freeze of {version} has begun: only release blockers and unreleased bugs merge.",
    Phase.RELEASE: "{version} is due: it is the release day.",
}


class FreezeDesk(Desk):
    """Tells when a phase begins, and when the branch is not as the plan has it."""

    FEEDS = ("freeze", "milestones")

    def __init__(self, *given: Any, outlook: Callable[[], Outlook]) -> None:
        super().__init__(*given)
        self._outlook = outlook

    def alerts(self) -> Iterable[Alert]:
        """Each phase of a release once; a mismatch once a day."""
        at, branch = self._outlook().at, self.config.team.branch
        version = at.schedule.version if at.schedule else "the release"
        if at.phase in BEGUN and at.mismatch is None:
            words = BEGUN[at.phase].format(version=version, branch=branch)
            yield Alert(f"phase {version} {at.phase.name}", KIND, words, SCREEN)
        if at.mismatch:
            today = self.now().astimezone(self.config.team.zone).date()
            yield Alert(f"mismatch {at.mismatch.name} {today}", KIND, f"{branch} {at.mismatch.value}.", SCREEN)
