"""X.509 certificates as values: what the dashboard shows of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fleet_tui.domain.certificates import Certificate, Kind
from fleet_tui.domain.text import clean

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as X509
    from cryptography.x509 import Name

VENDOR_NAME = "MDM Vendor:"
TOPIC = "com.apple.mgmt."
PUSH_NAME = "APSP:"
PUSH_TOPIC = "com.apple.mgmt.External."


class Place(Struct, frozen=True):
    """Where a certificate was found, and who renews it."""

    id: str
    source: str
    owner: str


def value(found: X509, place: Place, *, kind: Kind | None = None) -> Certificate:
    """What is known of `found`; its kind by its contents unless `kind` says it. Raises `ValueError`."""
    from cryptography.hazmat.primitives.hashes import SHA256

    kind = kind or kind_of(found)
    common_name = name_in(found.subject)
    return Certificate(
        id=place.id,
        name=common_name or kind.value,
        kind=kind,
        valid_until=found.not_valid_after_utc,
        source=place.source,
        valid_from=found.not_valid_before_utc,
        subject=clean(found.subject.rfc4514_string()),
        topic=topic_of(found),
        issuer=clean(found.issuer.rfc4514_string()),
        serial=f"{found.serial_number:X}",
        owner=place.owner,
        fingerprint=found.fingerprint(SHA256()).hex(),
    )


def kind_of(found: X509) -> Kind:
    """What it is for, by its names and by the uses it is good for."""
    if name_in(found.subject).startswith(VENDOR_NAME):
        return Kind.VENDOR
    if topic_of(found):
        return Kind.APNS
    return Kind.TLS if _serves_tls(found) else Kind.OTHER


def topic_of(found: X509) -> str:
    """The topic of a push certificate, from the UID of its subject; empty for others."""
    from cryptography.x509.oid import NameOID

    ids = (str(part.value) for part in found.subject.get_attributes_for_oid(NameOID.USER_ID))
    return next((clean(id_) for id_ in ids if id_.startswith(TOPIC)), "")


def topic_in_name(common_name: str) -> str:
    """The topic that a push certificate's common name stands for: `APSP:<uuid>`; empty for other names."""
    uuid = common_name.removeprefix(PUSH_NAME)
    return PUSH_TOPIC + uuid if uuid != common_name else ""


def name_in(name: Name) -> str:
    """The common name, else the organization; empty when there is neither."""
    from cryptography.x509.oid import NameOID

    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for part in name.get_attributes_for_oid(oid):
            return clean(str(part.value))
    return ""


def _serves_tls(found: X509) -> bool:
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        uses = found.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.SERVER_AUTH in uses
