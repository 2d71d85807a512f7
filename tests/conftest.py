"""What every test stands on: no network but loopback, nothing of the user's, a clock and a zone of its own."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_textual_snapshot
from hypothesis import settings
from textual.css.stylesheet import Stylesheet

from fleet_tui.config.schema import Config
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret, _values
from fleet_tui.simulator.certificates import make_certificate
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from tests import helpers
from tests.at_rest import wait_until_at_rest

TESTS = Path(__file__).resolve().parent

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


class Picture(pytest_textual_snapshot.SVGImageExtension):  # type: ignore[misc]
    """Keeps pictures as `tests/snapshots/<test file>/<test>.svg`."""

    file_extension = "svg"

    @classmethod
    def dirname(cls, *, test_location: Any) -> str:
        """The folder of one test file's pictures."""
        return str(TESTS / "snapshots" / Path(test_location.filepath).resolve().relative_to(TESTS).with_suffix(""))


pytest_textual_snapshot.SVGImageExtension = Picture


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the one certificate that is trusted, of nobody: to load those of the world takes 30 ms a client."""
    certificate, _ = make_certificate(tmp_path_factory.mktemp("trusted"), "nobody.invalid")
    return certificate


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where homes may be. `mktemp` looks through all that there are for each new one, and there come thousands."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path], trusted: Path) -> Path:
    """A home, and an environment, in which nothing is the user's. Gives the home."""
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name, folder in {
        "XDG_CONFIG_HOME": ".config",
        "XDG_STATE_HOME": ".local/state",
        "XDG_DATA_HOME": ".local/share",
        "XDG_CACHE_HOME": ".cache",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "BROWSER", "COLUMNS", "LINES", "GH_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setattr("fleet_tui.services.secret._values", set(_values))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    return home


class RealNetworkUsed(AssertionError):
    """A test wanted to leave this machine."""


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Sockets reach this machine and nothing else; other names are not even looked up."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _refuse_others(address[0])
        return original(self, address)

    return connect


def _guarded_lookup(original: Any) -> Any:
    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_others(host)
        return original(host, *arguments, **options)

    return getaddrinfo


def _refuse_others(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name not in {"localhost", "::1", "0.0.0.0"} and not name.startswith("127."):
        raise RealNetworkUsed(f"a test wanted to reach {name}")


@pytest.fixture
def clock() -> FixedClock:
    """The time in the simulated world and in the program: it stands still until it is moved on."""
    return FixedClock(helpers.NOW)


@pytest.fixture
def world(clock: FixedClock) -> World:
    """The people and the repository of `fleetdm/fleet`, with an open `main` and nothing else."""
    return helpers.small_world(clock)


@pytest.fixture
async def simulator(world: World) -> AsyncIterator[Simulator]:
    """The simulated services over real HTTP."""
    async with Simulator(world) as running:
        yield running


@pytest.fixture
def settings_there(simulator: Simulator) -> Config:
    """The default settings with the addresses of the simulator."""
    return helpers.config(addresses=helpers.addresses(simulator.url))


@pytest.fixture
async def http(clock: FixedClock) -> AsyncIterator[Http]:
    """The shared client."""
    client = Http(now=clock)
    yield client
    await client.aclose()


@pytest.fixture
def github(http: Http, settings_there: Config) -> GitHub:
    """Reads of the simulated repository."""
    service = github_service(settings_there, Secret(helpers.GITHUB_TOKEN))
    return GitHub(http, service, settings_there.team.repository)


_rules: dict[Any, Any] = {}


@pytest.fixture(autouse=True, scope="session")
def each_style_is_read_once() -> Iterator[None]:
    """Every app reads Textual's style sheets and ours anew, though they are the same: a fifth of its start."""
    read = Stylesheet._parse_rules

    def read_once(self: Stylesheet, *arguments: Any, **options: Any) -> Any:
        variables, frozen = vars(self).get("_frozen", (None, None))
        if variables is not self._variables:
            frozen = frozenset(self._variables.items())
            vars(self)["_frozen"] = (self._variables, frozen)
        key = (arguments, tuple(options.items()), frozen)
        if key not in _rules:
            _rules[key] = read(self, *arguments, **options)
        return _rules[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", read_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_pause_is_no_longer_than_work() -> Iterator[None]:
    """After a key Textual waits a fiftieth of a second twice, in a pause once, and up to a thirtieth for a frame."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.screen.UPDATE_PERIOD", 1 / 200)
        for module in ("app", "pilot"):
            patch.setattr(f"textual.{module}.wait_for_idle", wait_until_at_rest)
        yield


def pytest_xdist_auto_num_workers() -> int | None:
    """`-n auto`: one more than there are processors. A third of the time the tests wait for terminals and processes."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return (os.cpu_count() or 1) + 1


COLLECT_EVERY = 12
_ended = 0


def pytest_runtest_teardown() -> None:
    """Collect garbage between tests, and not during them.

    Each app that Textual has run stays in memory; looking through all of them again and again took half of the time.
    """
    global _ended
    _ended += 1
    if _ended % COLLECT_EVERY == 0:
        gc.collect()
        gc.freeze()


def pytest_sessionfinish() -> None:
    """Look for what nobody has closed once; pytest does it five times, each time through everything that there is."""
    gc.collect()
    gc.freeze()


def pytest_sessionstart() -> None:
    """No collection by itself from here on, and Ctrl+C as at a terminal.

    What a script starts in its background ignores Ctrl+C, and so would every program that a test starts.
    """
    gc.disable()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
