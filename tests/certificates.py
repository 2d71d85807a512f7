"""Certificates made for tests: of every kind, with a chain of issuers, in every format."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fleet_tui.domain.certificates import Certificate, Kind
from tests.helpers import NOW, ago

UUID = "5f3c9a1e-7d20-4b8e-9c41-0a6f2de8b7c3"
TOPIC = f"com.apple.mgmt.External.{UUID}"
Key = ec.EllipticCurvePrivateKey


@cache
def key(name: str = "own") -> Key:
    """A private key, the same for the same name."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Issuer:
    """Somebody who signs certificates."""

    certificate: x509.Certificate
    key: Key = field(repr=False)


def subject(common_name: str = "", organization: str = "", uid: str = "") -> x509.Name:
    """A distinguished name of the parts that are given."""
    parts = {NameOID.USER_ID: uid, NameOID.COMMON_NAME: common_name, NameOID.ORGANIZATION_NAME: organization}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items() if value])


def issuer(common_name: str, above: Issuer | None = None, *, until: datetime | None = None) -> Issuer:
    """A certification authority; without `above` it signs itself."""
    name, own = subject(common_name, "Apple Inc."), key(common_name)
    signed = make(
        name, above, public=own, start=ago(days=1000), end=until or NOW + timedelta(days=1000), signer=own, ca=True
    )
    return Issuer(signed, own)


def make(
    name: x509.Name,
    by: Issuer | None = None,
    *,
    start: datetime = NOW - timedelta(days=100),
    end: datetime = NOW + timedelta(days=265),
    public: Key | None = None,
    signer: Key | None = None,
    hosts: tuple[str, ...] = (),
    ca: bool = False,
) -> x509.Certificate:
    """A certificate, by default valid for a year, 100 days of it gone, and signed by itself."""
    own = public or key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.certificate.subject if by else name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(by.key if by else signer or own, hashes.SHA256())


def vendor(by: Issuer | None = None, **fields: Any) -> x509.Certificate:
    """An MDM vendor certificate."""
    return make(subject("MDM Vendor: Fleet"), by, **fields)


def push(by: Issuer | None = None, *, uuid: str = UUID, **fields: Any) -> x509.Certificate:
    """A push certificate."""
    return make(subject(f"APSP:{uuid}", uid=f"com.apple.mgmt.External.{uuid}"), by, **fields)


def pem(*certificates: x509.Certificate) -> bytes:
    """Several certificates one after another."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def der(certificate: x509.Certificate) -> bytes:
    """One certificate."""
    return certificate.public_bytes(Encoding.DER)


def p12(certificate: x509.Certificate, own: Key, passphrase: str, *issuers: x509.Certificate) -> bytes:
    """A bundle with its private key."""
    return pkcs12.serialize_key_and_certificates(b"x", own, certificate, issuers, _encryption(passphrase))


def private(own: Key, passphrase: str = "") -> bytes:
    """A private key in PEM."""
    return own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(passphrase))


def certificate(id_: str = "a", *, ends: datetime = NOW + timedelta(days=265), **fields: Any) -> Certificate:
    """A value, for rules."""
    given: dict[str, Any] = {"name": id_, "kind": Kind.TLS, "source": "somewhere"} | fields
    return Certificate(id=id_, valid_until=ends, **given)


def _encryption(passphrase: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
