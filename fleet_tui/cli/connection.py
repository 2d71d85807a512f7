"""GitHub for commands that ask it and draw nothing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fleet_tui.config.schema import Config
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.http import Http
from fleet_tui.services.tokens import SERVICES, TokenMissing, find


@asynccontextmanager
async def connected(config: Config) -> AsyncIterator[GitHub]:
    """The configured repository for the length of the block. Raises `Stop` without a token, or `TokenError`."""
    service = SERVICES["github"]
    try:
        token = find(service, service.host(config.addresses), os.environ).secret
    except TokenMissing as error:
        raise Stop(Exit.NOT_CONFIGURED, str(error)) from None
    http = Http()
    try:
        yield GitHub(http, github_service(config, token), config.team.repository)
    finally:
        await http.aclose()
