"""All that the table of dependencies is made from, read at once; and filing what it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import msgspec
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.dependencies import Dependency, Verdict, table
from fleet_tui.domain.dependency_issues import OpenIssue, already_filed
from fleet_tui.domain.fleetd_qa import open_fleetd_qa
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.domain.text import clean
from fleet_tui.domain.upstream import Changes, Sources
from fleet_tui.services.cisa import Cisa
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_releases import GitHubReleases, public_github
from fleet_tui.services.github_writer import CreatedIssue, GitHubWriter
from fleet_tui.services.go_downloads import GoDownloads
from fleet_tui.services.http import Http
from fleet_tui.services.store import Store
from fleet_tui.services.told import told


class DependencyTable:
    """The table of the configured product."""

    def __init__(self, http: Http, github: GitHub, config: Config, store: Store | None = None) -> None:
        self._config = config
        self._github = github
        self._releases = GitHubReleases(github)
        self._go = GoDownloads(http, config)
        self._cisa = Cisa(http, config, store)
        self._extension, self._osquery = (
            GitHubReleases(public_github(http, github, config, repository))
            for repository in (config.dependencies.extension, config.dependencies.osquery)
        )

    async def read(self, on_call: str = "") -> tuple[Dependency, ...]:
        """The table, with the open issues that stand for a row already.

        A source that fails makes its rows "cannot be told", and no others. Raises `Failure` when the product's GitHub
        gives nothing: no row could be told, and a former table says more.
        """
        found = await self.sources()
        if problem := _nothing_of(found):
            raise Failure(problem)
        rows = table(found, self._config, on_call)
        labels = [row.filing.labels[0] for row in rows if row.filing]
        if any(row.verdict is Verdict.CHANGED for row in rows):
            labels += self._config.labels.release[:1]
        issues = await told(self._open_issues(labels)) if labels else ()
        return tuple(_with_filed(row, issues) for row in rows)

    async def components(self) -> tuple[Changes, ...]:
        """What happened to each part of fleetd since its last release. Raises `Failure`."""
        branch = self._config.team.branch
        asked = (self._releases.changes(one, branch) for one in self._config.dependencies.components)
        return tuple(await asyncio.gather(*asked))

    async def sources(self) -> Sources:
        """What the outside systems say, all asked at once."""
        settings, branch = self._config.dependencies, self._config.team.branch
        async with asyncio.TaskGroup() as group:
            ask = group.create_task
            module = ask(told(self._github.file(settings.go_module, branch)))
            workflow = ask(told(self._github.file(settings.osquery_file, branch)))
            go = ask(told(self._go.read()))
            extension = ask(told(self._extension.releases()))
            osquery = ask(told(self._osquery.releases()))
            components = [ask(told(self._releases.changes(one, branch))) for one in settings.components]
            news = ask(told(self._cisa.news()))
            last_release = ask(told(self._last_release()))
        return Sources(
            module.result(),
            workflow.result(),
            go.result(),
            extension.result(),
            osquery.result(),
            tuple(one.result() for one in components),
            news.result(),
            last_release.result(),
        )

    async def file(self, wanted: NewIssue, writer: GitHubWriter) -> CreatedIssue:
        """Create the issue, unless an open one stands for it: then that one. Raises `Failure`.

        It is looked for just before; two people who file in the same second are not kept apart.
        """
        if found := already_filed(wanted, await self._open_issues(wanted.labels[:1])):
            return CreatedIssue(found.number, found.url)
        return await writer.create_issue(wanted.title, wanted.body, wanted.labels, wanted.assignees)

    async def _open_issues(self, labels: Sequence[str]) -> tuple[OpenIssue, ...]:
        """The open issues with each of `labels`, the first of those to be filed; all open issues without any.

        Not more than the first: labels such as `:reproduce` are taken off on the way.
        """
        found = await asyncio.gather(*map(self._labelled, dict.fromkeys(labels or ("",))))
        return tuple(chain.from_iterable(found))

    async def _labelled(self, label: str) -> list[OpenIssue]:
        github, found = self._github, list[OpenIssue]()
        query: dict[str, str | int] = {"state": "open", "labels": label} if label else {"state": "open"}
        async for page in github.http.pages(github.service, f"{github.path}/issues", query, list[_Issue]):
            found += [OpenIssue(one.number, clean(one.title), one.body or "", one.html_url) for one in page]
        return found

    async def _last_release(self) -> datetime:
        prefix = self._config.dependencies.release_tag_prefix
        moment = await self._releases.last_release(prefix)
        if moment is None:
            sentence = f"GitHub lists no release whose tag begins with {prefix}."
            raise Failure(Problem(self._github.service.name, Cause.MISSING, sentence))
        return moment


def _nothing_of(found: Sources) -> Problem | None:
    """Why the product's repository says nothing at all; None when it does, or lacks just some of it."""
    asked = (found.module, found.workflow, *found.components, found.last_release)
    problems = [one for one in asked if isinstance(one, Problem) and one.cause.is_of_system]
    return problems[0] if len(problems) == len(asked) else None


def _with_filed(row: Dependency, issues: tuple[OpenIssue, ...] | Problem) -> Dependency:
    if row.filing is None and row.verdict is not Verdict.CHANGED:
        return row
    if isinstance(issues, Problem):
        return replace(row, action=f"{row.action} Whether it was filed already cannot be told: {issues.text}")
    found = already_filed(row.filing, issues) if row.filing else open_fleetd_qa(issues)
    return replace(row, action=f"Filed: #{found.number}.", filed=found.number) if found else row


class _Issue(msgspec.Struct):
    number: int
    title: str
    html_url: str
    body: str | None = None
