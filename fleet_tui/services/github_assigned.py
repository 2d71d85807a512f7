"""The open issues and pull requests that somebody is assigned to."""

from __future__ import annotations

from datetime import datetime

import msgspec

from fleet_tui.domain.on_call_waiting import Assigned
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub


async def read_assigned(github: GitHub, login: str) -> tuple[Assigned, ...]:
    """What is assigned to `login`, by number; free while nothing has changed. Nothing without a login.

    Raises `Failure`.
    """
    if not login:
        return ()
    query: dict[str, str | int] = {"assignee": login, "state": "open"}
    pages = github.http.pages(github.service, f"{github.path}/issues", query, list[_Issue])
    found = [one.value() async for page in pages for one in page]
    return tuple(sorted(found, key=lambda one: one.number))


class _Issue(msgspec.Struct):
    number: int
    title: str
    html_url: str
    created_at: datetime
    updated_at: datetime
    pull_request: dict[str, object] | None = None

    def value(self) -> Assigned:
        is_pull = self.pull_request is not None
        return Assigned(self.number, clean(self.title), self.html_url, self.created_at, self.updated_at, is_pull)
