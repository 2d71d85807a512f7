"""What a terminal goes through in weeks: stopped and back, another size, detached; nothing is left out of order."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.program import HEIGHT, PROGRAM, WIDTH, Program, is_simulator, program, within

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

SIZES = ((1, 1), (24, 80), (2, 200), (60, 3), (1, 120), (50, 160), (10, 10), (30, 1))
"""Lines and columns."""
SHOWN = "May merge now"


def stat(pid: int) -> list[str]:
    """The fields of a process after its name; the first is its state."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def ticks(pid: int) -> int:
    """What a process has computed, in hundredths of a second."""
    return sum(map(int, stat(pid)[11:13]))


def test_stopped_it_gives_the_terminal_back_and_after_a_storm_of_sizes_it_is_as_it_was() -> None:
    """One program for both: its start is most of what they take."""
    with program("demo", "--screen", "freeze") as demo:
        demo.sees("● live")
        stopped_and_back(demo)
        storm(demo)
        (simulator,) = demo.simulators()
        demo.press("q")
        assert demo.ends() == 0
        assert demo.left_in_order
        assert b"Traceback" not in demo.written
        assert not is_simulator(simulator)


def stopped_and_back(demo: Program) -> None:
    """As with Ctrl+Z and `fg`."""
    while demo.quiet(0.5):  # at rest: what is still being read would be drawn by itself
        pass
    demo.signal(signal.SIGTSTP)
    assert within(5, lambda: demo.read(0.02) is not None and stat(demo.pid)[0] == "T")
    demo.quiet(0.2)
    assert demo.left_in_order
    before = len(demo.written)
    demo.signal(signal.SIGCONT)
    demo.sees(lambda: SHOWN.encode() in demo.written[before:])
    assert not demo.left_in_order, "it has the terminal again"


def storm(demo: Program) -> None:
    """One size after the other, too quickly for all to be drawn."""
    for number in range(120):
        demo.resize(*SIZES[number % len(SIZES)])
        demo.read(0.002)
    demo.resize(HEIGHT, WIDTH)
    demo.sees(SHOWN)
    while demo.quiet(0.5):
        pass
    before = ticks(demo.pid)
    demo.quiet(1)
    assert ticks(demo.pid) - before < 50, "it spins"


def rests(pid: int) -> bool:
    """Whether it uses less than half a second of CPU in the next one: it may not have read everything yet."""
    before = ticks(pid)
    time.sleep(1)
    return ticks(pid) - before < 50


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_detached_from_tmux_it_goes_on_and_is_there_on_attaching(tmp_path: Path) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]

    def say(*words: str) -> str:
        return subprocess.run([*tmux, *words], capture_output=True, text=True, timeout=10).stdout

    def shows(words: str) -> Callable[[], bool]:
        return lambda: words in say("capture-pane", "-p", "-t", "x")

    try:
        say("new-session", "-d", "-s", "x", "-x", "120", "-y", "30", *PROGRAM, "demo", "--screen", "freeze")
        assert within(20, shows(SHOWN)), say("capture-pane", "-p", "-t", "x")
        pid = int(say("display-message", "-p", "-t", "x", "#{pane_pid}"))
        with program("attach", "-t", "x", command=tmux, env={"TERM": "xterm-256color"}) as first:
            first.sees(SHOWN)
            say("detach-client", "-s", "x")
            assert first.ends() == 0
        assert within(10, lambda: rests(pid)), "it spins while nobody looks"
        with program("attach", "-t", "x", command=tmux, env={"TERM": "xterm-256color"}) as second:
            second.sees(SHOWN)
            second.press("8")
            second.sees("Nothing has been written yet.")
            second.press("q")
            second.ends()
        assert within(5, lambda: not Path(f"/proc/{pid}").exists())
    finally:
        say("kill-server")
