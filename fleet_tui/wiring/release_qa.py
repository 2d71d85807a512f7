"""Release QA: the open issues, the chosen one's checklist, and the outbox of verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa_history import QaView
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_reader import QaReader
from fleet_tui.services.qa_sync import QaSync
from fleet_tui.services.store import Store
from fleet_tui.wiring.source import Common, Source

CHOSEN_ISSUE = "release qa issue"


class ReleaseQaArea:
    """Everything that the release QA screen reads and writes."""

    def __init__(self, common: Common) -> None:
        config = common.config
        self._common = common
        self._polling = config.polling
        self.outbox = _outbox(common)
        self.github_qa = GitHubQa(common.github, config.release_qa.title_patterns, config.labels.release[:1])
        self._reader = QaReader(self.github_qa, self.outbox, self._to_read, self.sync, common.value("checklist"))
        self._syncs: dict[int, QaSync] = {}

    def sources(self) -> Mapping[str, Source]:
        """The feeds `release_qa` and `checklist`."""
        return {
            "release_qa": Source(self.github_qa.issues, lambda: self._polling.release_qa),
            "checklist": Source(self._reader.read, self._checklist_every),
        }

    def react(self, name: str, former: Any, value: Any) -> None:
        """Nothing else follows."""

    def close(self) -> None:
        """Leave what is in the outbox to the next program."""
        self.outbox.close()

    def sync(self, number: int) -> QaSync:
        """The one sync of a release QA issue; it knows the text as last read from the start, also offline."""
        if number not in self._syncs:
            common = self._common
            sync = QaSync(self.outbox, common.writer, self.github_qa, number, lambda: common.login, common.now)
            view: QaView | None = common.value("checklist")
            if view and view.body.issue.number == number:
                sync.body = view.body.body
            self._syncs[number] = sync
        return self._syncs[number]

    def choose(self, number: int) -> None:
        """Have the checklist's feed read another issue from now on."""
        self._common.store.remember(CHOSEN_ISSUE, number)
        self._common.wake(("checklist",))

    def _to_read(self) -> int | None:
        """The chosen issue. Raises `Failure` while it is not known which are open."""
        self._common.need("release_qa")
        return self._chosen()

    def _chosen(self) -> int | None:
        """The issue that was chosen, if it is still open; else the newest."""
        numbers = [issue.number for issue in self._common.value("release_qa") or ()]
        chosen = self._common.store.recall(CHOSEN_ISSUE, int, 0)
        return chosen if chosen in numbers else next(iter(numbers), None)

    def _checklist_every(self) -> float:
        number, usual = self._chosen(), float(self._polling.checklist)
        return usual if number is None else self.sync(number).every(watching=usual, idle=usual)


def _outbox(common: Common) -> Outbox:
    """In memory when the state file fails just now: verdicts are sent all the same, and it is said what is amiss."""
    repository, store = common.config.team.repository, common.store
    try:
        return Outbox(store, repository, adopt=not common.read_only, changed=common.changed)
    except Failure as failure:
        store.trouble = store.trouble or store.unwritable(failure.problem.detail)
        return Outbox(Store(None), repository, changed=common.changed)
