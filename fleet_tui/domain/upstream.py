"""What is told of the product's dependencies: versions, releases, commits and news, as they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fleet_tui.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Download:
    """An entry of Go's list of downloads: `go1.22.1`."""

    version: str
    stable: bool


@dataclass(frozen=True, slots=True)
class Release:
    """A release on GitHub."""

    tag: str
    url: str
    published: datetime | None
    prerelease: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its message's first line, safe to show."""

    sha: str
    title: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to a component since its last stable release."""

    name: str
    tag: str | None
    """None when there is no stable release."""
    commits: tuple[Commit, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """An announcement. Title and summary are safe to show."""

    title: str
    summary: str
    url: str
    at: datetime | None
    """None when the feed gives no date that can be read."""


@dataclass(frozen=True, slots=True)
class Sources:
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
