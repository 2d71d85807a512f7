"""Certificate files for the demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fleet_tui.simulator.seed.certificates import ORGANIZATION

YEAR = timedelta(days=365)


def write_certificates(folder: Path, now: datetime) -> None:
    """Write certificate files: a vendor certificate with six days left, a TLS server's, and one that is none."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    apple = _name("Apple Worldwide Developer Relations Certification Authority", "Apple Inc.")
    vendor = _builder(key, apple, _name(f"MDM Vendor: {ORGANIZATION}", ORGANIZATION), now + timedelta(days=6, hours=4))
    server = _builder(key, _name("E7", "Let's Encrypt"), _name("fleet.example.com"), now + timedelta(days=83))
    server = server.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    der, pem = serialization.Encoding.DER, serialization.Encoding.PEM
    (folder / "mdm.cer").write_bytes(vendor.sign(key, hashes.SHA256()).public_bytes(der))
    (folder / "fleet.example.com.pem").write_bytes(server.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "mdm (1).cer").write_bytes(b"<!DOCTYPE html><title>Your session has expired</title>")


def _builder(
    key: ec.EllipticCurvePrivateKey, issuer: x509.Name, subject: x509.Name, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(end - YEAR).not_valid_after(end)


def _name(common_name: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name), *parts])
