"""Certificate files and folders: PEM with several certificates, DER, and PKCS#12 with its passphrase.

Private keys in them are passed over. A file that cannot be read says why; the others stand.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_tui.config.certificates import CertificateFile
from fleet_tui.domain.certificates import Inventory, Kind, Unreadable, merged
from fleet_tui.domain.text import clean
from fleet_tui.services import x509_values
from fleet_tui.services.secret import Secret
from fleet_tui.services.x509_values import Place

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as X509

LARGEST_FILE = 1024 * 1024
MOST_FILES = 200
PKCS12_SUFFIXES = {".p12", ".pfx"}
SUFFIXES = {".pem", ".cer", ".crt", ".der", *PKCS12_SUFFIXES}
PEM_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
PEM_MARK = b"-----BEGIN "

Passphrase = Callable[[Path], Secret | None]


class FileFault(Exception):
    """Why a file, or a certificate in it, cannot be read; and what to do."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


def read(entry: CertificateFile, passphrase: Passphrase) -> Inventory:
    """All certificates of a file, or of the files directly in a folder. Blocks; never raises for what it finds."""
    path = Path(entry.path).expanduser()
    try:
        files = _in_folder(path) if path.is_dir() else [path]
    except OSError as error:
        return _unreadable(path, entry, FileFault(f"The folder cannot be read ({error.strerror or error})."))
    except FileFault as fault:
        return _unreadable(path, entry, fault)
    return merged(_read_file(file, entry, passphrase, chosen=file is path) for file in files)


def contents(path: Path) -> bytes:
    """The bytes of a file. Raises `FileFault` for one that is missing, no plain file, empty or too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileFault("It is no plain file.")
        if found.st_size > LARGEST_FILE:
            raise FileFault(f"It is larger than {LARGEST_FILE >> 20} MB: no certificate.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileFault("It is not there.", "Check the path under `certificates.files` in the configuration.") from None
    except OSError as error:
        raise FileFault(f"It cannot be read ({error.strerror or error}).") from None
    if not data.strip():
        raise FileFault("It is empty.")
    return data


def certificates_in(path: Path, passphrase: Passphrase) -> Iterator[X509 | FileFault]:
    """The certificates of a file in their order, with a fault in the place of each that is malformed.

    Raises `FileFault` when the file as a whole cannot be read.
    """
    from cryptography import x509

    data = contents(path)
    if path.suffix.lower() in PKCS12_SUFFIXES:
        yield from _in_pkcs12(path, data, passphrase)
    elif PEM_MARK in data:
        for number, block in enumerate(PEM_CERTIFICATE.findall(data), 1):
            try:
                yield x509.load_pem_x509_certificate(block)
            except ValueError:
                yield FileFault(f"Certificate {number} in it is damaged.")
    else:
        try:
            yield x509.load_der_x509_certificate(data)
        except ValueError:
            raise FileFault("It holds no certificate: neither PEM nor DER nor PKCS#12.") from None


def _in_folder(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if _is_candidate(path))
    if len(files) > MOST_FILES:
        raise FileFault(f"The folder holds more than {MOST_FILES} certificate files.", "Name the files that matter.")
    return files


def _is_candidate(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _in_pkcs12(path: Path, data: bytes, passphrase: Passphrase) -> Iterator[X509]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    secret = passphrase(path)
    try:
        # The library opens the private key along with the rest; it is let go here, unseen.
        bundle = pkcs12.load_pkcs12(data, secret.reveal().encode() if secret else None)
    except ValueError:
        remedy = f"Store the right one: fleet-tui certs passphrase {shlex.quote(clean(str(path)))}"
        if secret:
            raise FileFault("Its passphrase is wrong, or it is no PKCS#12 file.", remedy) from None
        raise FileFault("It is no PKCS#12 file, or its passphrase is missing.", remedy) from None
    found = [bundle.cert, *bundle.additional_certs]
    yield from (one.certificate for one in found if one is not None)


def _read_file(path: Path, entry: CertificateFile, passphrase: Passphrase, *, chosen: bool) -> Inventory:
    parts: list[Inventory] = []
    places = Counter[str]()
    try:
        for found in certificates_in(path, passphrase):
            if isinstance(found, FileFault):
                parts.append(_unreadable(path, entry, found, f"#{len(parts)}"))
            else:
                parts.append(_readable(path, entry, found, places, len(parts)))
    except FileFault as fault:
        return _unreadable(path, entry, fault)
    if chosen and not parts:  # in a folder keys and requests may lie beside certificates
        return _unreadable(path, entry, FileFault("It holds no certificate."))
    return merged(parts)


def _readable(path: Path, entry: CertificateFile, found: X509, places: Counter[str], number: int) -> Inventory:
    try:
        kind = x509_values.kind_of(found)
        what = _role(found, kind)
        places[what] += 1
        place = Place(f"{_identity(path)}#{what}-{places[what]}", clean(str(path)), entry.owner)
        certificate = x509_values.value(found, place, kind=kind)
    except ValueError:  # cryptography reads names and extensions when they are asked for
        return _unreadable(path, entry, FileFault("A certificate in it has malformed fields."), f"#{number}")
    return Inventory((certificate,))


def _identity(path: Path) -> str:
    """A name of bytes that are no UTF-8 could not be kept in the state file."""
    return f"file:{os.fsencode(path).decode('utf-8', 'backslashreplace')}"


def _role(found: X509, kind: Kind) -> str:
    """What tells a certificate from the others of its file, and stays when it is renewed."""
    if kind in {Kind.VENDOR, Kind.APNS}:
        return kind.name.lower()  # their names may change
    return f"{kind.name.lower()} {x509_values.name_in(found.subject)}"


def _unreadable(path: Path, entry: CertificateFile, fault: FileFault, part: str = "") -> Inventory:
    name, source = clean(path.name), clean(str(path))
    row = Unreadable(f"{_identity(path)}{part}", name, source, fault.sentence, fault.remedy, entry.owner)
    return Inventory(unreadable=(row,))
