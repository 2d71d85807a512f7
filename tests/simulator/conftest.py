"""A simulator for each test, with clients for its services."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from fleet_tui.simulator.seed import demo_world, empty_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Repository, World
from tests.simulator.support import NOW, client, github_client


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def world(clock: FixedClock) -> World:
    """People and a repository without issues."""
    world = empty_world(NOW)
    world.now = clock
    return world


@pytest.fixture
def repo(world: World) -> Repository:
    return world.repo()


@pytest.fixture
def demo() -> World:
    return demo_world(NOW)


@pytest.fixture
async def simulator(world: World) -> AsyncIterator[Simulator]:
    async with Simulator(world) as simulator:
        yield simulator


@pytest.fixture
async def github(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the simulated GitHub, for a person with push access."""
    async with github_client(simulator, "sim-lucasmrod") as github:
        yield github


@pytest.fixture
async def merge_freeze(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the simulated Merge Freeze."""
    address, token = f"{simulator.url}/mergefreeze/api/branches", {"access_token": "sim-mergefreeze"}
    async with client(address, params=token) as merge_freeze:
        yield merge_freeze


@pytest.fixture
async def control(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with client(f"{simulator.url}/control") as control:
        yield control
