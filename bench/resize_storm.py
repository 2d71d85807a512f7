"""A thousand sizes in ten seconds, down to one cell and back: what it costs, and whether it is the same afterwards.

python -m bench.resize_storm
"""

from __future__ import annotations

import random
import sys
import time

from bench.terminal import HEIGHT, WIDTH, watched

SIZES, SECONDS = 1000, 10.0
SHOWN = "May merge now"


def main() -> int:
    """Run it and print what came of it; 1 when the program did not come through."""
    chance = random.Random(7)
    with watched(sys.executable, "-m", "fleet_tui", "demo", "--screen", "freeze") as running:
        running.await_text(SHOWN)
        cpu, memory, start = running.cpu, running.memory, time.perf_counter()
        for number in range(SIZES):
            running.resize(chance.choice((1, 2, 10, 24, 60)), chance.choice((1, 3, 40, 80, 200)))
            while (left := start + SECONDS * (number + 1) / SIZES - time.perf_counter()) > 0:
                running.read(left)
        storm = running.cpu - cpu
        running.resize(HEIGHT, WIDTH)
        before = len(running.written)
        running.settle(1.0)
        is_back = any(SHOWN.encode() in data for _, data in running.written[before:])
        idle, _ = running.idle(5)
        grown = running.memory - memory
    print(f"{SIZES} sizes in {SECONDS:.0f} s: {storm:.1f} s of CPU, memory {grown:+.1f} MiB")  # noqa: T201
    print(f"afterwards: {'as before' if is_back else 'NOT as before'}, {idle / 5:.1%} of a core idle")  # noqa: T201
    return 0 if is_back else 1


if __name__ == "__main__":
    raise SystemExit(main())
