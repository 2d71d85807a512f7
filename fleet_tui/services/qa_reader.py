"""What the checklist's feed fetches: a round of the sync, then who ticked what, and what was said."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa_history import QaView, last_ticks
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_sync import QaSync

log = logging.getLogger(__name__)


class QaReader:
    """The chosen release QA issue, and the verdicts that still wait for others. `read` is what a feed fetches."""

    def __init__(
        self,
        github_qa: GitHubQa,
        outbox: Outbox,
        chosen: Callable[[], int | None],
        sync: Callable[[int], QaSync],
        former: QaView | None = None,
    ) -> None:
        """`former` is what was read last, be it in an earlier run."""
        self._github = github_qa
        self._outbox = outbox
        self._chosen = chosen
        self._sync = sync
        self._view = former

    async def read(self) -> QaView | None:
        """The chosen issue after a round; None when there is none. Raises `Failure`.

        Edits and comments are asked for only when the text or their number has changed.
        """
        number = self._chosen()
        await self._send_the_rest(number)
        if number is None:
            return None
        body, former = await self._sync(number).sync(), self._view
        if former and former.body.issue.number != number:
            former = None
        same_text = former is not None and former.body.body == body.body
        same_talk = former is not None and former.body.comments == body.comments
        ticked = former.ticked if former and same_text else last_ticks(await self._github.edits(number))
        remarks = former.remarks if former and same_talk else await self._github.comments(number)
        self._view = QaView(body, ticked, remarks)
        return self._view

    async def _send_the_rest(self, chosen: int | None) -> None:
        for other in self._outbox.issues():
            if other != chosen:
                try:
                    await self._sync(other).sync()
                except Failure as failure:  # kept in the outbox with its reason; the chosen issue must not wait for it
                    log.warning("issue %s: %s %s", other, failure.problem.text, failure.problem.detail)
