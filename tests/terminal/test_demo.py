"""The demo on a real terminal: it starts, unfreezes, quits, and leaves nothing behind however it ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from tests.terminal.program import ALTERNATE_SCREEN, Program, is_simulator, program, within

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

FIRST = "#17221"
"""The pull request under the cursor at the start."""


@pytest.fixture
def demo() -> Iterator[Program]:
    """The demo when its first screenful is there."""
    with program("demo", "--screen", "freeze") as running:
        running.sees("May merge now")
        yield running


def test_a_person_can_see_the_freeze_unfreeze_with_two_keys_and_quit() -> None:
    with program("demo", "--screen", "freeze") as demo:
        demo.sees("main is frozen")
        demo.sees(lambda: demo.line_of(FIRST).endswith("blocked"))
        (simulator,) = demo.simulators()
        demo.press("u")
        demo.sees(f"Unfreeze {FIRST}?")
        demo.press("y")
        demo.sees(lambda: demo.line_of(FIRST).endswith("✔ unfrozen"))
        demo.sees(f"{FIRST} may merge now.")
        demo.press("q")
        assert demo.ends() == 0
        assert demo.left_in_order
        assert demo.modes()[ALTERNATE_SCREEN] is False, "it was on it, and left it"
        assert not is_simulator(simulator)
        assert b"Traceback" not in demo.written


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_it_in_order(demo: Program, number: signal.Signals) -> None:
    (simulator,) = demo.simulators()
    demo.signal(number)
    assert demo.ends() == 128 + number
    assert demo.left_in_order
    assert not is_simulator(simulator)


def test_killed_outright_it_leaves_no_simulator_behind(demo: Program) -> None:
    (simulator,) = demo.simulators()
    demo.signal(signal.SIGKILL)
    assert demo.ends() == -signal.SIGKILL
    assert within(5, lambda: not is_simulator(simulator))


@pytest.mark.parametrize("ignored", [False, True], ids=["as usual", "under nohup"])
def test_when_its_terminal_vanishes_it_ends_instead_of_spinning(ignored: bool) -> None:
    with program("demo", "--screen", "freeze", ignore_sighup=ignored) as demo:
        demo.sees("May merge now")
        (simulator,) = demo.simulators()
        demo.hang_up()
        assert demo.ends_within(5)
        assert within(5, lambda: not is_simulator(simulator))
