"""GitHub's REST and GraphQL interfaces, read through the shared client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.releases import Milestone, due_date
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Http, Limit
from fleet_tui.services.http_problems import unreadable
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret, the_token

T = TypeVar("T")
API_VERSION = "2022-11-28"


def github_service(config: Config, token: Secret | None) -> Service:
    """GitHub at the configured address."""
    headers = {"X-GitHub-Api-Version": API_VERSION, "Accept": "application/vnd.github+json"}
    return Service("GitHub", config.addresses.github, token, headers)


class GitHub:
    """Reads of one repository."""

    def __init__(self, http: Http, service: Service, repository: str) -> None:
        self.http = http
        self.service = service
        self.repository = repository
        self.path = f"/repos/{repository}"
        self.owner, _, self.name = repository.partition("/")

    async def login(self) -> str:
        """Whom the token belongs to. Raises `Failure`."""
        return clean((await self.http.get(self.service, "/user")).decode(_User).login)

    async def repository_id(self) -> int:
        """The repository's number, by which other systems know it. Raises `Failure`."""
        return (await self.http.get(self.service, self.path)).decode(_Repository).id

    async def milestones(self) -> tuple[Milestone, ...]:
        """The open milestones. Raises `Failure`."""
        found: list[Milestone] = []
        async for page in self.http.pages(self.service, f"{self.path}/milestones", {"state": "open"}, list[_Milestone]):
            found += [one.value() for one in page]
        return tuple(found)

    async def status(self, sha: str, context: str) -> str | None:
        """The state of one commit status: `success`, `failure`, `error`, `pending`; None when it is not set.

        Raises `Failure`.
        """
        answer = await self.http.get(self.service, f"{self.path}/commits/{sha}/status", {"per_page": 100})
        return next((one.state for one in answer.decode(_Combined).statuses if one.context == context), None)

    async def file(self, path: str, branch: str) -> str:
        """A file of the repository at the head of `branch`, as text. Raises `Failure`."""
        headers = {**self.service.headers, "Accept": "application/vnd.github.raw+json"}
        raw = replace(self.service, headers=headers)
        answer = await self.http.get(raw, f"{self.path}/contents/{quote(path)}", {"ref": branch})
        return answer.body.decode("utf-8", errors="replace")

    async def graphql(self, query: str, variables: Mapping[str, Any], type_: type[T]) -> T:
        """The `data` of a GraphQL query as `type_`. Raises `Failure`.

        Something that was not found comes back as null beside the rest; any other error fails the whole query.
        """
        service = Service(self.service.name, graphql_base(self.service.base), self.service.token, self.service.headers)
        answer = await self.http.post(service, "/graphql", json={"query": query, "variables": dict(variables)})
        result = answer.decode(_Result)
        serious = [error for error in result.errors if not error.is_bearable]
        if serious:
            raise Failure(self._refused(serious[0]))
        try:
            return msgspec.json.decode(result.data, type=type_)
        except msgspec.DecodeError as error:
            if result.errors:
                raise Failure(self._missing(result.errors[0])) from None
            raise unreadable(service, f"/graphql: {error}") from None

    def _missing(self, error: _Error) -> Problem:
        name, remedy = self.service.name, "Check the names in the configuration, and whether the token may see it."
        return Problem(name, Cause.MISSING, f"{name} does not know what was asked for.", remedy, error.detail)

    def _refused(self, error: _Error) -> Problem:
        name, detail = self.service.name, error.detail
        if error.type in {"RATE_LIMITED", "RATE_LIMIT"}:
            limit = self.http.limits.get(f"{name} graphql")
            retry_at = limit.resets if limit and not limit.remaining else self.http.now() + timedelta(minutes=1)
            sentence = f"{name} has had too many requests from this token."
            return Problem(name, Cause.LIMITED, sentence, "Waiting until it allows more.", detail, retry_at)
        if error.type in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
            sentence = f"{the_token(name, self.service.token)} may not read this."
            return Problem(name, Cause.PERMISSION, sentence, clean(error.message), detail)
        return Problem(name, Cause.REFUSED, f"{name} refused the query.", "", detail)

    @property
    def limit(self) -> Limit | None:
        """The allowance that is nearest to its end."""
        limits = [limit for key, limit in self.http.limits.items() if key.startswith(self.service.name)]
        return min(limits, key=lambda limit: limit.remaining / max(1, limit.total), default=None)


def graphql_base(base: str) -> str:
    """GraphQL stands beside REST: below the same address, or on an enterprise server at `/api`."""
    return base.rstrip("/").removesuffix("/v3")


class _User(msgspec.Struct):
    login: str


class _Repository(msgspec.Struct):
    id: int


class _Milestone(msgspec.Struct):
    number: int
    title: str
    html_url: str
    open_issues: int = 0
    due_on: datetime | None = None

    def value(self) -> Milestone:
        due = due_date(self.due_on) if self.due_on else None
        return Milestone(self.number, clean(self.title), due, self.open_issues, self.html_url)


class _Status(msgspec.Struct):
    context: str
    state: str


class _Combined(msgspec.Struct):
    statuses: tuple[_Status, ...] = ()


class _Error(msgspec.Struct):
    message: str = ""
    type: str = ""
    path: tuple[str | int, ...] | None = None

    @property
    def is_bearable(self) -> bool:
        """Whether the rest of the answer is good without it.

        A fine-grained token may be refused the checks of a commit and nothing else.
        """
        return self.type == "NOT_FOUND" or (self.type == "FORBIDDEN" and "statusCheckRollup" in (self.path or ()))

    @property
    def detail(self) -> str:
        return f"POST /graphql: {clean(self.type)} {clean(self.message, 300)}"


class _Result(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: tuple[_Error, ...] = ()
