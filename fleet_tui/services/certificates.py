"""Everything that expires, from all sources at once. This is what the feed of certificates fetches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import UTC, datetime, time

from msgspec.structs import replace

from fleet_tui.aside import aside
from fleet_tui.config.certificates import CertificateFile, Endpoint, PlainDate
from fleet_tui.config.schema import Config
from fleet_tui.domain.certificates import Certificate, Inventory, Kind, Unreadable, merged
from fleet_tui.domain.text import clean
from fleet_tui.services import certificate_files, tls_probe
from fleet_tui.services.fleet_server import FleetServer, fleet_service
from fleet_tui.services.http import Http
from fleet_tui.services.passphrases import passphrase
from fleet_tui.services.secret import Secret
from fleet_tui.services.tokens import SERVICES

log = logging.getLogger(__name__)


class CertificateSources:
    """All sources of the configuration. `read` is what a feed fetches."""

    def __init__(self, http: Http, config: Config, token: Secret | None) -> None:
        self._http = http
        self._config = config
        self._token = token

    async def read(self) -> Inventory:
        """What all sources hold. A source that fails becomes a row of its own; it never hides the others."""
        wanted = self._config.certificates
        parts = [
            *(_guarded(entry.path, self._file(entry)) for entry in wanted.files),
            *(_guarded(entry.address, self._endpoint(entry)) for entry in wanted.endpoints),
        ]
        if wanted.fleet_server:
            parts.append(_guarded("Fleet server", self._fleet_server()))
        dates = Inventory(tuple(self._date(entry) for entry in wanted.dates))
        found = merged([dates, *await asyncio.gather(*parts)])
        return replace(found, certificates=tuple(map(self._with_owner, found.certificates)))

    async def _file(self, entry: CertificateFile) -> Inventory:
        return await aside(certificate_files.read, entry, passphrase)

    async def _endpoint(self, entry: Endpoint) -> Inventory:
        return await tls_probe.probe(entry)

    async def _fleet_server(self) -> Inventory:
        service = fleet_service(self._config, self._token)
        if self._token is None:
            fleet = SERVICES["fleet"]
            remedy = f"Store one with `fleet-tui auth set {fleet.name}`, or set {fleet.variable}."
            sentence = f"There is no token for {service.base}."
            return Inventory(unreadable=(Unreadable("fleet", "Fleet server", service.base, sentence, remedy),))
        return await FleetServer(self._http, service).read()

    def _date(self, entry: PlainDate) -> Certificate:
        ends = datetime.combine(entry.expires, time(), tzinfo=self._config.team.zone).astimezone(UTC)
        return Certificate(
            f"date:{entry.name}", clean(entry.name), Kind[entry.kind.upper()], ends, "configuration", owner=entry.owner
        )

    def _with_owner(self, one: Certificate) -> Certificate:
        owner: str = one.owner or getattr(self._config.certificates.owners, one.kind.name.lower())
        return replace(one, owner=owner)


async def _guarded(name: str, part: Awaitable[Inventory]) -> Inventory:
    try:
        return await part
    except Exception as error:  # a mistake of ours in one source must not hide the others
        log.exception("certificates of %s", name)
        sentence = f"fleet-tui made a mistake while reading it ({type(error).__name__})."
        return Inventory(unreadable=(Unreadable(f"mistake:{name}", name, name, sentence),))
