"""Certificates: everything that expires, from all sources of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleet_tui.domain.certificates import Inventory, with_last_known
from fleet_tui.services.certificates import CertificateSources
from fleet_tui.wiring.source import Common, Source


class CertificatesArea:
    """Everything that the certificates screen reads."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._polling = common.config.polling
        self._sources = CertificateSources(common.http, common.config, common.tokens.get("fleet"))

    def sources(self) -> Mapping[str, Source]:
        """The feed `certificates`."""
        return {"certificates": Source(self._read, lambda: self._polling.certificates)}

    async def _read(self) -> Inventory:
        """A source that fails for once does not take away what is known of it, be it from an earlier run."""
        found = await self._sources.read()
        return with_last_known(found, self._common.value("certificates") or Inventory())

    def react(self, name: str, former: Any, value: Any) -> None:
        """Nothing else follows."""

    def close(self) -> None:
        """Nothing is held."""
