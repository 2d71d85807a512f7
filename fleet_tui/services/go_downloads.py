"""Go's list of downloads: the newest patch of the two newest lines."""

from __future__ import annotations

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.text import clean
from fleet_tui.domain.upstream import Download
from fleet_tui.services.http import Http
from fleet_tui.services.http_service import Service


class GoDownloads:
    """The list at the configured address."""

    def __init__(self, http: Http, config: Config) -> None:
        self._http = http
        self._service = Service("Go's download list", config.addresses.go_downloads, takes_token=False)

    async def read(self) -> tuple[Download, ...]:
        """What the list offers, unstable versions included and marked. Raises `Failure`."""
        answer = await self._http.get(self._service, "/dl/", {"mode": "json"})
        return tuple(Download(clean(one.version), one.stable) for one in answer.decode(list[_Version]))


class _Version(msgspec.Struct):
    version: str
    stable: bool
