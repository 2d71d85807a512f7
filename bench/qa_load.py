"""How hard the contention bench makes it, and what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from bench.qa_world import Network


@dataclass(frozen=True, slots=True)
class Load:
    """How hard it is made. All times are seconds."""

    testers: int = 20
    verdicts: int = 50
    """Of each tester; no two testers have the same tests."""
    web_tests: int = 40
    """Tests that the one with the stale copies ticks, one with each save."""
    pause: float = 1.0
    """Between two writes of one tester: GitHub asks for one second."""
    press_every: float = 0.4
    stale: float = 3.0
    """How old the copy is that is saved, at most; for as long the editor stays closed afterwards."""
    watched: float = 10.0
    look_every: float = 1.0
    seed: int = 7

    @property
    def items(self) -> int:
        """How many tests the issue needs."""
        return self.testers * self.verdicts + self.web_tests


@dataclass(slots=True)
class Figures:
    """What it came to."""

    seconds: float = 0.0
    requests: int = 0
    unchanged: int = 0
    writes: int = 0
    web_saves: int = 0
    failed_rounds: int = 0
    resets: int = 0
    conflicts: int = 0
    verdicts: int = 0
    lost: int = 0
    altered: int = 0
    other_text_changed: bool = False

    @property
    def is_right(self) -> bool:
        """Whether everybody's verdicts stand, and nothing else has changed."""
        return not (self.lost or self.altered or self.other_text_changed)


def options(arguments: Sequence[str] | None) -> tuple[Load, Network]:
    """What the command line asks for."""
    usual, network = Load(), Network()
    parser = argparse.ArgumentParser(
        prog="python -m bench.qa_contention", description="Many testers tick one issue at once."
    )
    for name in ("testers", "verdicts", "web_tests", "seed"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(usual, name))
    for name in ("pause", "press_every", "stale", "watched", "look_every"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(usual, name))
    parser.add_argument("--latency", type=float, nargs=2, default=network.latency, help="milliseconds, from and to")
    parser.add_argument("--failures", type=float, default=network.failures, help="the part of all requests: 0.02")
    given = vars(parser.parse_args(arguments))
    network = Network(tuple(given.pop("latency")), given.pop("failures"))
    return Load(**given), network
