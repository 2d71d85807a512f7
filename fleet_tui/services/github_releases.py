"""Releases and tags on GitHub, and what was committed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import msgspec

from fleet_tui.config.dependencies import Component
from fleet_tui.config.schema import Config
from fleet_tui.domain.text import clean
from fleet_tui.domain.upstream import Changes, Commit, Release
from fleet_tui.domain.versions import latest_tag
from fleet_tui.services.github import GitHub
from fleet_tui.services.http import Http
from fleet_tui.services.http_service import Service

TAGS = "refs/tags/"


def public_github(http: Http, github: GitHub, config: Config, repository: str) -> GitHub:
    """A repository of another project. The token stays with the host that it is for."""
    base = config.addresses.public_github
    same_host = urlsplit(base).netloc.casefold() == urlsplit(github.service.base).netloc.casefold()
    token = github.service.token if same_host else None
    return GitHub(http, Service(github.service.name, base, token, github.service.headers), repository)


class GitHubReleases:
    """Releases, tags and commits of one repository."""

    def __init__(self, github: GitHub) -> None:
        self._github = github

    async def releases(self) -> tuple[Release, ...]:
        """The 100 newest, drafts and prereleases included and marked. Raises `Failure`."""
        github = self._github
        answer = await github.http.get(github.service, f"{github.path}/releases", {"per_page": 100})
        return tuple(one.value() for one in answer.decode(list[_Release]))

    async def last_release(self, tag_prefix: str) -> datetime | None:
        """When the newest stable release was published whose tag begins so; None when there is none.

        Raises `Failure`.
        """
        stable = (one for one in await self.releases() if not (one.prerelease or one.draft))
        return max((one.published for one in stable if one.published and one.tag.startswith(tag_prefix)), default=None)

    async def tags(self, prefix: str) -> tuple[str, ...]:
        """The names of the tags that begin so, in no order. Raises `Failure`."""
        github = self._github
        answer = await github.http.get(github.service, f"{github.path}/git/matching-refs/tags/{quote(prefix)}")
        return tuple(one.ref.removeprefix(TAGS) for one in answer.decode(list[_Ref]))  # GitHub gives all at once

    async def changes(self, component: Component, branch: str) -> Changes:
        """What was committed to `branch` under the component's paths since its last stable tag. Raises `Failure`."""
        tag = latest_tag(await self.tags(component.tag_prefix), component.tag_prefix)
        if tag is None:
            return Changes(component.name, None)
        return Changes(component.name, tag, await self.commits_since(tag, branch, component.paths))

    async def commits_since(self, tag: str, branch: str, paths: Iterable[str]) -> tuple[Commit, ...]:
        """The commits on `branch` under `paths` since it and `tag` went separate ways, newest first.

        A tag on a branch of its own is compared from where that branch began: what was picked over from `branch`
        counts as changed, rather too often than too seldom. Commits are told apart by the moment they were committed,
        as GitHub lists them. Raises `Failure`.
        """
        base = await self._merge_base(tag, branch)
        github, found = self._github, dict[str, Commit]()
        since = base.commit.committer.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for path in paths:
            query: dict[str, str | int] = {"sha": branch, "path": path, "since": since}
            async for page in github.http.pages(github.service, f"{github.path}/commits", query, list[_Commit]):
                found |= {one.sha: one.value() for one in page if one.sha != base.sha}
        return tuple(sorted(found.values(), key=lambda one: one.at, reverse=True))

    async def _merge_base(self, tag: str, branch: str) -> _Commit:
        github = self._github
        path = f"{github.path}/compare/{quote(tag, safe='')}...{quote(branch, safe='')}"
        # The first page brings up to 300 files with their patches; the merge base stands on each page.
        answer = await github.http.get(github.service, path, {"per_page": 1, "page": 2})
        return answer.decode(_Comparison).merge_base_commit


class _Release(msgspec.Struct):
    tag_name: str
    html_url: str
    draft: bool
    prerelease: bool
    published_at: datetime | None = None

    def value(self) -> Release:
        return Release(clean(self.tag_name), self.html_url, self.published_at, self.prerelease, self.draft)


class _Ref(msgspec.Struct):
    ref: str


class _Signature(msgspec.Struct):
    date: datetime


class _Told(msgspec.Struct):
    message: str
    committer: _Signature


class _Commit(msgspec.Struct):
    sha: str
    html_url: str
    commit: _Told

    def value(self) -> Commit:
        return Commit(
            self.sha, clean(self.commit.message.partition("\n")[0]), self.commit.committer.date, self.html_url
        )


class _Comparison(msgspec.Struct):
    merge_base_commit: _Commit
