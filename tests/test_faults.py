"""Every service, every fault, at every moment: a sentence and a remedy, nothing lost, nothing doubled, and back by itself.

What each fault is called is tested in `test_http.py`; here is what the feeds and the writes of the whole program make
of it. A feed that is added is covered without a line here: which feeds ask which service is seen from their requests.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.config.schema import Addresses, Config
from fleet_tui.domain.certificates import Unreadable
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import Feed, Reading
from fleet_tui.services import github_writer as writer_module
from fleet_tui.services import http as http_module
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.slack_groups import UserGroups, slack_service
from fleet_tui.services.store import Store
from fleet_tui.simulator.faults import KINDS
from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.seed.certificates import hold_certificates
from fleet_tui.simulator.seed.rosters import keep_rosters
from fleet_tui.simulator.seed.upstream import publish_upstream
from fleet_tui.simulator.server import SERVICES, Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.wiring import Backend
from tests.helpers import NOW, until

NAMES = {
    "github": ("GitHub",),
    "mergefreeze": ("Merge Freeze",),
    "zenhub": ("ZenHub",),
    "fleet": ("Fleet",),
    "calendar": ("The calendar",),
    "go": ("Go", "go.dev"),
    "dockerhub": ("Docker Hub",),
    "cisa": ("CISA",),
    "slack": ("Slack",),
}
"""What the simulator's services are called in sentences."""
READ = tuple(name for name in SERVICES if name != "slack")
"""Nothing is read from Slack but for a write."""


@dataclass(frozen=True)
class Spoilt:
    """A fault, and the causes that may be said of it; none: it does no harm to some or all feeds."""

    kind: str
    causes: frozenset[Cause]
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    harmless: bool = False


def spoilt(kind: str, *causes: Cause, harmless: bool = False, name: str = "", **options: Any) -> Any:
    return pytest.param(Spoilt(kind, frozenset(causes), options, harmless), id=name or kind)


GONE = {Cause.TOKEN, Cause.PERMISSION, Cause.MISSING, Cause.REFUSED}
"""How a refused token is told: a calendar's address is its token, and CISA wants none."""
FAULTS = [
    spoilt("status", Cause.SERVER, name="500"),
    spoilt("status", Cause.SERVER, status=502, name="502"),
    spoilt("status", Cause.SERVER, status=503, name="503"),
    spoilt("hang", Cause.SLOW),
    spoilt("slow", Cause.SLOW, seconds=30.0, harmless=True),  # a 304 has nothing to be slow with
    spoilt("cut", Cause.OFFLINE, Cause.UNREADABLE, harmless=True),  # likewise
    spoilt("drop", Cause.OFFLINE),
    spoilt("not_json", Cause.UNREADABLE),
    spoilt("wrong_shape", Cause.UNREADABLE),
    spoilt("bare", Cause.UNREADABLE, Cause.MISSING, harmless=True),  # fields may be missed by nobody
    spoilt("empty", Cause.UNREADABLE),
    spoilt("huge", Cause.UNREADABLE),
    spoilt("unauthorized", *GONE),
    spoilt("forbidden", *GONE),
    spoilt("primary_limit", Cause.LIMITED),
    spoilt("secondary_limit", Cause.LIMITED, name="429"),
    spoilt("secondary_limit", Cause.LIMITED, retry_after=77, name="429-retry-after"),
    spoilt("forbidden_limit", Cause.LIMITED, name="403-limit"),
    spoilt("forbidden_limit", Cause.LIMITED, retry_after=77, name="403-limit-retry-after"),
    spoilt("redirect_loop", Cause.UNREADABLE),
    spoilt("redirect_away", Cause.UNREADABLE),
    spoilt("skewed", harmless=True, seconds=9 * 3600.0),
]


def test_every_fault_of_the_simulator_is_in_the_table() -> None:
    assert {fault.values[0].kind for fault in FAULTS} == KINDS
    assert NAMES.keys() == SERVICES.keys()


# The program and the world -------------------------------------------------------------------------------------------


@pytest.fixture
def world(clock: FixedClock) -> World:
    """One of everything that feeds read: quick to read, and nothing empty."""
    world = empty_world(NOW)
    world.now = clock
    repo = world.repo()
    milestone = repo.add_milestone("4.45.0-tentative", by="lukeheath", due_on=NOW + timedelta(days=4))
    repo.open_issue("Release QA: 4.45.0", "pass/fail", by="mna", labels=[":release"], milestone=milestone, number=7)
    repo.open_issue("It breaks", by="mna", labels=["bug", ":reproduce"], number=8)
    repo.open_issue("It shall", by="mna", labels=["story", ":release"], milestone=milestone, number=9)
    repo.open_pull("Mend it", "For #8", by="mna", number=10)
    hold_certificates(world, NOW)
    keep_rosters(world, NOW)
    publish_upstream(world, NOW)
    world.merge_freeze.requests_per_second = None
    return world


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "LARGEST_BODY", 2_000_000)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, nobody waits for an answer; until then a slow machine has its time."""
    return lambda: monkeypatch.setattr(http_module, "ANSWER_SECONDS", 0.05)


class Program:
    """All feeds of the program."""

    def __init__(self, simulator: Simulator, settings: Config | None = None) -> None:
        url = simulator.url
        self.simulator = simulator
        self.clock = simulator.world.now
        self.backend = Backend(settings or demo_config(url), demo_tokens(url), Store(None), now=self.clock)

    async def poll(self, name: str) -> Reading[Any]:
        """Poll a feed once; no exception may come out of it, which would end the feed."""
        feed = self.backend.feeds[name]
        feed.reading = await feed.poll()
        return feed.reading

    async def poll_all(self, names: list[str]) -> list[Reading[Any]]:
        return [await self.poll(name) for name in names]

    async def services_of(self, name: str) -> set[str]:
        """Whom a feed asks."""
        self.simulator.requests.clear()
        await self.poll(name)
        return {entry.service for entry in self.simulator.requests}


@asynccontextmanager
async def running(simulator: Simulator, settings: Config | None = None) -> AsyncIterator[Program]:
    program = Program(simulator, settings)
    try:
        yield program
    finally:
        await program.backend.aclose()


_known: dict[str, list[str]] = {}


async def feeds_of(program: Program) -> dict[str, list[str]]:
    """The feeds that ask each service; looked up once a process."""
    if not _known:
        async with Simulator(program.simulator.world) as simulator, running(simulator) as other:
            for name in other.backend.feeds:
                for service in await other.services_of(name):
                    _known.setdefault(service, []).append(name)
    return _known


def problems_in(value: Any) -> Iterator[Problem | Unreadable]:
    """What went wrong in parts of a value: feeds that ask several systems keep what the others said."""
    match value:
        case Problem() | Unreadable():
            yield value
        case tuple() | list() | frozenset():
            for one in value:
                yield from problems_in(one)
        case dict():
            yield from problems_in(tuple(value.values()))
        case _ if dataclasses.is_dataclass(value):
            yield from problems_in(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))


def is_in_words(sentence: str, names: tuple[str, ...]) -> bool:
    return sentence.endswith(".") and any(name in sentence for name in names) and "Traceback" not in sentence


def assert_told(service: str, fault: Spoilt, name: str, reading: Reading[Any]) -> bool:
    """A sentence that names the source and a remedy, in the reading or in the part of it; whether it failed at all."""
    names = (*NAMES[service], "The connection to")
    if (problem := reading.problem) is not None:
        assert is_in_words(problem.sentence, names), (name, problem)
        assert problem.remedy, (name, problem)
        assert problem.cause in fault.causes, (name, problem)
        assert "mistake" not in problem.sentence, (name, problem)
        return True
    words = repr(reading.value)
    assert "made a mistake" not in words, (name, words)
    parts = [part.sentence for part in problems_in(reading.value)]
    told = any(is_in_words(sentence, names) for sentence in parts) or any(one in words for one in names)
    assert told or fault.harmless, (name, reading)
    return False


def assert_backs_off(name: str, first: Reading[Any], second: Reading[Any], now: datetime) -> None:
    """The second try waits longer than the first, and neither comes before the time that the source named."""
    for reading in (first, second):
        assert reading.problem
        assert reading.next_try
        assert reading.next_try >= (reading.problem.retry_at or now + timedelta(seconds=8)), name
    assert first.next_try is not None
    assert second.next_try is not None
    if first.problem and first.problem.retry_at is None:
        assert second.next_try - now >= timedelta(seconds=16), name


# Reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", READ)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_service_with_a_fault(
    simulator: Simulator, clock: FixedClock, impatient: Callable[[], None], service: str, fault: Spoilt
) -> None:
    async with running(simulator) as program:
        feeds = await feeds_of(program)
        names = feeds[service]
        other = next(name for name in ("me", "freeze") if name not in names)
        with pytest.MonkeyPatch.context() as patch:
            if fault.kind in {"hang", "slow"}:
                patch.setattr(http_module, "ANSWER_SECONDS", 0.05)
            # the first load
            rule = simulator.faults.add(fault.kind, service=service, **fault.options)
            first = await program.poll_all(names)
            failed = [name for name, one in zip(names, first, strict=True) if assert_told(service, fault, name, one)]
            assert all(program.backend.value(name) is None for name in failed)
            for name in failed[:2]:
                assert_backs_off(name, program.backend.feeds[name].reading, await program.poll(name), clock())
            assert (await program.poll(other)).problem is None
        # it goes by itself
        simulator.faults.clear()
        clock.advance(hours=1)
        healed = await program.poll_all(names)
        assert [one.problem for one in healed] == [None] * len(names)
        assert all(one.at == clock() and one.failing_since is None for one in healed)
        # a later load
        with pytest.MonkeyPatch.context() as patch:
            if fault.kind in {"hang", "slow"}:
                patch.setattr(http_module, "ANSWER_SECONDS", 0.05)
            simulator.faults.rules.append(rule)
            clock.advance(minutes=30)
            later = await program.poll_all(names)
        for name, before, after in zip(names, healed, later, strict=True):
            if assert_told(service, fault, name, after):
                assert (after.value, after.at) == (before.value, before.at), name
                assert after.failing_since == clock()
        simulator.faults.clear()
        assert (await program.poll(names[0])).problem is None
