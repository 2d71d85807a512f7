"""What the dashboard costs, beside a bare Textual program in the same run.

    python -m bench.speed                          five rounds, 1,000 bugs, a minute idle
    python -m bench.speed --rounds 3 --bugs 1000 10000 --idle 65

Ours and the floor take turns, so that whatever else the machine does hits both. Figures are medians of the rounds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bench import board_world
from bench.terminal import Watched, watched
from fleet_tui.cli.simulation import simulation

PROGRAM = (sys.executable, "-m", "bench.programs")
LIVE = r"● live"
CLOCK = r"\d\d:\d\d \w+ *$"
"""Ends the status line; the last frame has another line in its place."""
REQUESTS = 54
"""What the dashboard asks at its start."""
STILL = 1.5
"""Seconds without a byte that end a start."""


Of = Callable[[Sequence[float]], float]
"""What stands for all that was measured."""


@dataclass(slots=True)
class Figure:
    """One line of the table: what was measured of ours, and of the floor."""

    name: str
    unit: str
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    of: Of = median

    def __str__(self) -> str:
        """The ratio first."""
        ours, floor = self.of(self.ours), self.of(self.floor)
        ratio = f"{ours / floor:7.2f}×" if floor else f"{'':8}"
        return f"{ratio}  {ours:9.1f}  {floor:9.1f} {self.unit:<5} {self.name}"


def percentile(number: int) -> Of:
    """The value that so many of a hundred do not exceed."""
    return lambda values: quantiles(values, n=100, method="inclusive")[number - 1]


class Speed:
    """The rounds, and what they came to."""

    def __init__(self, rounds: int, keys: int, idle: float) -> None:
        self.figures: list[Figure] = []
        self._rounds, self._keys, self._idle = rounds, keys, idle

    def _figure(self, name: str, unit: str, of: Of = median) -> Figure:
        self.figures.append(Figure(name, unit, of=of))
        return self.figures[-1]

    def starts(self, address: str, directory: str) -> None:
        """From the start to the first paint, to live data, to rest."""
        with started(address, directory, "today") as first:
            first.await_text(LIVE)
            first.leave("q")  # from now on there are a frame and readings to begin with
        paint = self._figure("first paint: the last frame", "ms")
        own = self._figure("the first paint of its own, with the last readings", "ms")
        live = self._figure("live data on screen", "ms")
        cpu = self._figure("CPU until it rests", "ms")
        asking_live = self._figure("the same, of a bare program that asks as much by httpx", "ms")
        asking_cpu = self._figure("CPU until that one rests", "ms")
        for _ in range(self._rounds):
            with watched(*PROGRAM, "bare") as bare:
                bare.settle(STILL)
                for figure in (paint, own, live, asking_live):
                    figure.floor.append(bare.first() * 1000)
                for figure in (cpu, asking_cpu):
                    figure.floor.append(bare.cpu * 1000)
            with watched(*PROGRAM, "asking", address, str(REQUESTS)) as asking:
                asking.await_text(LIVE)
                asking.settle(STILL)
                asking_live.ours.append(asking.first(LIVE) * 1000)
                asking_cpu.ours.append(asking.cpu * 1000)
            with started(address, directory, "today") as ours:
                ours.await_text(LIVE)
                ours.settle(STILL)
                paint.ours.append(ours.first() * 1000)
                own.ours.append(ours.first(CLOCK) * 1000)
                live.ours.append(ours.first(LIVE) * 1000)
                cpu.ours.append(ours.cpu * 1000)

    def rest(self, address: str, directory: str) -> None:
        """Left alone on Today, its feeds polling."""
        cpu, written = self._figure("idle: CPU a second", "ms"), self._figure("idle: bytes in all", "B")
        memory = self._figure("memory", "MiB")
        with watched(*PROGRAM, "bare") as bare, started(address, directory, "today") as ours:
            ours.await_text(LIVE)
            for program in (bare, ours):
                program.settle(STILL)
            for program, side in ((bare, "floor"), (ours, "ours")):
                seconds, count = program.idle(self._idle)
                getattr(cpu, side).append(seconds / self._idle * 1000)
                getattr(written, side).append(count)
                getattr(memory, side).append(program.memory)

    def board(self, bugs: int) -> None:
        """Up and down on the board of so many bugs, beside a `DataTable` of as many rows."""
        kinds: dict[str, Of] = {"median": median, "p95": percentile(95), "p99": percentile(99)}
        figures = [self._figure(f"{bugs:,} bugs: key to paint, {kind}", "ms", of) for kind, of in kinds.items()]
        with (
            board_world.simulator(bugs) as address,
            TemporaryDirectory() as directory,
            watched(*PROGRAM, "table", str(bugs)) as table,
            started(address, directory, "bugs") as ours,
        ):
            ours.await_text(r"[1-9][\d,]* open ")
            for program in (table, ours):
                program.settle(STILL)
            for number in range(self._keys):
                key = "\x1b[B" if number % 20 < 15 else "\x1b[A"
                beside, taken = table.press(key) * 1000, ours.press(key) * 1000
                for figure in figures:
                    figure.floor.append(beside)
                    figure.ours.append(taken)


@contextmanager
def started(address: str, directory: str, screen: str) -> Iterator[Watched]:
    """The dashboard, with the simulator at `address`."""
    with watched(*PROGRAM, "ours", address, directory, screen) as program:
        yield program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description="What the dashboard costs.")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each program")
    parser.add_argument("--bugs", type=int, nargs="*", default=[1_000], help="how many bugs are on the board")
    parser.add_argument("--keys", type=int, default=60, help="keys pressed on each board")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds that each program is left alone")
    options = parser.parse_args(arguments)
    speed = Speed(options.rounds, options.keys, options.idle)
    with TemporaryDirectory() as directory, simulation(Path(directory)) as address:
        speed.starts(address, directory)
        if options.idle:
            speed.rest(address, directory)
    for bugs in options.bugs:
        speed.board(bugs)
    sys.stdout.write("   ratio       ours      floor\n" + "\n".join(map(str, speed.figures)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
