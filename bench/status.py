"""What the commands cost: `fleet-tui status --json` beside its slowest source, and the CPU of starting.

    python -m bench.status                     seven rounds, each source in turn a second late
    python -m bench.status --rounds 15 --late 2

CPU is what the process used, its own and the kernel's, so other work on the machine hardly matters. Figures are medians
and, in brackets, the least of all rounds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.config.reference import show
from fleet_tui.services.tokens import SERVICES
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import real_time

PYTHON = (sys.executable, "-c", "pass")
LIBRARIES = "fleet_tui.services, asyncio, click, httpx, httpcore, anyio, msgspec, platformdirs, sqlite3"
"""What a command that asks anything cannot do without; the first keeps httpx from loading what it does not need."""
FLOORS = {"python -c pass": PYTHON, "importing the libraries alone": (sys.executable, "-c", f"import {LIBRARIES}")}
PROGRAM = (sys.executable, "-m", "fleet_tui")
STATUS = ("status", "--json")
LATE = {"mergefreeze": "Merge Freeze", "calendar": "the calendar", "github": "GitHub, each request"}
"""What is made late in turn."""
OTHERS = ("--version", "--help", "freeze status", "certs", "bugs list", "oncall")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ran, in seconds."""

    took: float
    cpu: float
    cpu_to_first_request: float


@dataclass(slots=True)
class Rounds:
    """All runs of one command."""

    runs: list[Ran] = field(default_factory=list)

    def figure(self, of: Callable[[Ran], float]) -> str:
        """Milliseconds: the median, and the least."""
        values = [of(run) * 1000 for run in self.runs]
        return f"{median(values):6.0f} ({min(values):.0f})"


class Bench:
    """A shell with everything set up, and the systems that are asked."""

    def __init__(self, simulator: SimulatorThread, env: Mapping[str, str]) -> None:
        self.simulator = simulator
        self._env = env

    def run(self, command: Sequence[str]) -> Ran:
        """Run `command` to its end."""
        self.simulator.call(self.simulator.requests.clear)
        began = time.perf_counter()
        process = subprocess.Popen(command, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        first = self._cpu_at_first_request(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Ran(time.perf_counter() - began, used.ru_utime + used.ru_stime, first)

    def _cpu_at_first_request(self, pid: int) -> float:
        clock, used = (~pid << 3) | 2, 0.0  # Linux: the clock of that process
        while not self.simulator.requests and _is_running(pid):
            used = time.clock_gettime(clock)
            time.sleep(0.001)
        return used

    def rounds(self, command: Sequence[str], count: int) -> Rounds:
        """So many runs, after one that is not counted."""
        self.run(command)
        return Rounds([self.run(command) for _ in range(count)])

    @contextmanager
    def late(self, service: str, seconds: float) -> Iterator[None]:
        """All answers of one service come late."""
        latency = self.simulator.faults.latency
        self.simulator.call(lambda: latency.update({service: (seconds * 1000, seconds * 1000)}))
        yield
        self.simulator.call(latency.clear)


def _is_running(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


@contextmanager
def bench() -> Iterator[Bench]:
    """The bench for the length of the block."""
    world = demo_world(datetime.now(UTC))
    world.now = real_time
    world.merge_freeze.requests_per_second = None
    with TemporaryDirectory() as name, SimulatorThread(world) as simulator:
        config = Path(name) / "config.toml"
        config.write_text(show(demo_config(simulator.url)), encoding="utf-8")
        tokens = {SERVICES[one].variable: token.reveal() for one, token in demo_tokens(simulator.url).items()}
        own = {"FLEET_TUI_CONFIG": str(config), "FLEET_TUI_STATE": name, "NO_PROXY": "127.0.0.1"}
        yield Bench(simulator, {**os.environ, **own, **tokens})


def lines(at: Bench, rounds: int, late: float) -> Iterator[str]:
    """The table, line by line, as it is measured."""
    yield f"   ratio      took in ms           fleet-tui status --json, one source {late:g} s late"
    for service, words in LATE.items():
        with at.late(service, late):
            runs = at.rounds((*PROGRAM, *STATUS), rounds)
        ratio = median(run.took for run in runs.runs) / late
        yield f"{ratio:7.2f}×  {runs.figure(lambda run: run.took):>14}           {words}"
    yield "CPU in ms  to the first request"
    for words, command in FLOORS.items():
        yield f"{at.rounds(command, rounds).figure(lambda run: run.cpu):>14}  {'':14}  {words}"
    for words in (" ".join(STATUS), *OTHERS):
        runs = at.rounds((*PROGRAM, *words.split()), rounds)
        first = runs.figure(lambda run: run.cpu_to_first_request) if at.simulator.requests else ""
        yield f"{runs.figure(lambda run: run.cpu):>14}  {first:14}  fleet-tui {words}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.status", description="What the commands cost.")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each command")
    parser.add_argument("--late", type=float, default=1.0, help="seconds by which a source is late")
    options = parser.parse_args(arguments)
    with bench() as at:
        for line in lines(at, options.rounds, options.late):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
