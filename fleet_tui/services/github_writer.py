"""All writes to GitHub: PyGithub in one thread, one after another, at least a second apart, never repeated by itself.

PyGithub is not safe across threads and loads slowly, so it is imported by the writer's thread at its first write.
"""

from __future__ import annotations

import asyncio
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.services import github_wire
from fleet_tui.services.github_body import Changed, change_body
from fleet_tui.services.github_wire import Unanswered
from fleet_tui.services.http_problems import LOOK
from fleet_tui.services.secret import Secret, renewal, the_token

if TYPE_CHECKING:
    from github import GithubException
    from github.Repository import Repository

T = TypeVar("T")

on_github = partial(Problem, "GitHub")
"""A problem with GitHub: cause, sentence, remedy, detail."""


class CreatedIssue(Struct, frozen=True):
    """An issue that was created."""

    number: int
    url: str
    dropped: tuple[str, ...] = ()
    """Labels and assignees that GitHub left out: the token may not set them, or they do not exist."""

    @property
    def dropped_words(self) -> str:
        """` (without …)`; empty when nothing was left out."""
        return f" (GitHub left out {', '.join(clean(one) for one in self.dropped)})" if self.dropped else ""


class GitHubWriter:
    """Writes to one repository. The thread ends with the program, also when a write hangs."""

    def __init__(
        self,
        base: str,
        token: Secret | None,
        repository: str,
        *,
        pause: float = 1.0,
        written: Callable[[], None] = lambda: None,
    ) -> None:
        """`written` is called in the writer's thread when a write has ended, however, before its result is known."""
        self._base = base.rstrip("/")
        self._token = token
        self._name = repository
        self._pause = pause
        self._written = written
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._repository: Repository | None = None
        self._wrote_at = -math.inf

    async def comment(self, number: int, text: str) -> str:
        """Comment on an issue or pull request; returns the comment's address. Raises `Failure`."""
        address = await self.do(lambda repository: repository.get_issue(number).create_comment(text).html_url)
        if not address:  # PyGithub takes a redirect, or an answer that is not JSON, for a comment without anything
            raise Failure(unclear("an answer without the comment's address"))
        return address

    async def change_body(self, number: int, change: Callable[[str], str]) -> Changed:
        """Write what `change` makes of an issue's newest text; `change` is called in the writer's thread.

        GitHub has no lock: the time between reading and writing is kept short, but what others write in it is lost,
        and theirs may overwrite this. Look for that afterwards. Raises `Failure`.
        """

        def write(repository: Repository) -> Changed:
            self._rest()
            return change_body(repository, number, change)

        return await self.do(write)

    def _rest(self) -> None:
        """Wait out the pause before reading: PyGithub would wait it out between reading and writing."""
        time.sleep(max(0.0, self._wrote_at + self._pause - time.monotonic()))

    async def create_issue(
        self, title: str, body: str, labels: Collection[str], assignees: Collection[str]
    ) -> CreatedIssue:
        """Create an issue. Raises `Failure`; what the token may not set is dropped by GitHub and told in the result."""

        def create(repository: Repository) -> CreatedIssue:
            made = repository.create_issue(title=title, body=body, labels=list(labels), assignees=list(assignees))
            if not made.number:
                raise Failure(unclear("an answer without the issue's number"))
            kept = {label.name for label in made.labels} | {user.login.casefold() for user in made.assignees}
            wanted = [*labels, *(login for login in assignees if login.casefold() not in kept)]
            return CreatedIssue(made.number, made.html_url, tuple(one for one in wanted if one not in kept))

        return await self.do(create)

    async def do(self, write: Callable[[Repository], T]) -> T:
        """What `write` gives, called in the writer's thread when its turn comes. Raises `Failure`."""
        done: Future[T] = Future()

        def job() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(self._write(write))
            except Exception as error:  # noqa: BLE001 carried to the caller, whatever it is
                done.set_exception(error)

        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="github-writer", daemon=True)
            self._thread.start()
        self._jobs.put(job)
        try:
            return await asyncio.wrap_future(done)
        except Exception as error:  # noqa: BLE001 what is not known is raised again
            raise Failure(problem_of(error, self._token)) from None

    def _write(self, write: Callable[[Repository], T]) -> T:
        try:
            return write(self._connected())
        finally:
            self._wrote_at = time.monotonic()
            self._written()

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def _connected(self) -> Repository:
        if self._token is None:
            raise Failure(on_github(Cause.TOKEN, "There is no GitHub token.", renewal("github", None, "Set it")))
        if self._repository is None:
            import github

            logging.getLogger("github").handlers.clear()  # it writes to the terminal
            client = github_wire.client(
                auth=github.Auth.Token(self._token.reveal()),
                base_url=self._base,
                lazy=True,
                seconds_between_requests=0,
                seconds_between_writes=self._pause,
            )
            self._repository = client.get_repo(self._name)
        return self._repository


def unclear(detail: str) -> Problem:
    """A problem with an answer that does not tell whether the write was done."""
    return on_github(Cause.UNREADABLE, "GitHub sent an answer that makes no sense.", LOOK, detail)


def problem_of(error: Exception, token: Secret | None = None) -> Problem:
    """What PyGithub, or the way to GitHub below it, meant; `token` is what was sent."""
    import github

    detail = clean(f"{type(error).__name__}: {error}")
    match error:
        case Failure() | Unanswered():
            return error.problem
        case github.GithubException():
            return _refusal(error, detail, token)
        case github.BadAttributeException() | ValueError() | TypeError():  # it could not make sense of the answer
            return unclear(detail)
    raise error


def _refusal(error: GithubException, detail: str, token: Secret | None) -> Problem:
    import github

    status = error.status
    if isinstance(error, github.RateLimitExceededException) or status == 429:
        sentence = "GitHub has had too many requests from this token."
        return on_github(Cause.LIMITED, sentence, "Try again in a few minutes.", detail)
    if status == 401:
        remedy = renewal("github", token)
        return on_github(Cause.TOKEN, "GitHub does not accept the token.", remedy, detail)
    if status == 403:
        needed = clean((error.headers or {}).get("x-accepted-github-permissions") or "")
        remedy = f"It needs: {needed}." if needed else "Ask an administrator for the permission."
        return on_github(Cause.PERMISSION, f"{the_token('GitHub', token)} may not do this.", remedy, detail)
    if status in {404, 410}:
        remedy = "It may have been deleted or moved, or the token may not see it."
        return on_github(Cause.MISSING, "GitHub does not know it (any more).", remedy, detail)
    if status >= 500:
        return on_github(Cause.SERVER, f"GitHub has a fault of its own ({status}).", LOOK, detail)
    said = clean(str(error.data.get("message") or "")) if isinstance(error.data, dict) else ""
    return on_github(Cause.REFUSED, f"GitHub refused: {said.rstrip('.') or status}.", "", detail)
