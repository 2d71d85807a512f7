"""All open bugs, and those closed of late, kept current at the cost of what changed.

The first read takes them by REST, 100 a request. After that one conditional request lists whatever was touched since
(nothing touched: 304, free). It asks for issues of all labels: one that has lost the label of bugs would not be in a
list of bugs. Timelines come with the reads that follow, the most urgent first (`github_bug_history`).

GitHub dates no deletion, no transfer and no renamed label. So the open bugs are counted every hour, at the cost of one
request; when the number is twice not ours, and once a day anyway, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.labels import named
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_bug_history import BATCH, BugHistories
from fleet_tui.services.github_issue_shape import RestIssue
from fleet_tui.services.github_pull_shapes import CamelCase
from fleet_tui.services.github_touched import touched_since

CLOSED_KEPT = timedelta(weeks=13)
"""The figures of the last 12 weeks and of the week under way are computed from them."""
ALL_ANEW_EVERY = timedelta(days=1)
COUNTED_EVERY = timedelta(hours=1)
SKEW = timedelta(hours=1)
"""How wrong this machine's clock may be without a change being missed."""
MOST_CHANGES = 1000
BATCHES_A_READ = 4
SHARES = 5
"""A big board's timelines are read in so many shares: after each all of it is sorted and compared anew."""

OPEN_COUNT = """
query Count($owner: String!, $name: String!, $labels: [String!]!) {
  repository(owner: $owner, name: $name) { issues(labels: $labels, states: OPEN, first: 1) { totalCount } }
}
"""


class OpenBugs:
    """The bugs of one repository. `read` is what a feed fetches.

    `known` is the last reading of a former run: with it, only what was touched since is read. `tell` is told how far
    the reading of all has come.
    """

    def __init__(
        self,
        github: GitHub,
        config: Config,
        now: Callable[[], datetime],
        *,
        known: Iterable[Bug] = (),
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._github = github
        self._labels = config.labels.bug
        self._histories = BugHistories(github, config.labels)
        self._now = now
        self._tell = tell
        self._bugs = {bug.number: bug for bug in known if self._is_bug(bug)}
        self._value: tuple[Bug, ...] = ()
        self._lacking: set[int] = set()
        """Open bugs whose timeline has to be read."""
        self._touched = datetime.min.replace(tzinfo=UTC)
        self._all_read_at: datetime | None = None
        self._counted_at: datetime | None = None
        self._doubted = False
        """Whether the last count was not ours: a bug that is opened between poll and count makes one differ."""
        if self._bugs:
            # What the last run read first may have changed before it read the rest: a read takes less than an hour.
            self._touched = max(bug.updated for bug in self._bugs.values()) - SKEW
            self._all_read_at = now()
            self._settle()

    @property
    def is_unsettled(self) -> bool:
        """Whether there are timelines to read that GitHub has not failed to give: poll again at once."""
        return bool(self._lacking - self._histories.missed)

    async def read(self) -> tuple[Bug, ...]:
        """Open bugs and those closed within `CLOSED_KEPT`, by number. Raises `Failure`.

        A read that finds changes gives them at once, and leaves timelines to the next one.
        """
        if self._all_read_at is None or self._now() - self._all_read_at > ALL_ANEW_EVERY:
            await self._read_all()
        elif not await self._read_changes():
            await self._count()
            await self._read_histories()
        return self._value

    async def _read_all(self) -> None:
        started = self._now()
        found: dict[int, Bug] = {}
        for label in self._labels:
            await self._read_list("open", label, None, found)
            await self._read_list("closed", label, started - CLOSED_KEPT, found)
        former, self._bugs = self._bugs, found
        for number in found.keys() & former.keys():
            self._take(former[number], found[number])
        self._touched = max(self._touched, started - SKEW)
        self._all_read_at = self._counted_at = started
        self._doubted = False
        self._settle()

    async def _read_list(self, state: str, label: str, since: datetime | None, found: dict[int, Bug]) -> None:
        query, done = {"state": state, "labels": label}, 0
        # Not conditional: so many answers would drive all others out of the cache, to be asked for once a day.
        async for touched in touched_since(self._github, since, list[RestIssue], query, conditional=False):
            found |= {one.number: one.bug() for one in touched.entries if one.pull_request is None}
            done += len(touched.entries)
            if touched.total:
                self._tell(f"Reading {state} bugs: {done:,} of about {max(done, touched.total):,} …")

    async def _read_changes(self) -> bool:
        """Take in what was touched; whether any bug was among it."""
        changed: dict[int, RestIssue] = {}
        async for touched in touched_since(self._github, self._touched, list[RestIssue]):
            changed |= {one.number: one for one in touched.entries}
            if len(changed) > MOST_CHANGES:
                await self._read_all()
                return True
        former = dict(self._bugs)
        for one in changed.values():
            known = self._bugs.get(one.number)
            if one.pull_request is None and (known is None or known.updated <= one.updated_at):
                self._take(known, one.bug())
        self._touched = max([self._touched, *(one.updated_at for one in changed.values())])
        self._settle()
        return self._bugs != former

    def _take(self, known: Bug | None, bug: Bug) -> None:
        """Put in a bug that was read; what is none (any more) is put out."""
        if not self._is_bug(bug):
            self._bugs.pop(bug.number, None)
        elif known is None:
            self._bugs[bug.number] = bug
        else:  # the same object for the same content: whoever compares all bugs is quick
            bug = replace(bug, history=known.history)
            self._bugs[bug.number] = known if bug == known else bug

    def _is_bug(self, bug: Bug) -> bool:
        return named(bug.labels, self._labels) is not None

    def _settle(self) -> None:
        """Forget what was closed long ago, and note what is to be read next."""
        oldest = self._now() - CLOSED_KEPT
        self._bugs = {number: bug for number, bug in self._bugs.items() if not bug.closed or bug.closed >= oldest}
        self._lacking = {number for number, bug in self._bugs.items() if self._histories.is_wanted(bug)}
        value = tuple(bug for _, bug in sorted(self._bugs.items()))
        self._value = self._value if value == self._value else value

    async def _count(self) -> None:
        if self._counted_at and self._now() - self._counted_at < COUNTED_EVERY and not self._doubted:
            return
        github = self._github
        variables = {"owner": github.owner, "name": github.name, "labels": list(self._labels)}
        counted = (await github.graphql(OPEN_COUNT, variables, _CountData)).repository.issues.total_count
        is_ours = counted == sum(bug.closed is None for bug in self._bugs.values())
        if not is_ours and self._doubted:
            await self._read_all()
        else:
            self._counted_at, self._doubted = self._now(), not is_ours

    async def _read_histories(self) -> None:
        most = max(BATCHES_A_READ * BATCH, len(self._bugs) // SHARES)
        wanted = self._histories.most_urgent((self._bugs[number] for number in self._lacking), most)
        for start in range(0, len(wanted), BATCH):
            found = await self._histories.read(wanted[start : start + BATCH])
            for number, history in found.items():
                self._bugs[number] = replace(self._bugs[number], history=history)
        self._settle()


class _Issues(CamelCase):
    total_count: int


class _Repository(msgspec.Struct):
    issues: _Issues


class _CountData(msgspec.Struct):
    repository: _Repository
