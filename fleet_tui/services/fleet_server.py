"""A Fleet server's Apple certificate and tokens: the push certificate, Business Manager, volume purchasing.

Newer versions have other addresses than older ones. What a version or a licence does not have (404, 402) is not
there, which is no error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, UnsetType

from fleet_tui.config.schema import Config
from fleet_tui.domain.certificates import Certificate, Inventory, Kind, Unreadable, merged
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Answer, Http
from fleet_tui.services.http_problems import unreadable
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret
from fleet_tui.services.x509_values import topic_in_name

APNS = ("/api/v1/fleet/apns", "/api/v1/fleet/mdm/apple")
ABM = ("/api/v1/fleet/abm_tokens", "/api/v1/fleet/mdm/apple_bm")
VPP = ("/api/v1/fleet/vpp_tokens",)
"""The addresses, the newest first."""
TERMS_CHANGED = "Apple has new terms: accept them in Apple Business Manager, or enrolment stops."


def fleet_service(config: Config, token: Secret | None) -> Service:
    """The Fleet server at the configured address."""
    return Service("Fleet", config.addresses.fleet, token)


class FleetServer:
    """What one Fleet server holds that expires."""

    def __init__(self, http: Http, service: Service) -> None:
        self._http = http
        self._service = service

    async def read(self) -> Inventory:
        """Its push certificate and tokens; what cannot be read stands beside them. Never raises `Failure`."""
        parts = await asyncio.gather(
            self._part("APNs push certificate", APNS, self._push),
            self._part("Apple Business Manager", ABM, self._business_manager),
            self._part("Volume purchasing", VPP, self._volume_purchasing),
        )
        found = [part for part in parts if part is not None]
        faults = {one.sentence for part in found for one in part.unreadable}
        if len(faults) == 1 and not any(part.certificates for part in found):  # one fault of the whole server
            one = next(one for part in found for one in part.unreadable)
            return Inventory(unreadable=(self._unreadable("Fleet server", one.sentence, one.remedy),))
        if found:
            return merged(found)
        sentence = "It has no Apple certificates, or its version or licence does not show them."
        return Inventory(unreadable=(self._unreadable("Fleet server", sentence, "Check `addresses.fleet`."),))

    async def _part(
        self, name: str, addresses: tuple[str, ...], values: Callable[[Answer], list[Certificate]]
    ) -> Inventory | None:
        """None when none of the addresses knows it."""
        for address in addresses:
            try:
                answer = await self._http.get(self._service, address, conditional=False)
                return Inventory(tuple(values(answer)))
            except Failure as failure:
                if failure.problem.cause is Cause.MISSING:
                    continue
                problem = failure.problem
                return Inventory(unreadable=(self._unreadable(name, problem.sentence, problem.remedy),))
        return None

    def _push(self, answer: Answer) -> list[Certificate]:
        return [answer.decode(_Push).value(self._service)]

    def _business_manager(self, answer: Answer) -> list[Certificate]:
        tokens = answer.decode(_BusinessManager).abm_tokens
        several = (answer.decode(_Token),) if tokens is UNSET else tokens or ()
        return [token.value(self._service, Kind.ABM) for token in several]

    def _volume_purchasing(self, answer: Answer) -> list[Certificate]:
        return [token.value(self._service, Kind.VPP) for token in answer.decode(_VolumePurchasing).vpp_tokens or ()]

    def _unreadable(self, name: str, sentence: str, remedy: str) -> Unreadable:
        return Unreadable(f"fleet:{name}", name, self._service.base, sentence, remedy)


class _Push(msgspec.Struct):
    common_name: str
    renew_date: str
    issuer: str = ""
    serial_number: str | int = ""

    def value(self, service: Service) -> Certificate:
        name = clean(self.common_name)
        return Certificate(
            "fleet:apns",
            "APNs push certificate",
            Kind.APNS,
            _moment(self.renew_date, service),
            service.base,
            subject=f"CN={name}",
            topic=topic_in_name(name),
            issuer=clean(self.issuer),
            serial=clean(str(self.serial_number)),
        )


class _Token(msgspec.Struct):
    renew_date: str
    org_name: str = ""
    location: str = ""
    terms_expired: bool = False

    def value(self, service: Service, kind: Kind) -> Certificate:
        whose = " · ".join(part for part in (clean(self.org_name), clean(self.location)) if part)
        return Certificate(
            f"fleet:{kind.name.lower()}:{whose}",
            f"{kind.value} {whose}".rstrip(),
            kind,
            _moment(self.renew_date, service),
            service.base,
            subject=whose,
            warning=TERMS_CHANGED if self.terms_expired else "",
        )


class _BusinessManager(msgspec.Struct):
    """Older versions answer with one token, without the list. An empty list comes as null."""

    abm_tokens: tuple[_Token, ...] | UnsetType | None = UNSET


class _VolumePurchasing(msgspec.Struct):
    vpp_tokens: tuple[_Token, ...] | None


def _moment(text: str, service: Service) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unreadable(service, f"renew_date is no moment: {clean(text, 40)}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
