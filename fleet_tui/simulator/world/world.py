"""The world: all that the simulated services share."""

from __future__ import annotations

import itertools
import random
from datetime import datetime

from fleet_tui.simulator.world.boards import Boards
from fleet_tui.simulator.world.calendars import SharedCalendar
from fleet_tui.simulator.world.clock import Clock, real_time
from fleet_tui.simulator.world.fleet_server import FleetServer
from fleet_tui.simulator.world.freeze import MergeFreeze
from fleet_tui.simulator.world.issue import Issue
from fleet_tui.simulator.world.model import Limits, Moved, Token, Unknown, User
from fleet_tui.simulator.world.pull import PullRequest
from fleet_tui.simulator.world.repository import Repository
from fleet_tui.simulator.world.slack import Slack
from fleet_tui.simulator.world.upstream import Upstream


class World:
    """People, repositories, tokens and the state of each service."""

    def __init__(self, clock: Clock = real_time, seed: int = 7) -> None:
        self.now: Clock = clock
        self.random = random.Random(seed)
        self.users: dict[str, User] = {}
        self.repos: dict[str, Repository] = {}
        self.renamed: dict[str, str] = {}
        """Former names of repositories and their names now."""
        self.tokens: dict[str, Token] = {}
        """Tokens beside the built-in `sim-<login>`, `sim-<login>-readonly` and `sim-<login>-nowrite`."""
        self.limits = Limits()
        self.merge_freeze = MergeFreeze(self)
        self.boards = Boards()
        self.fleet_server = FleetServer()
        self.calendars: dict[str, SharedCalendar] = {}
        self.slack = Slack()
        self.upstream = Upstream()
        self.release_at: datetime | None = None
        """When the seeded release is due; None in a world without one."""
        self._ids = itertools.count(1_200_000_001)

    def next_id(self) -> int:
        """A number that nothing else has."""
        return next(self._ids)

    def add_user(
        self, login: str, name: str = "", *, member: bool = True, bot: bool = False, concealed: bool = False
    ) -> User:
        """Make an account."""
        user = User(self.next_id(), login, name or login, member, bot, concealed)
        self.users[login.casefold()] = user
        return user

    def user(self, login: str) -> User:
        """An account. Raises `Unknown`."""
        if login.casefold() not in self.users:
            raise Unknown(login)
        return self.users[login.casefold()]

    def token(self, text: str) -> Token | None:
        """What a token is good for; None for a bad one."""
        if text in self.tokens:
            return self.tokens[text]
        login, _, kind = text.removeprefix("sim-").rpartition("-")
        if kind not in {"readonly", "nowrite"}:
            login, kind = text.removeprefix("sim-"), ""
        user = self.users.get(login.casefold()) if text.startswith("sim-") else None
        return Token(user.login, push=user.member and not kind, write=kind != "nowrite") if user else None

    def add_repo(self, full_name: str) -> Repository:
        """Make a repository."""
        repository = Repository(self, full_name)
        self.repos[full_name.casefold()] = repository
        return repository

    def repo(self, full_name: str | None = None) -> Repository:
        """A repository, by default the first. Raises `Unknown`, or `Moved` for a former name."""
        if full_name is None:
            return next(iter(self.repos.values()))
        if full_name in self.renamed:
            raise Moved(self.renamed[full_name])
        if full_name.casefold() not in self.repos:
            raise Unknown(full_name)
        return self.repos[full_name.casefold()]

    def rename_repo(self, old: str, new: str) -> None:
        """Rename a repository; its former name leads to the new one."""
        repository = self.repos.pop(old.casefold())
        repository.full_name = new
        self.repos[new.casefold()] = repository
        self.renamed[old] = new

    def issue(self, number: int) -> Issue:
        """An issue or pull request of the first repository."""
        return self.repo().issue(number)

    def pull(self, number: int) -> PullRequest:
        """A pull request of the first repository."""
        return self.repo().pull(number)
