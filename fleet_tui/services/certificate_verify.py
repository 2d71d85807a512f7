"""Reads what is needed to verify a renewed certificate: its file, the private key to compare with, its chain.

The key is opened for one comparison on this machine, and let go. It is never kept, shown or logged.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fleet_tui.domain.certificates import Kind
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.domain.verify import Candidate
from fleet_tui.services import x509_values
from fleet_tui.services.certificate_files import (
    PEM_MARK,
    PKCS12_SUFFIXES,
    FileFault,
    Passphrase,
    certificates_in,
    contents,
)
from fleet_tui.services.x509_values import Place

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
    from cryptography.x509 import Certificate as X509


def candidate(path: Path, key: Path | None, passphrase: Passphrase, chain: Path | None = None) -> Candidate:
    """The renewed certificate in the file `path`, compared with the private key in the file `key`.

    Issuers are looked for in `path` and in the file `chain`. Blocks. Raises `Failure` when the certificate cannot be
    read; a key or a chain that cannot be read leaves its question open.
    """
    try:
        found = _certificates(path, passphrase)
        own = _leaf(found)
        value = x509_values.value(own, Place(f"file:{path}", clean(str(path)), ""))
    except FileFault as fault:
        raise _failure(path, fault) from None
    except ValueError:
        raise _failure(path, FileFault("Its certificate has malformed fields.")) from None
    matches, trouble = _matches(own, key, passphrase) if key else (None, "")
    issuers = [one for one in found if one is not own]
    try:
        issuers += _certificates(chain, passphrase) if chain else []
    except FileFault as fault:
        raise _failure(chain or path, fault) from None
    return Candidate(value, matches, trouble, _missing_issuer(own, issuers))


def _certificates(path: Path, passphrase: Passphrase) -> list[X509]:
    found = []
    for one in certificates_in(path.expanduser(), passphrase):
        if isinstance(one, FileFault):
            raise one
        found.append(one)
    if not found:
        raise FileFault("It holds no certificate.")
    return found


def _leaf(found: list[X509]) -> X509:
    """The one that matters: Apple's kinds first, else the first that issued none of the others."""
    apple = [one for one in found if x509_values.kind_of(one) in {Kind.VENDOR, Kind.APNS}]
    issuers = {one.issuer for one in found if one.issuer != one.subject}
    return next(iter([*apple, *(one for one in found if one.subject not in issuers), *found]))


def _matches(own: X509, path: Path, passphrase: Passphrase) -> tuple[bool | None, str]:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return _same_key(_public_half(path.expanduser(), passphrase), own.public_key()), ""
    except FileFault as fault:
        return None, f"{clean(path.name)}: {fault.sentence}"
    except (ValueError, UnsupportedAlgorithm):
        return None, "the certificate's key is of a kind that is not known"


def _public_half(path: Path, passphrase: Passphrase) -> PublicKeyTypes:
    """The public key that belongs to the private key in the file: the private one does not leave this function."""
    from cryptography.exceptions import UnsupportedAlgorithm

    data, secret = contents(path), passphrase(path)
    try:
        return _private_key(path, data, secret.reveal().encode() if secret else None).public_key()
    except TypeError:
        words = "It needs no passphrase." if secret else "Its passphrase is missing."
        raise FileFault(words, f"fleet-tui certs passphrase {path}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise FileFault("It holds no private key, or its passphrase is wrong.") from None


def _private_key(path: Path, data: bytes, password: bytes | None) -> PrivateKeyTypes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    if path.suffix.lower() in PKCS12_SUFFIXES:
        key = pkcs12.load_pkcs12(data, password).key
        if key is None:
            raise ValueError("no key in the bundle")
        return key
    load = serialization.load_pem_private_key if PEM_MARK in data else serialization.load_der_private_key
    return load(data, password)


def _same_key(one: PublicKeyTypes, other: PublicKeyTypes) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return one.public_bytes(*form) == other.public_bytes(*form)


def _missing_issuer(own: X509, issuers: list[X509]) -> str | None:
    """The name of the first issuer that is not there; empty when the chain ends at one that signed itself."""
    if not issuers:
        return None
    last, left = own, list(issuers)
    while last.issuer != last.subject:
        above = next((one for one in left if _issued(last, one)), None)
        if above is None:
            return x509_values.name_in(last.issuer) or "an issuer without a name"
        left.remove(above)
        last = above
    return ""


def _issued(one: X509, issuer: X509) -> bool:
    """Whether `one` names `issuer` and carries its signature."""
    from cryptography.exceptions import InvalidSignature

    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _failure(path: Path, fault: FileFault) -> Failure:
    sentence = f"{clean(path.name)} cannot be verified. {fault.sentence}"
    return Failure(Problem("certificates", Cause.UNREADABLE, sentence, fault.remedy))
