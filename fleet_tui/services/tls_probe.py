"""The certificate that a TLS server shows: the earliest end in its chain, and whether the chain can be trusted.

A chain that has expired is what matters most here, so it is read without being trusted where trust fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleet_tui.aside import look_up_names_aside
from fleet_tui.config.certificates import Endpoint
from fleet_tui.domain.certificates import Certificate, Inventory, Kind, Unreadable
from fleet_tui.domain.text import clean
from fleet_tui.services.trust import Trust
from fleet_tui.services.x509_values import Place, name_in, value

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as X509

PROBE_SECONDS = 10.0
LONGEST_CHAIN = 20


async def probe(endpoint: Endpoint, seconds: float = PROBE_SECONDS) -> Inventory:
    """The server's certificate, ending when the first of its chain ends; or why there is none. Never raises."""
    try:
        async with asyncio.timeout(seconds):
            return Inventory((await _look(endpoint),))
    except TimeoutError:
        sentence = f"No answer within {seconds:g} seconds."
    except ssl.SSLError as error:
        sentence = f"It does not speak TLS as it should ({clean(error.reason or str(error))})."
    except OSError as error:
        sentence = f"It cannot be reached ({clean(error.strerror or str(error))})."
    except ValueError:
        sentence = "Its certificate is malformed."
    remedy = "Check `certificates.endpoints`, and the network."
    address = endpoint.address
    return Inventory(unreadable=(Unreadable(f"tls:{address}", address, address, sentence, remedy, endpoint.owner),))


async def _look(endpoint: Endpoint) -> Certificate:
    trust = Trust()
    await trust.load()
    trusting = trust.context
    distrust = ""
    try:
        chain = await _chain(endpoint, trusting)
    except ssl.SSLCertVerificationError as error:
        distrust = clean(error.verify_message)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        chain = await _chain(endpoint, trusting)
    return _certificate(endpoint, chain, distrust)


async def _chain(endpoint: Endpoint, context: ssl.SSLContext) -> list[X509]:
    """The certificates that the server sends, its own first."""
    from cryptography import x509

    host, _, port = endpoint.address.rpartition(":")
    host = host.strip("[]")
    look_up_names_aside()
    _, writer = await asyncio.open_connection(host, int(port), ssl=context, server_hostname=host)
    try:
        sent = _sent(writer.get_extra_info("ssl_object"))
    finally:
        writer.transport.abort()  # nothing was asked: there is no goodbye to wait for
    with contextlib.suppress(OSError, ssl.SSLError):
        await writer.wait_closed()
    return [x509.load_der_x509_certificate(one) for one in sent[:LONGEST_CHAIN]]


def _sent(connection: ssl.SSLObject) -> list[bytes]:
    if hasattr(connection, "get_unverified_chain"):  # from Python 3.13 on
        return list(connection.get_unverified_chain())
    # Before, the same is there without a public name.
    chain = connection._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
    return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in chain]


def _certificate(endpoint: Endpoint, chain: list[X509], distrust: str) -> Certificate:
    own, first = chain[0], min(chain, key=lambda one: one.not_valid_after_utc)
    warnings = [f"It is not trusted: {distrust}."] if distrust else []
    if first.not_valid_after_utc < own.not_valid_after_utc:
        warnings.append(f"“{name_in(first.subject)}” in its chain ends before it does.")
    place = Place(f"tls:{endpoint.address}", endpoint.address, endpoint.owner)
    return replace(
        value(own, place, kind=Kind.TLS),
        name=endpoint.address,
        valid_until=first.not_valid_after_utc,
        warning=" ".join(warnings),
    )
