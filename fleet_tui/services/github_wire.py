"""What PyGithub sends by: our own client. `requests` bounds neither how long an answer takes nor how big it gets.

A server that answers a byte at a time, or without end, would hold the writer's thread, and with it all later writes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import ItemsView, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.domain.problem import Failure, Problem
from fleet_tui.services.http import MOST_REDIRECTS, Http
from fleet_tui.services.http_problems import LOOK, unreadable
from fleet_tui.services.http_service import Service

if TYPE_CHECKING:
    from github import Github

_injecting = threading.Lock()


class Unanswered(Exception):
    """No answer that PyGithub could be given. Unlike a `Failure` it leaves room to look whether the write arrived."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Reply(Struct, frozen=True):
    """An answer as PyGithub takes it."""

    status: int
    headers: Mapping[str, str]
    body: str

    def getheaders(self) -> ItemsView[str, str]:
        """All headers."""
        return self.headers.items()

    def read(self) -> str:
        """The body."""
        return self.body


class Wire:
    """What PyGithub takes for its connection, in the writer's thread: a loop of its own, and `Http` in it.

    Whatever PyGithub was told about repeating a request: each is sent once.
    """

    protocol: ClassVar[str]

    def __init__(self, host: str, port: int | None = None, **_: object) -> None:
        self.host = host
        """PyGithub compares it."""
        self._service = Service("GitHub", f"{self.protocol}://{host}{f':{port}' if port else ''}")
        self._runner = asyncio.Runner()
        self._http = Http()
        self._request: tuple[str, str, str | None, dict[str, str]] = ("GET", "/", None, {})
        self._redirects = 0

    def request(self, verb: str, url: str, input: str | None, headers: dict[str, str], stream: bool = False) -> None:
        """What to send next."""
        self._request = verb, url, input, headers

    def getresponse(self) -> Reply:
        """Send it, once. Raises `Unanswered`, at the latest after the time that a read has."""
        verb, url, content, headers = self._request
        try:
            asked = self._http.exchange(self._service, verb, url, content, headers)
            status, answered, body = self._runner.run(asked)
            self._judge(verb, url, status, answered.get("location", ""))
        except Failure as failure:
            never_sent = isinstance(failure.__context__, httpx.ConnectError | httpx.ConnectTimeout)
            remedy = failure.problem.remedy if never_sent else LOOK
            raise Unanswered(replace(failure.problem, remedy=remedy)) from None
        return Reply(status, answered, body.decode(errors="replace"))

    def _judge(self, verb: str, url: str, status: int, location: str) -> None:
        """PyGithub follows a 301 as often as one comes, fails at one that leads away, repeats after 202 for ever."""
        moved = status == httpx.codes.MOVED_PERMANENTLY
        self._redirects = self._redirects + 1 if moved else 0
        target = urlsplit(location)
        away = moved and ((target.scheme, target.hostname) != (self.protocol, self.host) or target.path == url)
        if away or self._redirects > MOST_REDIRECTS or (verb == "GET" and status == httpx.codes.ACCEPTED):
            self._redirects = 0
            raise unreadable(self._service, f"{verb} {url}: {status}")

    def close(self) -> None:
        """Say goodbye to the server."""
        self._runner.run(self._http.aclose())
        self._runner.close()


class _Plain(Wire):
    protocol = "http"


class _Secure(Wire):
    protocol = "https"


def client(**options: Any) -> Github:
    """PyGithub that sends by `Wire`."""
    from github import Github
    from github.Requester import Requester

    with _injecting:  # into the class; each object takes what it finds there
        Requester.injectConnectionClasses(_Plain, _Secure)  # type: ignore[arg-type]
        try:
            return Github(**options)
        finally:
            Requester.resetConnectionClasses()
