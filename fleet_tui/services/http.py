"""One shared asynchronous client for everything that is read over HTTP.

It keeps answers by their ETag, obeys and shows rate limits, sends a token to its own host only, and turns whatever
can go wrong on the way into a `Failure` with a sentence for people.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, TypeVar

import httpx
import msgspec
from msgspec import Struct

from fleet_tui import __version__
from fleet_tui.aside import look_up_names_aside
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services.cache import Cache, Cached, MemoryCache
from fleet_tui.services.http_problems import NO_SUCH_JSON, SHOWN_PATH, no_connection, refusal, unreadable, where
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import HIDDEN
from fleet_tui.services.trust import Trust

T = TypeVar("T")

CONNECT_SECONDS = 8.0
ANSWER_SECONDS = 25.0
CONNECTIONS = 20
"""At most, to one service. Each request looks at all that are idle; GitHub asks not to be asked much at once."""
LARGEST_BODY = 24 * 1024 * 1024
MOST_REDIRECTS = 3

purpose: ContextVar[str] = ContextVar("purpose", default="")
"""What the requests of this task are for: a feed's name, counted in `Http.spent`."""


class Limit(Struct, frozen=True):
    """How much of a source's allowance is left."""

    remaining: int
    total: int
    resets: datetime


class Answer(Struct, frozen=True):
    """A successful answer."""

    service: Service
    path: str
    body: bytes
    headers: Mapping[str, str]
    link: str
    fresh: bool
    """False when the other side said that nothing has changed (304)."""
    forget: Callable[[], None] = lambda: None
    """Has it read anew the next time, whatever its ETag says."""

    def decode(self, type_: type[T]) -> T:
        """The JSON body as `type_`. Raises `Failure` when it is no such thing."""
        try:
            return msgspec.json.decode(self.body, type=type_)
        except NO_SUCH_JSON as error:
            raise self.unreadable(f"{self.path}: {error}") from None

    def unreadable(self, detail: str) -> Failure:
        """The failure to make sense of it. One that came damaged is not kept, or "not modified" would keep it so."""
        self.forget()
        return unreadable(self.service, detail)

    @property
    def next_page(self) -> bool:
        """Whether the answer's `Link` header names a next page."""
        return 'rel="next"' in self.link


class Http:
    """The shared client. Close it with `aclose`."""

    def __init__(self, cache: Cache | None = None, *, now: Callable[[], datetime] | None = None) -> None:
        self._cache = cache or MemoryCache()
        self.now = now or (lambda: datetime.now(UTC))
        self._trust = Trust()
        self._clients: dict[str, httpx.AsyncClient] = {}
        """By service: the connections of one that hangs are all taken, and no other may have to wait for them."""
        self._is_closed = False
        self._asked: dict[str, asyncio.Future[Answer | None]] = {}
        """Reads on their way, by `cache_key`: whoever asks the same meanwhile waits for the same answer."""
        self.limits: dict[str, Limit] = {}
        """By service name and resource, e.g. `GitHub core`."""
        self.spent: Counter[str] = Counter()
        """Requests by purpose."""
        self.unchanged: Counter[str] = Counter()
        """Those of them answered "not modified", which cost nothing."""
        self.clock_skew: timedelta | None = None
        """How far this machine's clock is ahead of the last answer's `Date`."""

    async def aclose(self) -> None:
        """Close all connections, for good."""
        self._is_closed = True
        for client in tuple(self._clients.values()):
            await client.aclose()

    def _client(self, service: Service) -> httpx.AsyncClient:
        if self._is_closed:
            raise RuntimeError(f"{service.name} was to be asked after all connections had been closed")
        if service.name not in self._clients:
            self._clients[service.name] = httpx.AsyncClient(
                verify=self._trust.context,
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=CONNECTIONS),
                headers={"User-Agent": f"fleet-tui/{__version__}"},
            )
        return self._clients[service.name]

    def written(self) -> None:
        """Something was changed: whoever asks from now on is told of it, and waits for no answer of before.

        Safe to call from any thread.
        """
        self._asked.clear()

    async def get(
        self, service: Service, path: str, params: Mapping[str, str | int] | None = None, *, conditional: bool = True
    ) -> Answer:
        """Read `path` below the service's address; with `conditional`, ask only for what has changed.

        What is being asked already, since the last write, is not asked twice then. Raises `Failure`.
        """
        request = self._request(service, "GET", path, params=params)
        if not conditional:
            response, body = await self._send(service, request)
            self._raise_for(service, response, body)
            return Answer(service, path, body, response.headers, response.headers.get("link", ""), True)
        key = cache_key(service, request)
        if (asked := self._asked.get(key)) and (answer := await asyncio.shield(asked)):
            return answer
        with self._asking(key) as asked:
            answer = await self._changed(service, path, request, key)
            asked.set_result(answer)
        return answer

    @contextmanager
    def _asking(self, key: str) -> Iterator[asyncio.Future[Answer | None]]:
        """Others wait for the future: a failure is theirs as well; if we are stopped, they ask by themselves."""
        asked = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            yield asked
        except Failure as failure:
            asked.set_exception(failure)
            asked.exception()  # maybe nobody waits
            raise
        finally:
            if self._asked.get(key) is asked:
                self._asked.pop(key, None)
            if not asked.done():
                asked.set_result(None)

    async def _changed(self, service: Service, path: str, request: httpx.Request, key: str) -> Answer:
        """What is kept below `key` if the service says that it still holds, else what it sends."""
        forget = partial(self._cache.forget, key)
        kept = self._cache.cached(key)
        if kept:
            request.headers["If-None-Match"] = kept.etag
        response, body = await self._send(service, request)
        if response.status_code == httpx.codes.NOT_MODIFIED and kept:
            self.unchanged[purpose.get()] += 1
            link = response.headers.get("link", kept.link)
            return Answer(service, path, kept.body, response.headers, link, False, forget)
        self._raise_for(service, response, body)
        link = response.headers.get("link", "")
        if etag := response.headers.get("etag"):
            self._cache.keep(key, Cached(etag, body, link))
        return Answer(service, path, body, response.headers, link, True, forget)

    async def pages(
        self, service: Service, path: str, params: Mapping[str, str | int], type_: type[list[T]], *, most: int = 100
    ) -> AsyncIterator[list[T]]:
        """All pages of a list, 100 entries each.

        The page after a full one is always asked for: an unchanged first page carries the old `Link`.
        """
        for page in range(1, most + 1):
            answer = await self.get(service, path, {**params, "per_page": 100, "page": page})
            entries = answer.decode(type_)
            yield entries
            if len(entries) < 100 and not answer.next_page:
                return

    async def post(
        self, service: Service, path: str, *, json: Any = None, form: Mapping[str, str] | None = None
    ) -> Answer:
        """Send JSON or a form. Never repeated by itself. Raises `Failure`."""
        request = self._request(service, "POST", path, json=json, form=form)
        response, body = await self._send(service, request)
        self._raise_for(service, response, body)
        return Answer(service, path, body, response.headers, "", True)

    async def exchange(
        self, service: Service, method: str, path: str, content: str | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send what another library made, and give what comes back, a refusal as well. Raises `Failure`."""
        request = self._client(service).build_request(method, service.base + path, content=content, headers=headers)
        response, body = await self._send(service, request)
        return response.status_code, response.headers, body

    def _request(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        headers, query = dict(service.headers), dict(params or {})
        extensions: dict[str, Any] = {}
        if service.token and service.token_in == "path":
            path, extensions = service.token.reveal(), {SHOWN_PATH: f"/{HIDDEN}"}
        elif service.token and service.token_in == "authorization":
            headers["Authorization"] = f"Bearer {service.token.reveal()}"
        elif service.token:
            query[service.token_in] = service.token.reveal()
        return self._client(service).build_request(
            method,
            service.base.rstrip("/") + path,
            params=query or None,
            json=json,
            data=form,
            headers=headers,
            extensions=extensions,
        )

    async def _send(self, service: Service, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        self.spent[purpose.get()] += 1
        look_up_names_aside()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                response, body = await self._follow(service, request)
        except (TimeoutError, httpx.TimeoutException):
            sentence, remedy = f"{service.name} did not answer in time.", "Check the network, or wait: it may be busy."
            raise Failure(Problem(service.name, Cause.SLOW, sentence, remedy, where(request))) from None
        except (httpx.DecodingError, httpx.InvalidURL) as error:
            raise unreadable(service, f"{where(request)}: {type(error).__name__}") from None
        except httpx.TransportError as error:
            raise Failure(no_connection(service, request, error)) from None
        finally:
            if request.method != "GET":
                self.written()
        self._note(service, response)
        return response, body

    async def _follow(self, service: Service, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        if request.url.scheme == "https":
            await self._trust.load()
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._client(service).send(request, stream=True)
            try:
                body = await _read(service, response)
            finally:
                await response.aclose()
            if not response.has_redirect_location or request.method != "GET":
                return response, body
            target = request.url.join(response.headers["location"])
            if (target.scheme, target.host, target.port) != (request.url.scheme, request.url.host, request.url.port):
                raise unreadable(service, f"{where(request)}: redirect to another host, not followed")
            request = self._client(service).build_request(
                request.method, target, headers=request.headers, extensions=request.extensions
            )
        raise unreadable(service, f"{where(request)}: redirected in circles")

    def _note(self, service: Service, response: httpx.Response) -> None:
        headers = response.headers
        if (date := headers.get("date")) and (moment := _moment(date)):
            self.clock_skew = self.now() - moment
        try:
            remaining, total = int(headers["x-ratelimit-remaining"]), int(headers["x-ratelimit-limit"])
            resets = datetime.fromtimestamp(int(headers["x-ratelimit-reset"]), UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            return  # most services tell no limit
        resource = headers.get("x-ratelimit-resource", "core")
        name, limit = f"{service.name} {resource}", Limit(remaining, total, resets)
        known = self.limits.get(name)
        if known and known.resets == resets and known.remaining < remaining:
            return  # answers overtake each other, and within its hour an allowance only shrinks
        self.limits[name] = limit

    def _raise_for(self, service: Service, response: httpx.Response, body: bytes) -> None:
        if not response.is_success:
            raise Failure(refusal(service, response, body, self.now()))


async def _read(service: Service, response: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise unreadable(service, f"{where(response.request)}: more than {LARGEST_BODY >> 20} MB")
        chunks.append(chunk)
    return b"".join(chunks)


def cache_key(service: Service, request: httpx.Request) -> str:
    """The key of an answer: GitHub's ETags depend on the token, the version and what is accepted."""
    token = service.token.fingerprint if service.token else ""
    url = service.base if service.token_in == "path" else request.url.copy_remove_param(service.token_in)
    return "\n".join((token, request.headers.get("x-github-api-version", ""), request.headers["accept"], str(url)))


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
