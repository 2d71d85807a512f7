"""`fleet-tui serve`: who gets in, what the dashboard inherits, and what a browser shows."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pyte
import pytest
from aiohttp import web

from fleet_tui.__main__ import main
from fleet_tui.cli import serve
from fleet_tui.cli.serve import dashboard
from fleet_tui.cli.serve_gate import SHORTEST, VARIABLE, origin, token_for
from fleet_tui.cli.serve_server import application, environment
from fleet_tui.cli.start import Start
from fleet_tui.exits import Exit, Stop
from fleet_tui.paths import Paths
from fleet_tui.services.secret import Secret, redact
from tests.chromium import EXECUTABLE, chromium
from tests.helpers import answer, server
from tests.terminal.program import within

TOKEN = "t" * SHORTEST
SAYS_HELLO = r"import sys; sys.stdout.write('__GANGLION__\nD\0\0\0\5hello'); sys.stdout.flush(); sys.stdin.read(1)"
"""A dashboard of one word, in the packets of Textual's driver for the web."""
OPENS = (
    "new Promise(done => {const s = new WebSocket(%r); s.onopen = () => done('open'); s.onerror = () => done('no')})"
)


# The rules


def test_a_random_token_is_never_the_same_and_hides_itself() -> None:
    first, second = token_for("127.0.0.1", {}), token_for("127.0.0.1", {})
    assert first != second
    assert len(first.reveal()) >= SHORTEST
    assert first.reveal() not in redact(f"GET /{first.reveal()}/")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "0.0.0.0", "::", "10.1.2.3", "dash"])
def test_a_token_of_ones_own_serves_anywhere(host: str) -> None:
    assert token_for(host, {VARIABLE: TOKEN}) == Secret(TOKEN)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "128.0.0.1", "dash.example.com", ""])
def test_where_others_can_reach_it_no_random_token_will_do(host: str) -> None:
    with pytest.raises(Stop, match=VARIABLE) as refused:
        token_for(host, {})
    assert refused.value.code == Exit.REFUSED


@pytest.mark.parametrize("weak", ["x", "t" * (SHORTEST - 1), "t" * SHORTEST + "/", "ä" * SHORTEST, f"{TOKEN}\n"])
def test_a_weak_token_or_one_that_no_address_holds_is_refused_and_not_repeated(weak: str) -> None:
    with pytest.raises(Stop) as refused:
        token_for("127.0.0.1", {VARIABLE: weak})
    assert refused.value.code == Exit.REFUSED
    assert weak == "x" or weak.strip() not in refused.value.sentence


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("https://dash.example.com:443", "https://dash.example.com"),
        ("https://dash.example.com:80", "https://dash.example.com:80"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    "url", ["", "dash", "ftp://dash", "https://", "https://me@dash", "https://dash/below", "http://a:b"]
)
def test_what_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|Port"):
        origin(url)


HERS = {"PATH": "/bin", "LC_ALL": "C", "FLEET_TUI_STATE": "/s", "GH_TOKEN": "g", "AWS_SECRET": "a", "DISPLAY": ":0"}


def test_the_dashboard_inherits_what_it_needs() -> None:
    given = HERS | {VARIABLE: TOKEN}
    assert set(environment(given, VARIABLE, demo=False)) == {"PATH", "LC_ALL", "FLEET_TUI_STATE", "GH_TOKEN"}
    assert set(environment(given, VARIABLE, demo=True)) == {"PATH", "LC_ALL"}


def test_the_dashboard_is_read_only_unless_told_otherwise() -> None:
    start = Start(Paths(Path("my config; rm.toml"), Path("state")))
    words = shlex.split(dashboard(start, "freeze", read_only=True, demo=True))
    assert words[-4:] == ["demo", "--read-only", "--screen", "freeze"]
    assert str(Path("my config; rm.toml").absolute()) in words
    assert "--read-only" not in dashboard(start, None, read_only=False, demo=True)


# Refusals


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--host", "0.0.0.0"], Exit.REFUSED, VARIABLE),
        (["--host", "203.0.113.7"], Exit.REFUSED, VARIABLE),
        (["--url", "dash"], Exit.USAGE, "https://dash.example.com"),
        ([], Exit.NOT_CONFIGURED, "fleet-tui config init"),
    ],
)
def test_it_says_why_it_does_not_start(
    arguments: list[str], code: Exit, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == code
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


def test_everywhere_is_no_address_to_open(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    assert main(["serve", "--demo", "--host", "0.0.0.0", "--port", "0"]) == Exit.USAGE
    assert "--url" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--demo", "--port", port]) == Exit.UNAVAILABLE
    assert port in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _: None)
    assert main(["serve", "--demo"]) == Exit.UNAVAILABLE
    assert "'.[web]'" in capsys.readouterr().err


# The gate


@pytest.fixture
async def started(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Sees the processes out that the library starts: it does not wait for their end."""
    processes: list[Process] = []
    start = asyncio.create_subprocess_shell

    async def remember(*arguments: Any, **options: Any) -> Process:
        processes.append(await start(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_shell", remember)
    yield
    for process in processes:
        await process.wait()
        assert process.stdin
        process.stdin.close()
        with suppress(OSError):
            await process.stdin.wait_closed()


@pytest.fixture
async def site(started: None) -> AsyncIterator[str]:
    """A dashboard of one word; the address without the token."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    command = shlex.join([sys.executable, "-S", "-E", "-c", SAYS_HELLO])
    runner = web.AppRunner(
        application(command, url, Secret(TOKEN), title="test"), access_log=None, shutdown_timeout=0.1
    )
    await runner.setup()
    await web.SockSite(runner, listening).start()
    yield url
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that is no browser."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "t", TOKEN.upper(), "%C3%A4", f".%2F{TOKEN}"])
@pytest.mark.parametrize("page", ["", "ws", "static/js/textual.js", "download/x"])
async def test_without_the_token_there_is_nothing(
    site: str, client: aiohttp.ClientSession, token: str, page: str
) -> None:
    async with client.get(f"{site}/{token}/{page}" if token else f"{site}/{page}") as told:
        assert told.status == 403
        assert "token" in await told.text()
        assert TOKEN not in await told.text()


async def test_with_the_token_there_is_the_page_which_tells_nobody(site: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{site}/{TOKEN}/") as page:
        assert page.status == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert f"connect-src {site.replace('http', 'ws')};" in page.headers["Content-Security-Policy"]
        scripts = re.findall(r'<script src="([^"]+)"', await page.text())
    assert scripts
    for script in scripts:
        async with client.get(script) as told:
            assert told.status == 200


async def test_the_right_token_and_origin_get_the_dashboard(site: str, client: aiohttp.ClientSession) -> None:
    async with client.ws_connect(f"{site}/{TOKEN}/ws", origin=site) as dashboard:
        assert await dashboard.receive_bytes() == b"hello"


@pytest.mark.parametrize(
    ("token", "from_where"),
    [
        ("wrong", "{site}"),
        (TOKEN, "http://evil.example.com"),
        (TOKEN, "http://127.0.0.1"),
        (TOKEN, "{site}.evil.example.com"),
        (TOKEN, "https://127.0.0.1:{port}"),
        (TOKEN, "http://localhost:{port}"),
        (TOKEN, "null"),
        (TOKEN, None),
    ],
)
async def test_no_other_gets_a_socket(
    site: str, client: aiohttp.ClientSession, token: str, from_where: str | None
) -> None:
    where = from_where and from_where.format(site=site, port=site.rpartition(":")[2])
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"{site}/{token}/ws", origin=where)
    assert refused.value.status == 403


async def test_several_headers_of_origin_do_not_get_by(site: str, client: aiohttp.ClientSession) -> None:
    headers = [("Origin", "http://evil.example.com"), ("Origin", site)]
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.ws_connect(f"{site}/{TOKEN}/ws", headers=headers)


# The whole


@dataclass(frozen=True, slots=True)
class Serving:
    """The running command, and the address that it said."""

    process: subprocess.Popen[str]
    address: str

    @property
    def site(self) -> str:
        """The address without the token."""
        return self.address.rsplit("/", 2)[0]

    @property
    def token(self) -> str:
        """The token."""
        return self.address.rsplit("/", 2)[1]

    def ends(self, number: signal.Signals) -> tuple[int, str, str]:
        """Its exit code after a signal, and what else it wrote."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """`fleet-tui serve --demo`, with a secret in its environment that is none of the demo's business."""
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", "ghp_none_of_its_business")
    process = subprocess.Popen(
        [sys.executable, "-m", "fleet_tui", "serve", "--demo", "--port", "0", "--screen", "freeze"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]{32,}/", process.stderr.readline())
    assert found
    yield Serving(process, found[0])
    process.kill()
    process.communicate()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")
async def test_the_demo_comes_and_goes_without_a_trace_of_a_token(
    serving: Serving, client: aiohttp.ClientSession
) -> None:
    async with client.ws_connect(f"{serving.address}ws?width=100&height=30", origin=serving.site) as socket:
        screen = pyte.Screen(100, 30)
        terminal = pyte.ByteStream(screen)
        async with asyncio.timeout(30):
            while "May merge now" not in "\n".join(screen.display):
                terminal.feed(await socket.receive_bytes())
        assert "read-only" in screen.display[0]
        everybody_sees = b"".join(_read(process / "cmdline") for process in _processes())
        assert b"fleet_tui.simulator" in everybody_sees
        assert serving.token.encode() not in everybody_sees
        inherited = b"".join(_read(process / "environ") for process in _children(serving.process.pid))
        assert b"TEXTUAL_DRIVER" in inherited
        assert b"none_of_its_business" not in inherited
        children = _children(serving.process.pid)
        assert serving.ends(signal.SIGTERM) == (Exit.OK, "", "")
    assert within(5, lambda: not any(process.exists() for process in children))


def _processes() -> list[Path]:
    return [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _children(parent: int) -> list[Path]:
    return [one for one in _processes() if _read(one / "stat").rpartition(b")")[2].split()[1:2] == [b"%d" % parent]]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""


@pytest.mark.skipif(EXECUTABLE is None, reason="Chromium is not installed")
async def test_chromium_shows_the_demo_and_no_other_page_gets_at_it(serving: Serving, tmp_path: Path) -> None:
    async with chromium(tmp_path) as page:
        assert await page.drawn() == 0
        await page.go(serving.address)
        await page.until("document.body.classList.contains('-first-byte')")
        async with asyncio.timeout(30):
            while await page.drawn() < 0.02:  # its first screenful comes in several parts
                pass
        assert await page.ask("document.body.classList.contains('-closed')") is False
        socket = f"{serving.address}ws".replace("http", "ws")
        assert await page.ask(OPENS % socket) == "open"
        with server(answer(b"<p>Not ours")) as (foreign, _):
            await page.go(f"{foreign}/")
            assert await page.ask(OPENS % socket) == "no"
        await page.go(f"{serving.site}/{serving.token[:-1]}/")
        assert "lacks the token" in await page.ask("document.body.innerText")
        assert os.environ["HOME"] not in await page.ask("document.body.innerText")
