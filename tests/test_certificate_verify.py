"""Verifying a renewed certificate: each question passes, fails or stays open for its own reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from fleet_tui.config.certificates import Certificates
from fleet_tui.domain.certificates import Certificate, Kind
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.verify import Finding, Line, may_be_put_in_place, verify
from fleet_tui.services.certificate_verify import candidate
from fleet_tui.services.secret import Secret
from tests.certificates import TOPIC, Issuer, certificate, der, issuer, key, make, p12, pem, private, push, vendor
from tests.helpers import NOW, ago

ROOT = issuer("Apple Root CA")
BETWEEN = issuer("Apple Application Integration 2 Certification Authority", ROOT)
RENEWED: dict[str, Any] = {"start": ago(days=1), "end": ago(days=1) + timedelta(days=365)}
OLD = certificate(kind=Kind.APNS, topic=TOPIC, valid_from=ago(days=360), ends=NOW + timedelta(days=5))
PASSPHRASE = "open, sesame"


def nothing(path: Path) -> None:
    """No passphrase."""


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def asked(folder: Path, made: x509.Certificate, *, old: Certificate | None = OLD) -> dict[str, Line]:
    """The lines by their questions, for a certificate with its chain and a private key."""
    file = written(folder, "new.pem", pem(made, BETWEEN.certificate, ROOT.certificate))
    new = candidate(file, written(folder, "new.key", private(key())), nothing)
    return {line.question: line for line in verify(old, new, NOW, Certificates())}


def failed(lines: dict[str, Line]) -> set[str]:
    assert may_be_put_in_place(tuple(lines.values())) == (
        not any(one.finding is Finding.FAIL for one in lines.values())
    )
    return {question for question, line in lines.items() if line.finding is Finding.FAIL}


def test_a_renewed_push_certificate_passes_every_line(tmp_path: Path) -> None:
    lines = asked(tmp_path, push(BETWEEN, **RENEWED))
    assert {line.finding for line in lines.values()} == {Finding.PASS}
    assert list(lines) == [
        "Same topic",
        "Matches the private key",
        "Ends later than the old one",
        "Valid already",
        "Valid for 365 days",
        "Issued by Apple",
        "Chain complete",
    ]
    assert lines["Same topic"].old == lines["Same topic"].new == TOPIC


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({"uuid": "another"}, "Same topic"),
        ({"public": key("other")}, "Matches the private key"),
        ({"start": ago(days=365), "end": NOW}, "Ends later than the old one"),
        ({"start": NOW + timedelta(hours=1), "end": NOW + timedelta(days=365)}, "Valid already"),
        ({"start": ago(days=1), "end": NOW + timedelta(days=30)}, "Valid for 365 days"),
    ],
)
def test_each_fault_fails_its_own_line(tmp_path: Path, fields: dict[str, Any], question: str) -> None:
    lines = asked(tmp_path, push(BETWEEN, **{**RENEWED, **fields}))
    assert failed(lines) == {question}
    assert lines[question].consequence


def test_another_topic_says_that_devices_enrol_again(tmp_path: Path) -> None:
    assert "enrol again" in asked(tmp_path, push(BETWEEN, uuid="another"))["Same topic"].consequence


def test_not_from_apple_and_without_its_issuer(tmp_path: Path) -> None:
    lines = asked(tmp_path, vendor(**RENEWED), old=None)
    assert failed(lines) == {"Issued by Apple"}
    assert "Same topic" not in lines
    assert lines["Ends later than the old one"].finding is Finding.UNTOLD


def test_an_incomplete_chain_names_what_is_missing(tmp_path: Path) -> None:
    made = push(BETWEEN, **RENEWED)
    file = written(tmp_path, "new.pem", pem(made, BETWEEN.certificate))
    assert candidate(file, None, nothing).missing_issuer == "Apple Root CA"
    assert candidate(file, None, nothing, written(tmp_path, "root.cer", der(ROOT.certificate))).missing_issuer == ""
    alone = candidate(written(tmp_path, "alone.cer", der(made)), None, nothing)
    assert (alone.missing_issuer, alone.matches_key) == (None, None)
    assert {line.question for line in verify(OLD, alone, NOW, Certificates()) if line.finding is Finding.UNTOLD} == {
        "Matches the private key",
        "Chain complete",
    }


def test_an_issuer_that_has_only_the_name_is_none(tmp_path: Path) -> None:
    imposter = Issuer(make(ROOT.certificate.subject, public=key("imposter"), ca=True), key("imposter"))
    file = written(tmp_path, "new.pem", pem(push(imposter, **RENEWED), ROOT.certificate))
    assert candidate(file, None, nothing).missing_issuer == "Apple Root CA"


def test_a_bundle_brings_its_own_key(tmp_path: Path) -> None:
    bundle = p12(push(BETWEEN, **RENEWED), key(), PASSPHRASE, BETWEEN.certificate, ROOT.certificate)
    file = written(tmp_path, "new.p12", bundle)
    found = candidate(file, file, {file: Secret(PASSPHRASE)}.get)
    assert (found.matches_key, found.missing_issuer, found.certificate.kind) == (True, "", Kind.APNS)


@pytest.mark.parametrize(
    ("content", "passphrase", "said"),
    [
        (private(key(), PASSPHRASE), None, "Its passphrase is missing."),
        (private(key(), PASSPHRASE), "wrong", "its passphrase is wrong"),
        (private(key()), PASSPHRASE, "It needs no passphrase."),
        (b"garbage", None, "It holds no private key"),
        (b"", None, "It is empty."),
    ],
    ids=["no passphrase", "wrong passphrase", "needless passphrase", "garbage", "empty"],
)
def test_a_key_that_cannot_be_read_leaves_the_question_open(
    tmp_path: Path, content: bytes, passphrase: str | None, said: str
) -> None:
    file, own = written(tmp_path, "new.cer", der(push())), written(tmp_path, "new.key", content)
    found = candidate(file, own, lambda path: Secret(passphrase) if passphrase else None)
    assert found.matches_key is None
    assert said in found.key_trouble
    assert PASSPHRASE not in repr(found)


def test_a_key_with_its_passphrase_is_compared(tmp_path: Path) -> None:
    file, own = written(tmp_path, "new.cer", der(push())), written(tmp_path, "k.pem", private(key(), PASSPHRASE))
    assert candidate(file, own, lambda path: Secret(PASSPHRASE)).matches_key is True


def test_a_certificate_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"new.cer cannot be verified\. It holds no certificate"):
        candidate(written(tmp_path, "new.cer", b"garbage"), None, nothing)


def test_the_leaf_is_found_wherever_it_stands(tmp_path: Path) -> None:
    file = written(tmp_path, "new.pem", pem(ROOT.certificate, BETWEEN.certificate, push(BETWEEN)))
    assert candidate(file, None, nothing).certificate.topic == TOPIC
