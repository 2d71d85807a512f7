"""What was committed to a repository's default branch, and what was released of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fleet_tui.simulator.world.model import Unknown, User


@dataclass(frozen=True, slots=True)
class Landed:
    """A commit on the default branch."""

    sha: str
    message: str
    author: User
    at: datetime
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A release."""

    id: int
    tag: str
    published_at: datetime
    prerelease: bool = False
    draft: bool = False


class History:
    """The commits of the default branch, the oldest first. It has no merges."""

    def __init__(self) -> None:
        self.commits: list[Landed] = []
        self.forks: dict[str, str] = {}
        """Commits on branches of their own, and the commit of the default branch that each branch began at."""

    def land(self, message: str, *, by: User, at: datetime, paths: Iterable[str] = ()) -> Landed:
        """Commit to the default branch."""
        number = len(self.commits)
        sha = hashlib.sha1(f"{number} {at} {message}".encode(), usedforsecurity=False).hexdigest()
        commit = Landed(sha, message, by, at, tuple(paths))
        self.commits.append(commit)
        return commit

    def merge_base(self, sha: str) -> Landed:
        """The last commit that `sha` and the default branch share. Raises `Unknown`."""
        shared = self.forks.get(sha, sha)
        for commit in self.commits:
            if commit.sha == shared:
                return commit
        raise Unknown(sha)

    def after(self, commit: Landed) -> list[Landed]:
        """The commits of the default branch after `commit`, the oldest first."""
        return self.commits[self.commits.index(commit) + 1 :]

    def under(self, path: str, since: datetime | None) -> list[Landed]:
        """The commits that touch `path`, from `since` on, the newest first."""
        folder = path.rstrip("/") + "/"
        return [
            one
            for one in reversed(self.commits)
            if (since is None or one.at.replace(microsecond=0) >= since)
            and (not path or any(name == path or name.startswith(folder) for name in one.paths))
        ]
