"""Two programs in two terminals work on one release QA issue, and lose nothing: not to each other, not to a crash."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pexpect
import pyte
import pytest

from fleet_tui.domain.checklist import Verdict, read, set_verdict
from fleet_tui.domain.qa_history import QaView
from fleet_tui.domain.release_qa import new_body
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.seed.release_qa import NUMBER
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World
from tests.helpers import as_toml
from tests.terminal.program import Screen

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "tests" / "data" / "release-qa-template.md"
PATIENCE = 40.0
ROWS, COLUMNS = 40, 130
PASS, FAIL = Verdict.PASS, Verdict.FAIL
KEYS = {PASS: "p", FAIL: "f"}
HOME = "\x1b[H"


class Tester:
    """A person at a terminal of their own, with a program of their own in it."""

    __test__ = False

    def __init__(self, login: str, url: str, folder: Path) -> None:
        self.login = login
        self._config = folder / f"{login}.toml"
        self._config.write_text(as_toml(url), encoding="utf-8")
        self._state = folder / f"{login}.state" / "fleet-tui.fleetdm--fleet.sqlite3"
        self._env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FLEET_TUI_STATE": str(self._state.parent),
            "FLEET_TUI_GITHUB_TOKEN": f"sim-{login}",
            "FLEET_TUI_MERGE_FREEZE_TOKEN": "sim-mergefreeze",
        }
        self.start()

    def start(self) -> None:
        """Start the program."""
        self._terminal = Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._terminal)
        command = ["-m", "fleet_tui", "--config", str(self._config), "--screen", "release_qa"]
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, command, env=self._env, cwd=str(self._config.parent), dimensions=(ROWS, COLUMNS)
        )
        self._child.delaybeforesend = None

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._child.send(keys)

    def tick(self, place: int, verdict: Verdict) -> None:
        """Go down to a test and give the verdict."""
        self.press(f"{HOME}{'j' * place}{KEYS[verdict]}")

    def kill(self) -> None:
        """End the program as a crash of the machine would."""
        self._child.kill(signal.SIGKILL)
        self._child.wait()
        self._child.close()

    @property
    def kept(self) -> object:
        """The checklist that the program would show without a network, once it is in its state file."""
        store = Store(self._state)
        try:
            return store.reading("checklist", QaView)
        finally:
            store.close()

    def quit(self) -> None:
        """End the program, whatever it is at."""
        if self._child.isalive():
            self.kill()

    @property
    def screen(self) -> str:
        """What is on the terminal now."""
        try:
            while True:
                self._stream.feed(self._child.read_nonblocking(65_536, timeout=0.005))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return "\n".join(line.rstrip() for line in self._terminal.display)

    def sees(self, *words: str) -> bool:
        """Whether all of `words` are on the screen."""
        screen = self.screen
        return all(word in screen for word in words)


class Afternoon:
    """The simulated GitHub, and those who test against it."""

    def __init__(self, folder: Path, exits: ExitStack) -> None:
        self.world: World = demo_world(datetime.now(UTC))
        body = new_body(TEMPLATE.read_text("utf-8"), "4.45.0", core=True, fleetd=["Orbit"]).body
        self.world.issue(NUMBER).web_edit(body, by="lukeheath")
        self.original = self.world.issue(NUMBER).body
        self.items = read(self.original).items
        self._folder = folder
        self._exits = exits
        self._server = ExitStack()
        self._port = 0
        self.testers: list[Tester] = []
        exits.callback(lambda: self._server.close())
        self.switch_on()

    def switch_on(self) -> None:
        """GitHub answers, where it did before."""
        self._simulator = self._server.enter_context(SimulatorThread(self.world, port=self._port))
        self._port = urlsplit(self._simulator.url).port or 0

    def switch_off(self) -> None:
        """GitHub is gone."""
        self._server.close()

    def come_in(self, login: str) -> Tester:
        """Another tester starts the program."""
        tester = Tester(login, self._simulator.url, self._folder)
        self._exits.callback(tester.quit)
        self.testers.append(tester)
        return tester

    @property
    def body(self) -> str:
        """The text of the issue as the server has it."""
        return self._simulator.call(lambda: self.world.issue(NUMBER).body)

    def place(self, name: str) -> int:
        """How far down a test stands."""
        return next(place for place, item in enumerate(self.items) if item.name == name)

    def expected(self, verdicts: dict[str, Verdict]) -> str:
        """The original text with nothing but these verdicts changed."""
        body = self.original
        for name, verdict in verdicts.items():
            edit = set_verdict(body, self.items[self.place(name)].id, verdict)
            assert edit, name
            body = edit.body
        return body

    def until(self, what: str, condition: Callable[[], object], *, asking: bool = False) -> None:
        """Wait for `condition`; `asking`: everybody presses `r` now and then."""
        deadline, ask_at = time.monotonic() + PATIENCE, time.monotonic()
        while not condition():
            if asking and time.monotonic() >= ask_at:
                ask_at = time.monotonic() + 0.5
                for tester in self.testers:
                    tester.press("r")
            if time.monotonic() > deadline:
                screens = "\n\n".join(f"{tester.login}:\n{tester.screen}" for tester in self.testers)
                raise AssertionError(f"it never came to this: {what}\n{screens}")
            for tester in self.testers:
                _ = tester.screen  # or a full terminal would stop the program
            time.sleep(0.02)

    def all_see(self, *words: str, asking: bool = False) -> None:
        """Wait until everybody sees all of `words`."""
        self.until(f"all see {words}", lambda: all(one.sees(*words) for one in self.testers), asking=asking)

    def ends_with(self, *bodies: str) -> None:
        """Wait until the server has one of `bodies`, and say where it differs when it never has."""
        self.until(f"the body is {bodies[0]}, and not {self.body}", lambda: self.body in bodies, asking=True)


@contextmanager
def an_afternoon(folder: Path) -> Iterator[Afternoon]:
    """With the simulated GitHub running."""
    with ExitStack() as exits:
        yield Afternoon(folder, exits)


@pytest.fixture
def afternoon(tmp_path: Path) -> Iterator[Afternoon]:
    """The simulated GitHub with an open release QA issue."""
    with an_afternoon(tmp_path) as there:
        yield there


def test_different_and_the_same_tests_at_the_same_time(afternoon: Afternoon) -> None:
    total, place = len(afternoon.items), afternoon.place
    one, two = afternoon.come_in("sabrinabuckets"), afternoon.come_in("xpkoala")
    afternoon.all_see(f"0 of {total} tested")
    # Without a look at each other's: three tests of one, three of the other, and one that both find passed.
    mine = {"Packs flow": PASS, "MDM enrollment flow": FAIL, "OS updates": PASS}
    other = {"Log destination flow": PASS, "Scripts": FAIL, "Release blockers": PASS}
    both = {"OS settings": PASS}
    for (left, left_verdict), (right, right_verdict) in zip((mine | both).items(), (both | other).items(), strict=True):
        one.tick(place(left), left_verdict)
        two.tick(place(right), right_verdict)
    everything = mine | other | both
    afternoon.ends_with(afternoon.expected(everything))
    afternoon.all_see(f"7 of {total} tested", asking=True)
    assert "conflict" not in one.screen + two.screen
    # A difference of opinion.
    one.tick(place("Setup experience"), PASS)
    two.tick(place("Setup experience"), FAIL)
    afternoon.until("a conflict is shown", lambda: one.sees("conflict") or two.sees("conflict"), asking=True)
    opinions = [afternoon.expected(everything | {"Setup experience": verdict}) for verdict in (PASS, FAIL)]
    afternoon.ends_with(*opinions)
    loser, verdict = (one, PASS) if one.sees("conflict") else (two, FAIL)
    loser.press(f"{HOME}{'j' * place('Setup experience')}")
    afternoon.until("both values", lambda: loser.sees("sabrinabuckets: ", "xpkoala: ", "Press Enter"), asking=True)
    loser.press("\r")
    afternoon.until("the question", lambda: loser.sees("keep yours?"))
    loser.press("y")
    afternoon.ends_with(afternoon.expected(everything | {"Setup experience": verdict}))
    afternoon.until("no conflict is left there", lambda: not loser.sees("conflict"), asking=True)


def test_github_goes_away_and_one_program_is_killed(afternoon: Afternoon) -> None:
    total, place = len(afternoon.items), afternoon.place
    one, two = afternoon.come_in("sabrinabuckets"), afternoon.come_in("xpkoala")
    afternoon.all_see(f"0 of {total} tested")
    one.tick(place("Packs flow"), PASS)
    two.tick(place("Scripts"), FAIL)
    afternoon.ends_with(afternoon.expected({"Packs flow": PASS, "Scripts": FAIL}))
    afternoon.all_see(f"2 of {total} tested", asking=True)

    afternoon.switch_off()
    one.tick(place("OS updates"), PASS)
    one.tick(place("OS settings"), FAIL)
    two.tick(place("Release blockers"), PASS)
    two.tick(place("Setup experience"), PASS)
    afternoon.all_see("sending", f"4 of {total} tested")
    # Readings are kept at leisure, so what others ticked last may be missing. Verdicts are kept at once.
    afternoon.until("a reading is kept", lambda: two.kept)
    two.kill()
    two.start()
    afternoon.until("the verdicts are still there", lambda: two.screen.count("sending") == 2)
    one.kill()
    afternoon.switch_on()
    one.start()
    everything = {
        "Packs flow": PASS,
        "Scripts": FAIL,
        "OS updates": PASS,
        "OS settings": FAIL,
        "Release blockers": PASS,
        "Setup experience": PASS,
    }
    afternoon.ends_with(afternoon.expected(everything))
    afternoon.all_see(f"6 of {total} tested", asking=True)
    assert "sending" not in one.screen + two.screen
    assert "conflict" not in one.screen + two.screen
