"""All writes to GitHub: PyGithub in one thread, one after another, at least a second apart, never repeated by itself.

PyGithub is not safe across threads and loads slowly, so it is imported by the writer's thread at its first write.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services.http import ANSWER_SECONDS
from fleet_tui.services.secret import Secret

if TYPE_CHECKING:
    from github.Repository import Repository

T = TypeVar("T")


class GitHubWriter:
    """Writes to one repository. The thread ends with the program, also when a write hangs."""

    def __init__(self, base: str, token: Secret | None, repository: str, *, pause: float = 1.0) -> None:
        self._base = base.rstrip("/")
        self._token = token
        self._name = repository
        self._pause = pause
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._repository: Repository | None = None

    async def comment(self, number: int, text: str) -> str:
        """Comment on an issue or pull request; returns the comment's address. Raises `Failure`."""
        return await self._do(lambda repository: repository.get_issue(number).create_comment(text).html_url)

    async def _do(self, write: Callable[[Repository], T]) -> T:
        done: Future[T] = Future()

        def job() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(write(self._connected()))
            except Exception as error:  # noqa: BLE001 carried to the caller, whatever it is
                done.set_exception(error)

        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="github-writer", daemon=True)
            self._thread.start()
        self._jobs.put(job)
        try:
            return await asyncio.wrap_future(done)
        except Exception as error:  # noqa: BLE001 what is not known is raised again
            raise Failure(problem_of(error)) from None

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def _connected(self) -> Repository:
        if self._token is None:
            raise Failure(Problem("GitHub", Cause.TOKEN, "There is no GitHub token.", "fleet-tui auth set github"))
        if self._repository is None:
            import github

            logging.getLogger("github").handlers.clear()  # it writes to the terminal
            client = github.Github(
                auth=github.Auth.Token(self._token.reveal()),
                base_url=self._base,
                timeout=int(ANSWER_SECONDS),
                retry=None,
                lazy=True,
                seconds_between_requests=0,
                seconds_between_writes=self._pause,
            )
            self._repository = client.get_repo(self._name)
        return self._repository


def problem_of(error: Exception) -> Problem:
    """What PyGithub, or `requests` below it, meant."""
    import github
    import requests

    detail = f"{type(error).__name__}: {error}"[:500]
    match error:
        case Failure():
            return error.problem
        case github.BadCredentialsException():
            return Problem("GitHub", Cause.TOKEN, "GitHub does not accept the token.",
                           "Set a new one: fleet-tui auth set github", detail)  # fmt: skip
        case github.UnknownObjectException():
            return Problem("GitHub", Cause.MISSING, "GitHub does not know it (any more).",
                           "It may have been deleted or moved, or the token may not see it.", detail)  # fmt: skip
        case github.RateLimitExceededException():
            return Problem("GitHub", Cause.LIMITED, "GitHub has had too many requests from this token.",
                           "Try again in a few minutes.", detail)  # fmt: skip
        case github.GithubException() if error.status == 429:
            return Problem("GitHub", Cause.LIMITED, "GitHub has had too many requests from this token.",
                           "Try again in a few minutes.", detail)  # fmt: skip
        case github.GithubException() if error.status == 403:
            needed = (error.headers or {}).get("x-accepted-github-permissions", "")
            remedy = f"It needs: {needed}." if needed else "Ask an administrator for the permission."
            return Problem("GitHub", Cause.PERMISSION, "The GitHub token may not do this.", remedy, detail)
        case github.GithubException() if error.status >= 500:
            sentence = f"GitHub has a fault of its own ({error.status})."
            return Problem("GitHub", Cause.SERVER, sentence, "Look whether it was done before doing it again.", detail)
        case github.GithubException():
            said = error.data.get("message", "") if isinstance(error.data, dict) else ""
            return Problem("GitHub", Cause.REFUSED, f"GitHub refused: {said or error.status}.", "", detail)
        case requests.Timeout():
            return Problem("GitHub", Cause.SLOW, "GitHub did not answer in time.",
                           "Look whether it was done before doing it again.", detail)  # fmt: skip
        case requests.RequestException():
            return Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.", "Check the network or the VPN.",
                           detail)  # fmt: skip
    raise error
