"""The TLS probe against a real TLS server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from fleet_tui.config.certificates import Endpoint
from fleet_tui.domain.certificates import Certificate, Inventory
from fleet_tui.services.tls_probe import probe
from tests.certificates import Issuer, key, make, pem, private, subject

HOST = "127.0.0.1"
PRESENT = datetime.now().astimezone()
"""TLS compares with this machine's clock, so the certificates here have to as well."""
YEAR = timedelta(days=365)


def server_certificate(by: Issuer | None, *, days: float, host: str = HOST) -> x509.Certificate:
    end = PRESENT + timedelta(days=days)
    return make(subject(host), by, start=end - YEAR, end=end, hosts=(host,))


def authority(name: str, above: Issuer | None = None, *, days: float = 900) -> Issuer:
    end = PRESENT + timedelta(days=days)
    own = key(name)
    signed = make(subject(name), above, start=end - 4 * YEAR, end=end, public=own, ca=True)
    return Issuer(signed, own)


@asynccontextmanager
async def serving(folder: Path, *chain: x509.Certificate, names: list[str | None] | None = None) -> AsyncIterator[str]:
    """A TLS server that shows `chain`; notes in `names` the names that clients ask for. Gives its port."""
    (folder / "chain.pem").write_bytes(pem(*chain))
    (folder / "key.pem").write_bytes(private(key()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    if names is not None:
        context.sni_callback = lambda _, name, __: names.append(name)

    async with listening(be_silent, ssl=context) as port:
        yield port


async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes and say nothing, until the client goes."""
    with contextlib.suppress(OSError):
        await reader.read()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk, **options: Any) -> AsyncIterator[str]:
    """A server that talks like this, and outlasts none of its connections. Gives its port."""
    talks: set[asyncio.Task[Any]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            talks.add(task)
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    running = await asyncio.start_server(handle, HOST, 0, **options)
    try:
        yield str(running.sockets[0].getsockname()[1])
    finally:
        running.close()
        await asyncio.gather(*talks)


async def look(port: str, host: str = HOST) -> Certificate:
    found = await probe(Endpoint(address=f"{host}:{port}", owner="mia"))
    assert not found.unreadable, found
    return found.certificates[0]


def fault(found: Inventory) -> str:
    assert not found.certificates
    return found.unreadable[0].sentence


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """The one authority that is trusted."""
    made = authority("Root")
    (tmp_path / "root.pem").write_bytes(pem(made.certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    return made


async def test_a_trusted_server(tmp_path: Path, root: Issuer) -> None:
    made = server_certificate(root, days=80)
    async with serving(tmp_path, made) as port:
        one = await look(port)
    assert (one.name, one.owner, one.warning) == (f"{HOST}:{port}", "mia", "")
    assert (one.valid_until, one.serial) == (made.not_valid_after_utc, f"{made.serial_number:X}")


async def test_the_first_end_in_the_chain_counts(tmp_path: Path, root: Issuer) -> None:
    between = authority("Between", root, days=5)
    async with serving(tmp_path, server_certificate(between, days=80), between.certificate) as port:
        one = await look(port)
    assert one.valid_until == between.certificate.not_valid_after_utc
    assert "“Between” in its chain ends before it does." in one.warning


@pytest.mark.parametrize(
    ("days", "host", "said"),
    [(-2, HOST, "expired"), (400, HOST, "not yet valid"), (80, "elsewhere.example", "mismatch")],
)
async def test_what_is_not_trusted_is_shown_all_the_same(
    tmp_path: Path, root: Issuer, days: float, host: str, said: str
) -> None:
    made = server_certificate(root, days=days, host=host)
    async with serving(tmp_path, made) as port:
        one = await look(port)
    assert one.valid_until == made.not_valid_after_utc
    assert one.warning.startswith("It is not trusted: ")
    assert said in one.warning


async def test_an_expired_chain_is_shown(tmp_path: Path, root: Issuer) -> None:
    between = authority("Between", root, days=-1)
    async with serving(tmp_path, server_certificate(between, days=80), between.certificate) as port:
        one = await look(port)
    assert one.valid_until == between.certificate.not_valid_after_utc
    assert "It is not trusted: certificate has expired." in one.warning


async def test_signed_by_itself(tmp_path: Path) -> None:
    async with serving(tmp_path, server_certificate(None, days=80)) as port:
        assert "self-signed certificate" in (await look(port)).warning


async def test_the_server_is_asked_by_its_name(tmp_path: Path, root: Issuer) -> None:
    names: list[str | None] = []
    async with serving(tmp_path, server_certificate(root, days=80, host="localhost"), names=names) as port:
        assert (await look(port, "localhost")).warning == ""
    assert names == ["localhost"]


async def test_nobody_listens() -> None:
    assert "It cannot be reached" in fault(await probe(Endpoint(address=f"{HOST}:1")))


async def test_no_tls_and_no_answer() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com\r\n")
        await reader.read(1)

    for handle, said in ((talk, "It does not speak TLS"), (be_silent, "No answer within 0.2 seconds.")):
        async with listening(handle) as port:
            assert said in fault(await probe(Endpoint(address=f"{HOST}:{port}"), seconds=0.2))
