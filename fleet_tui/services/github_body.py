"""Changing the text of an issue although GitHub has no lock: read it anew, change it, write it at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean

if TYPE_CHECKING:
    from github.Repository import Repository

LONGEST_BODY = 65_536
"""GitHub's limit for the text of an issue, in characters."""


class Changed(Struct, frozen=True):
    """A text that was changed, or needed no change."""

    before: str
    """As it was read, just before it was written."""
    after: str
    updated_at: datetime
    closed: bool = False
    """Whether the issue is closed: it takes changes all the same."""


class _Issue(msgspec.Struct):
    number: int
    updated_at: datetime
    repository_url: str
    state: str = "open"
    locked: bool = False
    body: str | None = None

    def changed(self, before: str) -> Changed:
        return Changed(before, self.body or "", self.updated_at, self.state == "closed")


def change_body(repository: Repository, number: int, change: Callable[[str], str]) -> Changed:
    """Write what `change` makes of the text of an issue. Blocks; one request when nothing changes, else two.

    The write is never repeated. When its answer is lost, the text is read once more: if it is as it was to be, all is
    well, else the error is raised. Raises `Failure`, and what PyGithub and `requests` raise.
    """
    url = f"{repository.url}/issues/{number}"
    issue = _read(repository, url, number)
    before = issue.body or ""
    after = change(before)
    if after == before:
        return issue.changed(before)
    if len(after) > LONGEST_BODY:
        raise Failure(_too_long(number, len(after)))
    try:
        return _ask(repository, "PATCH", url, {"body": after}).changed(before)
    except Exception as error:
        if _is_refusal(error):
            _look_closer(error, number, locked=issue.locked)
            raise
        with contextlib.suppress(Exception):  # the first error tells more
            now = _read(repository, url, number)
            if (now.body or "") == after:
                return now.changed(before)
        raise


def _read(repository: Repository, url: str, number: int) -> _Issue:
    try:
        issue = _ask(repository, "GET", url)
    except Exception as error:
        _look_closer(error, number)
        raise
    place = issue.repository_url.rpartition("/repos/")[2]
    if (f"/repos/{place}/issues/{issue.number}").casefold() != url.casefold():
        raise Failure(moved(number, f"{place}#{issue.number}"))
    return issue


def _ask(repository: Repository, method: str, url: str, sent: dict[str, str] | None = None) -> _Issue:
    try:
        _, answer = repository.requester.requestJsonAndCheck(method, url, input=sent)
        return msgspec.convert(answer, _Issue)
    except (msgspec.ValidationError, RuntimeError) as error:  # RuntimeError: PyGithub, of redirects to elsewhere
        raise ValueError(clean(str(error))) from None


def _is_refusal(error: Exception) -> bool:
    """Whether GitHub said no, so that nothing was written."""
    import github

    return isinstance(error, github.GithubException) and 400 <= error.status < 500


def _look_closer(error: Exception, number: int, *, locked: bool = False) -> None:
    """Raise `Failure` for an error that means something special for the text of an issue."""
    import github

    if isinstance(error, github.GithubException) and not isinstance(error, github.RateLimitExceededException):
        detail = clean(f"{type(error).__name__}: {error}")
        if error.status == 410:
            raise Failure(deleted(number, detail)) from None
        if error.status == 404:
            raise Failure(unknown(number, detail)) from None
        if error.status == 403 and locked:
            raise Failure(_locked(number, detail)) from None


def deleted(number: int, detail: str) -> Problem:
    """The issue is gone for good."""
    return _problem(Cause.MISSING, f"Issue #{number} was deleted.", "", detail)


def unknown(number: int, detail: str) -> Problem:
    """The issue is not there, as far as the token shows."""
    return _problem(Cause.MISSING, f"GitHub does not know issue #{number}.", "The token may not see it.", detail)


def moved(number: int, place: str) -> Problem:
    """The issue, or the whole repository, is at `place` now."""
    sentence = f"Issue #{number} was moved: it is {clean(place)} now."
    return _problem(Cause.MISSING, sentence, "Work on it there, or move it back.", "")


def _locked(number: int, detail: str) -> Problem:
    sentence = f"Issue #{number} is locked: only people with write access to the repository may change it."
    return _problem(Cause.PERMISSION, sentence, "Have it unlocked.", detail)


def _too_long(number: int, length: int) -> Problem:
    sentence = f"The text of issue #{number} would be {length:,} characters long; GitHub takes {LONGEST_BODY:,}."
    return _problem(Cause.REFUSED, sentence, "Shorten the notes in it.", "")


_problem = partial(Problem, "GitHub")
