"""Milestones: renamed, closed, created. Each function sends one request, in the writer's thread (`GitHubWriter.do`).

It raises `Failure` when GitHub left out what the token may not set, and what PyGithub and `requests` raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import msgspec

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.releases import GITHUB_DUE_DATE_ZONE
from fleet_tui.domain.text import clean

if TYPE_CHECKING:
    from github.Repository import Repository


def rename(repository: Repository, number: int, title: str) -> None:
    """Give the milestone another name."""
    if _ask(repository, "PATCH", f"/{number}", {"title": title}).title != title:
        raise _left_out("the new name", title)


def close(repository: Repository, number: int) -> None:
    """Close the milestone; what is in it stays in it."""
    found = _ask(repository, "PATCH", f"/{number}", {"state": "closed"})
    if found.state != "closed":
        raise _left_out("the closing", found.title)


def create(repository: Repository, title: str, due: date | None = None) -> int:
    """Create a milestone, due on the day `due`; gives its number."""
    sent = {"title": title} | ({"due_on": _moment(due)} if due else {})
    return _ask(repository, "POST", "", sent).number


def _moment(day: date) -> str:
    """The day as GitHub keeps it (`domain.releases.due_date` is the way back)."""
    return datetime.combine(day, time(), GITHUB_DUE_DATE_ZONE).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ask(repository: Repository, method: str, path: str, sent: Mapping[str, Any]) -> _Milestone:
    try:
        url = f"{repository.url}/milestones{path}"
        _, answer = repository.requester.requestJsonAndCheck(method, url, input=sent)
        return msgspec.convert(answer, _Milestone)
    except (msgspec.ValidationError, RuntimeError) as error:  # RuntimeError: PyGithub, of redirects to elsewhere
        raise ValueError(clean(str(error))) from None


def _left_out(what: str, title: str) -> Failure:
    sentence = f"GitHub left out {what} of the milestone {clean(title)}."
    return Failure(Problem("GitHub", Cause.PERMISSION, sentence, "The token may lack the right to set it."))


class _Milestone(msgspec.Struct):
    number: int
    title: str
    state: str
