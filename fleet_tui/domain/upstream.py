"""What is told of the product's dependencies: versions, releases, commits and news, as they were read."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from fleet_tui.domain.problem import Problem


class Download(Struct, frozen=True):
    """An entry of Go's list of downloads: `go1.22.1`."""

    version: str
    stable: bool


class Release(Struct, frozen=True):
    """A release on GitHub."""

    tag: str
    url: str
    published: datetime | None
    prerelease: bool = False
    draft: bool = False


class Commit(Struct, frozen=True):
    """A commit: its message's first line, safe to show."""

    sha: str
    title: str
    at: datetime
    url: str


class Changes(Struct, frozen=True):
    """What happened to a component since its last stable release."""

    name: str
    tag: str | None
    """None when there is no stable release."""
    commits: tuple[Commit, ...] = ()


class News(Struct, frozen=True):
    """An announcement. Title and summary are safe to show."""

    title: str
    summary: str
    url: str
    at: datetime | None
    """None when the feed gives no date that can be read."""


class Sources(Struct, frozen=True):
    """All that the table is made from: each a value, or why it could not be read."""

    module: str | Problem
    """The text of `go.mod`."""
    workflow: str | Problem
    """The text of the workflow that pins osquery."""
    go: tuple[Download, ...] | Problem
    extension: tuple[Release, ...] | Problem
    osquery: tuple[Release, ...] | Problem
    components: tuple[Changes | Problem, ...]
    """In the order of `config.dependencies.components`."""
    news: tuple[News, ...] | Problem
    last_release: datetime | Problem
    """When the product was last released: news before that were dealt with then."""
