"""One request to GitHub: who calls, what about, with which arguments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from fleet_tui.simulator.app_keys import WORLD
from fleet_tui.simulator.github.errors import GithubError, invalid, missing_permission, not_found
from fleet_tui.simulator.github.limits import Quota
from fleet_tui.simulator.world import Issue, PullRequest, Repository, Token, World
from fleet_tui.simulator.world.model import Milestone, User


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, and what is left to them of the resource that it uses."""

    token: Token | None
    quota: Quota

    @property
    def login(self) -> str:
        """The login, empty without a token."""
        return self.token.login if self.token else ""


CALLER = web.RequestKey("caller", Caller)


class Call:
    """A request, read."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.world: World = request.app[WORLD]
        self.token = request[CALLER].token
        self.quota = request[CALLER].quota
        self.base = f"{request.scheme}://{request.host}/github"

    def user(self) -> User:
        """Who calls. Refuses a request without a token."""
        if self.token is None:
            raise GithubError(401, "Requires authentication")
        return self.world.user(self.token.login)

    def writer(self, permission: str = "issues=write") -> str:
        """The login of a caller who may write. Refuses any other."""
        user = self.user()
        if self.token is None or not self.token.write:
            raise missing_permission(permission)
        return user.login

    def pusher(self, permission: str = "issues=write") -> str:
        """The login of a caller who has push access. Refuses any other."""
        login = self.writer(permission)
        if not self.may_push:
            raise missing_permission(permission)
        return login

    @property
    def may_push(self) -> bool:
        """Whether the caller has push access."""
        return self.token is not None and self.token.push

    def repo(self) -> Repository:
        """The repository in the address."""
        return self.world.repo(f"{self.place('owner')}/{self.place('repo')}")

    def issue(self) -> Issue:
        """The issue or pull request in the address."""
        return self.repo().issue(int(self.place("number")))

    def pull(self) -> PullRequest:
        """The pull request in the address."""
        return self.repo().pull(int(self.place("number")))

    def milestone(self) -> Milestone:
        """The milestone in the address."""
        return self.known_milestone(int(self.place("number")))

    def known_milestone(self, number: int) -> Milestone:
        """A milestone of the repository; 404 when there is none."""
        milestone = self.repo().milestones.get(number)
        if milestone is None:
            raise not_found()
        return milestone

    def place(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]

    def argument(self, name: str, default: str = "") -> str:
        """An argument of the query."""
        return self.request.query.get(name, default)

    def time_argument(self, name: str) -> datetime | None:
        """An argument that is a time."""
        return parse_time(self.argument(name), name) if self.argument(name) else None

    async def json(self) -> dict[str, Any]:
        """The body, an object; none at all is an empty one."""
        value = await self.json_value()
        if not isinstance(value, dict):
            raise GithubError(400, "Body should be a JSON object")
        return value

    async def json_value(self) -> Any:
        """The body, whatever it is."""
        text = await self.request.text()
        try:
            return json.loads(text) if text else {}
        except ValueError:
            raise GithubError(400, "Problems parsing JSON") from None


def parse_time(text: str, field: str) -> datetime:
    """A time in ISO 8601. Refuses anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("Issue", field) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
