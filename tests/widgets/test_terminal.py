"""Nothing harmful gets out, links open without waiting, and the terminal is given back."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.drivers import linux_driver
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.filter import LineFilter
from textual.widgets import Static
from textual.worker import WorkerFailed

from fleet_tui.domain.problem import Problem
from fleet_tui.services.tokens import SERVICES
from fleet_tui.terminal import (
    LastingWriter,
    SafeFilter,
    browser,
    fatal_error,
    harmless,
    is_web_link,
    open_link,
    outlast_the_terminal,
    pasteable,
)
from tests.widgets.host import Host

URL = "https://github.com/fleetdm/fleet/pull/16231?x=1&y=2"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left_and_the_width_stays(text: str) -> None:
    shown = harmless(text)
    left = {unicodedata.category(one) for one in shown if one != "\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Co", "Cn"}
    if "\u200d" not in text:
        assert sum(map(cell_len, shown)) == sum(map(cell_len, text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Grüße, 日本 ✔", "Grüße, 日本 ✔"),
        ("a\x1b]2;title\x07b", "a]2;titleb"),
        ("a\u202eb\u2066c", "abc"),
        ("private \ue000", "private ·"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_the_filter_keeps_styles_and_control_segments() -> None:
    segments = [Segment("a\x1bb"), Segment.line(), Segment("\x1b[H", None, [(1,)])]  # type: ignore[list-item]
    filtered = SafeFilter().apply(segments, Color(0, 0, 0))
    assert [segment.text for segment in filtered] == ["ab", "", "\x1b[H"]


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("Grüße\n\t👩\u200d💻 ❤\ufe0f", "Grüße\n\t👩\u200d💻 ❤\ufe0f"),
        ("openssl x509 -in '/v/a\x1b[201~\r\x03.pem'", "openssl x509 -in '/v/a[201~.pem'"),
        ("/v/a\udcff.pem", "/v/a?.pem"),
        ("\u202egpj.exe\u200b\x9b", "gpj.exe"),
    ],
)
def test_what_is_copied_can_be_pasted(text: str, copied: str) -> None:
    assert pasteable(text) == copied


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Lu"])))
def test_nothing_that_is_copied_commands_a_terminal_or_ends_the_program(text: str) -> None:
    assert all(one in "\n\t\u200d?" or one.isprintable() for one in pasteable(text))


class Filtered(Host):
    """With the second line of defence."""

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), SafeFilter()]


async def test_unclean_text_does_not_reach_the_terminal() -> None:
    app = Filtered(Static("\x1b]2;renamed\x07 \u202etxet", markup=False))
    async with app.run_test() as pilot:
        await app.listen(pilot)
        app.screen.refresh()
        written = await app.written(pilot)
        assert "renamed" in written
        assert "\x1b]2" not in written
        assert "\u202e" not in written


@pytest.mark.parametrize(
    ("url", "good"),
    [
        (URL, True),
        ("http://127.0.0.1:8080/", True),
        ("file:///etc/passwd", False),
        ("ftp://example.com/list", False),
        ("vscode://example.com/open", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[", False),
        ("--version", False),
        ("https://a.b/c d", False),
        ("https://a.b/\x1b", False),
    ],
)
def test_only_links_to_web_pages_are_opened(url: str, good: bool) -> None:
    assert is_web_link(url) is good


@pytest.mark.parametrize(
    ("env", "there", "platform", "command"),
    [
        ({"BROWSER": "firefox --new-tab %s"}, {"firefox"}, "linux", ["firefox", "--new-tab", "%s"]),
        ({"BROWSER": "gone:lynx"}, {"lynx"}, "linux", ["lynx"]),
        ({"BROWSER": "'broken", "DISPLAY": ":0"}, {"xdg-open"}, "linux", ["xdg-open"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, {"xdg-open"}, "linux", ["xdg-open"]),
        ({"DISPLAY": ":0"}, set(), "linux", None),
        ({}, {"xdg-open"}, "linux", None),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, {"wslview"}, "linux", ["wslview"]),
        ({}, {"open"}, "darwin", ["open"]),
        ({"SSH_CONNECTION": "1.2.3.4"}, {"open"}, "darwin", None),
    ],
)
def test_which_browser(env: Mapping[str, str], there: set[str], platform: str, command: list[str] | None) -> None:
    assert browser(env, lambda name: name if name in there else None, platform) == command


def test_a_link_is_handed_to_the_browser_without_waiting(tmp_path: Path) -> None:
    script, seen = tmp_path / "browser", tmp_path / "seen"
    script.write_text(
        f'#!/bin/sh\necho noise; echo noise >&2; printf %s "$1" > {seen}.part\nmv {seen}.part {seen}\nsleep 5\n'
    )
    script.chmod(0o755)
    start = time.monotonic()
    assert open_link(URL, {"BROWSER": str(script)}) is None
    assert time.monotonic() - start < 2
    while not seen.exists():
        time.sleep(0.01)
    assert seen.read_text() == URL


def test_a_browser_gets_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, seen = tmp_path / "browser", tmp_path / "seen"
    script.write_text(f"#!/bin/sh\nenv > {seen}.part\nmv {seen}.part {seen}\n")
    script.chmod(0o755)
    tokens = [*(service.variable for service in SERVICES.values()), "GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN"]
    for variable in tokens:
        monkeypatch.setenv(variable, "planted")
    monkeypatch.setenv("DISPLAY", ":7")
    assert open_link(URL, {"BROWSER": str(script)}) is None
    while not seen.exists():
        time.sleep(0.01)
    assert "planted" not in seen.read_text()
    assert "DISPLAY=:7" in seen.read_text(), "the rest it needs"


def test_without_a_browser_it_says_so() -> None:
    problem = open_link(URL, {})
    assert isinstance(problem, Problem)
    assert problem.text == "No browser here (SSH?)."


def test_a_browser_that_does_not_start_is_a_problem(tmp_path: Path) -> None:
    broken = tmp_path / "browser"
    broken.write_text("no program")
    broken.chmod(0o755)
    problem = open_link(URL, {"BROWSER": str(broken)})
    assert problem is not None
    assert problem.text == "The browser could not be started."


class Failing(App[None]):
    """Ends by a fault while a secret is in a local variable."""

    def __init__(self, *, in_a_worker: bool) -> None:
        super().__init__()
        self._in_a_worker = in_a_worker

    def on_mount(self) -> None:
        if self._in_a_worker:
            self.run_worker(self._fail())
        else:
            self.call_later(self._fail)

    async def _fail(self) -> None:
        secret = "hunter2"
        raise RuntimeError("fault" if secret else "")

    def _fatal_error(self) -> None:
        fatal_error(self, lambda error: f"{type(error).__name__} in {extract_tb(error.__traceback__)[-1].name}.")


@pytest.mark.parametrize("in_a_worker", [False, True])
async def test_a_fault_ends_in_one_sentence(capsys: pytest.CaptureFixture[str], *, in_a_worker: bool) -> None:
    app = Failing(in_a_worker=in_a_worker)
    with pytest.raises((RuntimeError, WorkerFailed), match="fault"):
        async with app.run_test() as pilot:
            await pilot.pause()
    assert app.return_code == 1
    shown = capsys.readouterr().err
    assert shown.strip() == "RuntimeError in _fail."


PROGRAM = """
import sys
from textual.app import App
from textual.widgets import Static
from fleet_tui.terminal import restore_on_signals, tolerate_old_mouse_reports

class Program(App):
    def compose(self):
        yield Static("ready", markup=False)
    def on_mount(self):
        restore_on_signals(self)
    def key_q(self):
        self.exit(return_code=7)

tolerate_old_mouse_reports()
app = Program()
app.run()
sys.exit(app.return_code or 0)
"""


@pytest.fixture
def program() -> pexpect.spawn[str]:
    """A small program on a real terminal."""
    child = pexpect.spawn(sys.executable, ["-c", PROGRAM], dimensions=(40, 140), encoding="utf-8", timeout=10)
    child.expect("ready")
    return child


@pytest.mark.terminal
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_give_the_terminal_back(program: pexpect.spawn[str], number: signal.Signals) -> None:
    program.kill(number)
    program.expect(r"\x1b\[\?1049l")
    program.expect(pexpect.EOF)
    program.wait()
    assert program.exitstatus == 128 + number


@pytest.mark.terminal
def test_an_old_mouse_report_does_not_end_the_program(program: pexpect.spawn[str]) -> None:
    os.write(program.child_fd, b"\x1b[M \xe1\x4a")
    program.send("q")
    program.expect(pexpect.EOF)
    program.wait()
    assert program.exitstatus == 7


class GoneTerminal(io.StringIO):
    """A terminal that went away."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_a_writer_whose_terminal_has_gone_takes_everything_and_stops() -> None:
    writer = LastingWriter(GoneTerminal())
    writer.start()

    def last_words() -> None:
        for _ in range(10 * MAX_QUEUED_WRITES):
            writer.write("nobody reads this")
        writer.stop()

    speaker = threading.Thread(target=last_words, daemon=True)
    speaker.start()
    speaker.join(5)
    assert not speaker.is_alive()


def test_the_driver_uses_the_writer_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux_driver, "WriterThread", WriterThread)
    outlast_the_terminal()
    assert vars(linux_driver)["WriterThread"] is LastingWriter
