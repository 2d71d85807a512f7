"""Builders of what the tests speak of: settings, pull requests, moments, a small world."""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.pulls import LinkedIssue, PullRequest, Remark
from fleet_tui.simulator.world import FixedClock, Token, World

T = TypeVar("T")

NOW = datetime(2025, 6, 5, 15, 0, tzinfo=UTC)
"""A Thursday morning in San Francisco."""
# Not secrets: they open nothing but the simulated services of a test. No other text holds these words.
GITHUB_TOKEN = "planted-token-of-github"
MERGE_FREEZE_TOKEN = "planted-token-of-merge-freeze"
PEOPLE = ("mna", "getvictor", "lukeheath", "georgekarrv", "sabrinabuckets", "sharon-fdm", "xpkoala", "noahtalerman")


def config(**sections: Mapping[str, Any]) -> Config:
    """The default settings, but for some: `config(freeze={"deep_hours": 12})`."""
    base = Config()
    changed = {name: replace(getattr(base, name), **fields) for name, fields in sections.items()}
    return replace(base, **changed)


def addresses(url: str) -> dict[str, str]:
    """The section `addresses` for a simulator at `url`."""
    return {
        "github": f"{url}/github",
        "merge_freeze": f"{url}/mergefreeze/api",
        "zenhub": f"{url}/zenhub/public/graphql",
        "public_github": f"{url}/github",
        "go_downloads": f"{url}/go",
        "docker_hub": f"{url}/dockerhub",
        "cisa": f"{url}/cisa",
        "slack": f"{url}/slack/api",
        "fleet": f"{url}/fleet",
    }


def as_toml(url: str) -> str:
    """The same section, as a file has it."""
    return "[addresses]\n" + "".join(f'{name} = "{address}"\n' for name, address in addresses(url).items())


def moment(text: str) -> datetime:
    """A moment in UTC: `moment("2025-06-05 15:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ago(**span: float) -> datetime:
    """So long before `NOW`: `ago(hours=3)`."""
    return NOW - timedelta(**span)


def pull(number: int = 100, **fields: Any) -> PullRequest:
    """A pull request that nothing is known of but its number, and what is given. Labels and paths may be any lists."""
    for name in ("labels",):
        fields[name] = frozenset(fields.get(name, ()))
    for name in ("paths", "issues", "remarks"):
        fields[name] = tuple(fields.get(name, ()))
    given: dict[str, Any] = {
        "number": number,
        "title": f"Change {number}",
        "author": "getvictor",
        "url": f"https://github.com/fleetdm/fleet/pull/{number}",
        "head": f"{number:040x}",
        "created": ago(days=3),
        "updated": ago(hours=1),
    }
    return PullRequest(**given | fields)


def issue(number: int, *labels: str, closing: bool = True) -> LinkedIssue:
    """An issue that a pull request closes, or only mentions."""
    return LinkedIssue(number, frozenset(labels), closing)


def said(author: str, text: str) -> Remark:
    """A comment."""
    return Remark(author, text, ago(hours=2))


def approved(author: str, text: str = "") -> Remark:
    """An approving review that stands."""
    return Remark(author, text, ago(hours=2), approves=True)


def branch(*, frozen: bool, **fields: Any) -> BranchState:
    """What Merge Freeze says of `main`."""
    return BranchState("main", frozen, **fields)


def entry(title: str = "Unfreeze #7") -> Entry:
    """A write that starts, for the journal."""
    return Entry(
        0, NOW, "mna", "freeze.unfreeze", title, "fleetdm/fleet#7", "blocked", "", Outcome.STARTED, "the rule", "https://x"
    )  # fmt: skip


def small_world(clock: FixedClock) -> World:
    """The people and the repository of `fleetdm/fleet`, with an open `main` and nothing else.

    `GITHUB_TOKEN` belongs to `mna`.
    """
    world = World(clock)
    for login in PEOPLE:
        world.add_user(login)
    world.add_user("outsider", member=False)
    world.add_repo("fleetdm/fleet")
    world.merge_freeze.protect("fleetdm/fleet")
    world.tokens[GITHUB_TOKEN] = Token("mna")
    world.merge_freeze.token = MERGE_FREEZE_TOKEN
    return world


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another task, or another program, does."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 there is nothing to be woken by
            await asyncio.sleep(0.002)


Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(respond: Respond) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """A web server of one function, for answers that no sane service gives: its address and what it was asked."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            respond(self)

        do_POST = do_PUT = do_GET

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}", asked
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def answer(body: bytes = b"{}", status: int = 200, headers: Mapping[str, str] | None = None) -> Respond:
    """Always the same answer."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)  # without headers of its own
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time: when all wait, its clock leaps to the next timer."""

    def __init__(self) -> None:
        self._seconds = 0.0
        super().__init__(_Leaping(self._leap))

    def time(self) -> float:
        """Seconds since the loop was made, as those who wait see them."""
        return self._seconds

    def _leap(self, seconds: float) -> None:
        self._seconds += seconds


class _Leaping(selectors.DefaultSelector):
    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("everybody waits for something that nobody will do")
        if not ready and timeout:
            self._leap(timeout)
        return ready


def leap(scenario: Coroutine[Any, Any, T]) -> T:
    """Run `scenario` to its end without waiting for anything. No threads and no sockets in it."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(scenario)
