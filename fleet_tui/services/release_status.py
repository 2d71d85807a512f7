"""What tells whether the release can start, read from GitHub all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.checklist import read
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.pulls import Checks
from fleet_tui.domain.readiness import ready_groups
from fleet_tui.domain.release_qa import version_in
from fleet_tui.domain.release_state import BranchCheck, QaState, ReleaseState, Seen, release_state
from fleet_tui.domain.releases import coming_release
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_issue_shape import RestIssue
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.told import told

PASSING = {"success", "neutral", "skipped"}


class ReleaseStatus:
    """The state of the coming release."""

    def __init__(self, github: GitHub, config: Config) -> None:
        self._github = github
        self._config = config
        self._qa = GitHubQa(github, config.release_qa.title_patterns, config.labels.release[:1])

    async def read(self, now: datetime) -> ReleaseState:
        """The state now. A source that fails counts as missing; raises `Failure` when no release can be told."""
        today = now.astimezone(self._config.team.zone).date()
        release = coming_release(await self._github.milestones(), self._config.release, today)
        if release is None:
            sentence, remedy = "No coming release can be told.", "Open its milestone, or set `release.known_date`."
            raise Failure(Problem("GitHub", Cause.MISSING, sentence, remedy))
        names = self._config.labels
        async with asyncio.TaskGroup() as group:
            blockers = group.create_task(told(self._bugs(names.release_blocker)))
            unreleased = group.create_task(told(self._bugs(names.unreleased_bug)))
            checks = group.create_task(told(self._checks()))
            qa = group.create_task(told(self._qa_state(release.version)))
        seen = Seen(release.version, blockers.result(), unreleased.result(), checks.result(), qa.result())
        return release_state(seen, self._config)

    async def _bugs(self, labels: Iterable[str]) -> tuple[Bug, ...]:
        """The open issues with one of `labels`, by number."""
        github, found = self._github, dict[int, Bug]()
        for label in labels:
            query: dict[str, str | int] = {"state": "open", "labels": label}
            async for page in github.http.pages(github.service, f"{github.path}/issues", query, list[RestIssue]):
                found |= {one.number: one.bug() for one in page if one.pull_request is None}
        return tuple(found[number] for number in sorted(found))

    async def _checks(self) -> tuple[BranchCheck, ...]:
        """The checks of the branch's newest commit; Merge Freeze's status is none of them."""
        github, branch = self._github, quote(self._config.team.branch, safe="")
        path, found = f"{github.path}/commits/{branch}", list[BranchCheck]()
        page = 1
        while True:
            answer = await github.http.get(github.service, f"{path}/check-runs", {"per_page": 100, "page": page})
            runs = answer.decode(_CheckRuns).check_runs
            found += [BranchCheck(clean(one.name), one.state, one.html_url or "") for one in runs]
            if len(runs) < 100:
                break
            page += 1
        statuses = await github.http.get(github.service, f"{path}/status", {"per_page": 100})
        ours = self._config.freeze.status_context
        found += [one.value() for one in statuses.decode(_Combined).statuses if one.context != ours]
        return tuple(found)

    async def _qa_state(self, version: str) -> QaState | None:
        number = next((one.number for one in await self._qa.issues() if version_in(one.title) == version), None)
        if number is None:
            return None
        body, remarks = await asyncio.gather(self._qa.issue(number), self._qa.comments(number))
        labels = [group.label for group in self._config.groups]
        return QaState(number, read(body.body), ready_groups(((one.author, one.text) for one in remarks), labels))


class _CheckRun(msgspec.Struct):
    name: str
    status: str
    conclusion: str | None = None
    html_url: str | None = None

    @property
    def state(self) -> Checks:
        if self.status != "completed":
            return Checks.RUNNING
        return Checks.PASSING if self.conclusion in PASSING else Checks.FAILING


class _CheckRuns(msgspec.Struct):
    check_runs: tuple[_CheckRun, ...] = ()


class _Status(msgspec.Struct):
    context: str
    state: str
    target_url: str | None = None

    def value(self) -> BranchCheck:
        states = {"success": Checks.PASSING, "pending": Checks.RUNNING}
        return BranchCheck(clean(self.context), states.get(self.state, Checks.FAILING), self.target_url or "")


class _Combined(msgspec.Struct):
    statuses: tuple[_Status, ...] = ()
