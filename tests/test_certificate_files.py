"""Certificate files: every format, and each fault in its own row while the others stand."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet_tui.config.certificates import CertificateFile
from fleet_tui.domain.certificates import Certificate, Inventory, Kind
from fleet_tui.services import certificate_files
from fleet_tui.services.certificate_files import LARGEST_FILE, MOST_FILES
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from tests.certificates import TOPIC, der, issuer, key, make, p12, pem, private, push, subject, vendor
from tests.helpers import NOW

PASSPHRASE = "open, sesame"


def read(path: Path, passphrases: Mapping[Path, str] | None = None) -> Inventory:
    known = {file: Secret(words) for file, words in (passphrases or {}).items()}
    return certificate_files.read(CertificateFile(path=str(path), owner="mia"), known.get)


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def only(found: Inventory) -> Certificate:
    (one,) = found.certificates
    assert not found.unreadable
    return one


def fault(found: Inventory) -> str:
    (row,) = found.unreadable
    assert not found.certificates
    return row.sentence


def test_der_with_all_that_is_shown(tmp_path: Path) -> None:
    made = push(issuer("Apple Application Integration 2 Certification Authority"))
    path = written(tmp_path, "push.cer", der(made))
    one = only(read(path))
    assert one.kind is Kind.APNS
    assert (one.topic, one.serial) == (TOPIC, f"{made.serial_number:X}")
    assert (one.valid_from, one.valid_until) == (made.not_valid_before_utc, made.not_valid_after_utc)
    assert "Apple Inc." in one.issuer
    assert (one.owner, one.source, len(one.fingerprint)) == ("mia", str(path), 64)


def test_pem_with_several_and_a_key_that_is_passed_over(tmp_path: Path) -> None:
    several = pem(vendor(), push()) + private(key()) + pem(make(subject("host"), hosts=("host",)), make(subject("x")))
    found = read(written(tmp_path, "all.pem", several))
    assert {one.kind for one in found.certificates} == {Kind.VENDOR, Kind.APNS, Kind.TLS, Kind.OTHER}
    assert not found.unreadable


def test_a_damaged_one_among_several_is_a_row_of_its_own(tmp_path: Path) -> None:
    damaged = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    found = read(written(tmp_path, "all.pem", pem(vendor()) + damaged + pem(push())))
    assert len(found.certificates) == 2
    assert [row.sentence for row in found.unreadable] == ["Certificate 2 in it is damaged."]


def test_a_renewal_keeps_its_identity(tmp_path: Path) -> None:
    before = only(read(written(tmp_path, "push.pem", pem(push()))))
    after = only(read(written(tmp_path, "push.pem", pem(push(uuid="another")))))
    assert (before.id, before.topic != after.topic, before.serial != after.serial) == (after.id, True, True)


def test_pkcs12_with_its_passphrase(tmp_path: Path) -> None:
    authority = issuer("Root")
    path = written(tmp_path, "a.p12", p12(push(authority), key(), PASSPHRASE, authority.certificate))
    assert [one.kind for one in read(path, {path: PASSPHRASE}).certificates] == [Kind.APNS, Kind.OTHER]
    for passphrases, said in (({path: "wrong"}, "passphrase is wrong"), ({}, "passphrase is missing")):
        found = read(path, passphrases)
        assert said in fault(found)
        assert f"fleet-tui certs passphrase {path}" in found.unreadable[0].remedy
        assert PASSPHRASE not in str(found)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pem", b"", "It is empty."),
        ("a.cer", b"<!DOCTYPE html>", "It holds no certificate"),
        ("a.pem", private(key()), "It holds no certificate."),
        ("a.pem", b"\0" * (LARGEST_FILE + 1), "larger than 1 MB"),
        ("a.p12", b"garbage", "no PKCS#12 file"),
    ],
    ids=["empty", "web page", "key", "large", "garbage"],
)
def test_what_is_no_certificate_says_so(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in fault(read(written(tmp_path, name, content)))


def test_a_file_that_is_not_there_or_would_hang(tmp_path: Path) -> None:
    assert fault(read(tmp_path / "none.pem")) == "It is not there."
    os.mkfifo(tmp_path / "pipe.pem")
    assert fault(read(tmp_path / "pipe.pem")) == "It is no plain file."


def test_a_folder_holds_what_is_directly_in_it_and_faults_hide_nothing(tmp_path: Path) -> None:
    written(tmp_path, "a.cer", der(vendor()))
    written(tmp_path, "b.pem", b"garbage")
    written(tmp_path, "key.pem", private(key()))
    written(tmp_path, ".hidden.pem", pem(push()))
    written(tmp_path, "notes.txt", b"nothing")
    (tmp_path / "below").mkdir()
    written(tmp_path / "below", "c.pem", pem(push()))
    found = read(tmp_path)
    assert [one.kind for one in found.certificates] == [Kind.VENDOR]
    assert [row.name for row in found.unreadable] == ["b.pem"]


def test_a_folder_with_too_many_files_is_not_read(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.pem").touch()
    assert f"more than {MOST_FILES}" in fault(read(tmp_path))


def test_names_from_outside_cannot_command_the_terminal(tmp_path: Path) -> None:
    one = only(read(written(tmp_path, "a.pem", pem(make(subject("MDM Vendor: \x1b[31mred\u202e"))))))
    assert one.name == "MDM Vendor: [31mred"
    assert all(part.isprintable() for part in (one.name, one.subject, one.issuer))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: der(vendor())[:-200] + rest))
def test_any_bytes_are_a_row(tmp_path: Path, content: bytes) -> None:
    for name in ("a.cer", "a.p12", "a.pem"):
        found = read(written(tmp_path, name, content))
        assert len(found.certificates) + len(found.unreadable) == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="there all names are UTF-8")
def test_a_name_that_is_no_text_can_be_kept_and_copied(tmp_path: Path) -> None:
    for name, content in {b"a\xff.cer": der(push()), b"b\xff.cer": b"<html>"}.items():
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(content)
    found = read(tmp_path)
    store = Store(None)
    store.save_reading("certificates", NOW, found)
    assert store.reading("certificates", Inventory) == (found, NOW)
    assert not store.trouble
    store.close()
