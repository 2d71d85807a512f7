"""Labels, people, state and milestone of an issue, changed one by one: another person's change is never replaced.

Each function sends one request, by PyGithub and in the writer's thread (`GitHubWriter.do`). It raises `Failure` when
GitHub silently left out what the token may not set, and what PyGithub and `requests` raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote

import msgspec

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.services.github_pull_shapes import Author, NamePart

if TYPE_CHECKING:
    from github.Repository import Repository

T = TypeVar("T")
Reason = Literal["completed", "not_planned"]
"""Why an issue is closed, in GitHub's words."""


def add_label(repository: Repository, number: int, name: str) -> frozenset[str]:
    """Add a label; gives all labels of the issue."""
    labels = _labels(_ask(repository, "POST", f"{number}/labels", list[NamePart], {"labels": [name]}))
    if not _is_among(name, labels):
        raise Failure(_left_out(number, f"the label {name}"))
    return labels


def remove_label(repository: Repository, number: int, name: str) -> frozenset[str]:
    """Remove a label; gives the others. One that somebody else has removed already is removed."""
    import github

    try:
        labels = _labels(_ask(repository, "DELETE", f"{number}/labels/{quote(name, safe='')}", list[NamePart]))
    except github.GithubException as error:
        if error.status != 404:
            raise
        # The label is not there, or the issue is not: then this is refused as well.
        labels = _labels(_ask(repository, "GET", f"{number}/labels?per_page=100", list[NamePart]))
    if _is_among(name, labels):
        raise Failure(_left_out(number, f"the removal of {name}"))
    return labels


def assign(repository: Repository, number: int, login: str) -> frozenset[str]:
    """Assign somebody beside those who are; gives all."""
    assignees = _assignees(repository, "POST", number, login)
    if not _is_among(login, assignees):
        raise Failure(_left_out(number, f"{login} as assignee"))
    return assignees


def unassign(repository: Repository, number: int, login: str) -> frozenset[str]:
    """Take somebody off; gives the others."""
    assignees = _assignees(repository, "DELETE", number, login)
    if _is_among(login, assignees):
        raise Failure(_left_out(number, f"the removal of {login}"))
    return assignees


def close(repository: Repository, number: int, reason: Reason) -> None:
    """Close the issue."""
    issue = _ask(repository, "PATCH", str(number), _Issue, {"state": "closed", "state_reason": reason})
    if issue.state != "closed":
        raise Failure(_left_out(number, "the closing"))


def reopen(repository: Repository, number: int) -> None:
    """Open the issue again."""
    if _ask(repository, "PATCH", str(number), _Issue, {"state": "open"}).state != "open":
        raise Failure(_left_out(number, "the opening"))


def set_milestone(repository: Repository, number: int, milestone: int | None) -> None:
    """Put the issue into the milestone of this number, or out of any."""
    found = _ask(repository, "PATCH", str(number), _Issue, {"milestone": milestone}).milestone
    if (found.number if found else None) != milestone:
        raise Failure(_left_out(number, "the milestone"))


def _ask(repository: Repository, method: str, path: str, type_: type[T], sent: Mapping[str, Any] | None = None) -> T:
    try:
        url = f"{repository.url}/issues/{path}"
        _, answer = repository.requester.requestJsonAndCheck(method, url, input=sent)
        return msgspec.convert(answer, type_)
    except (msgspec.ValidationError, RuntimeError) as error:  # RuntimeError: PyGithub, of redirects to elsewhere
        raise ValueError(clean(str(error))) from None


def _assignees(repository: Repository, method: str, number: int, login: str) -> frozenset[str]:
    issue = _ask(repository, method, f"{number}/assignees", _Issue, {"assignees": [login]})
    return frozenset(one.login for one in issue.assignees)


def _labels(labels: list[NamePart]) -> frozenset[str]:
    return frozenset(label.name for label in labels)


def _is_among(name: str, names: frozenset[str]) -> bool:
    """GitHub takes capitals of labels and logins for the same."""
    return name.casefold() in {one.casefold() for one in names}


def _left_out(number: int, what: str) -> Problem:
    sentence = f"GitHub left out {clean(what)} at #{number}."
    return _problem(Cause.PERMISSION, sentence, "The token may lack the right to set it, or it does not exist.")


_problem = partial(Problem, "GitHub")


class _Milestone(msgspec.Struct):
    number: int


class _Issue(msgspec.Struct):
    number: int
    state: str
    assignees: tuple[Author, ...] = ()
    milestone: _Milestone | None = None
