"""What several of the simulator's tests use."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from fleet_tui.simulator.server import Simulator

NOW = datetime(2026, 11, 19, 20, tzinfo=UTC)


TLS = ssl.create_default_context()  # made once: it takes longer than most of the tests


def client(address: str, **options: Any) -> httpx.AsyncClient:
    """A client of `address`."""
    return httpx.AsyncClient(base_url=address, verify=TLS, **options)


def github_client(simulator: Simulator, token: str) -> httpx.AsyncClient:
    """A client of the simulated GitHub with `token`."""
    return client(f"{simulator.url}/github", headers={"Authorization": f"Bearer {token}"})


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the simulator tells nobody when it has changed
            await asyncio.sleep(0.002)
