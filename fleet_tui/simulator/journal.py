"""What was asked of the simulator, for tests and benchmarks."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

KEPT = 50_000


@dataclass(slots=True)
class Entry:
    """One request. Credentials are not kept, only whether there were any."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    authorized: bool
    body: str = ""
    status: int | None = None
    """None while it is under way, or when the connection ended before an answer."""
    fault: str | None = None


@dataclass
class Journal:
    """The last requests, in order; control requests are left out."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def clear(self) -> None:
        """Forget all."""
        self.entries.clear()

    def select(self, service: str | None = None, method: str | None = None, path: str | None = None) -> list[Entry]:
        """The requests to a service, with a method, whose path holds `path`."""
        return [
            entry
            for entry in self.entries
            if service in (None, entry.service)
            and method in (None, entry.method)
            and (path is None or path in entry.path)
        ]

    def counts(self) -> dict[str, object]:
        """How many requests in all, by service, method and path, by status; and how many 304."""
        paths = Counter(f"{entry.service} {entry.method} {entry.path}" for entry in self.entries)
        statuses = Counter(str(entry.status) for entry in self.entries)
        return {
            "total": len(self.entries),
            "by_path": dict(paths),
            "by_status": dict(statuses),
            "not_modified": statuses["304"],
        }

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write down every request to a service."""
        service, path = split(request)
        if service == "control":
            return await handler(request)
        query = dict(request.query)
        authorized = "Authorization" in request.headers or query.pop("access_token", None) is not None
        entry = Entry(service, request.method, path, query, authorized)
        self.entries.append(entry)
        request[ENTRY] = entry
        if request.method in {"POST", "PUT", "PATCH"}:
            entry.body = await request.text()
        response = await handler(request)
        entry.status = response.status
        return response


ENTRY = web.RequestKey("journal_entry", Entry)
"""Where a request's entry is kept while it is answered."""


def split(request: web.Request) -> tuple[str, str]:
    """The service that a request is for, and the path within it."""
    service, _, path = request.path.lstrip("/").partition("/")
    return service, f"/{path}"
