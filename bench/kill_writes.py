"""A program is killed at random points while it writes its state file: what it said was written is there, once.

    python -m bench.kill_writes                200 rounds
    python -m bench.kill_writes --rounds 15

Each round starts on what the one before left. The exit status is 1 when something was lost or done twice.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from fleet_tui.domain.checklist import ItemId
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.qa import Change, Kind, Pending, State
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.store import Store

ISSUE, REPOSITORY = 7, "fleetdm/fleet"
LONGEST = 0.03
"""Seconds that a program lives at most, from its start or its first write on: some die while they open the file."""
READING = ["x" * 100] * 200


@dataclass
class Outcomes:
    """What the programs said, and what was found afterwards."""

    rounds: int = 0
    written: list[int] = field(default_factory=list)
    """The numbers of the writes that were said to be done."""
    idle: int = 0
    """Rounds that were killed before their first write was done."""
    faults: list[str] = field(default_factory=list)


def write_for_ever(state: Path, number: int) -> None:
    """Open the state as the program does, take over what is left, and write: journal, outbox, reading."""
    store = Store(state)
    outbox = Outbox(store, REPOSITORY)
    while True:
        now = datetime.now(UTC)
        id_ = store.begin(Entry(0, now, "mna", "test", str(number), "", "", "", Outcome.STARTED, "", ""))
        target = ItemId("section", str(number), 0)
        outbox.save(
            Pending(Change(0, now, ISSUE, target, Kind.VERDICT, "pass", "pass/fail", "mna", frozenset()), State.QUEUED)
        )
        store.save_reading("pulls", now, [str(number), *READING])
        store.finish(id_, Outcome.DONE, "", "")
        os.write(1, f"done {number}\n".encode())
        number += 1


def serve(state: Path) -> None:
    """Fork for each number on standard input: a program that starts anew in a few milliseconds."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            write_for_ever(state, int(line))
        os.write(1, f"pid {pid}\n".encode())
        os.waitpid(pid, 0)
        os.write(1, b"ended 0\n")


@contextmanager
def programs(state: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    """Where to ask for a program, and what they say."""
    command = [sys.executable, "-m", "bench.kill_writes", "--serve", str(state)]
    folder = Path(__file__).parents[1]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdin, process.stdout


def kill_once(ask: IO[str], told: IO[str], number: int, wait: float, since: str) -> list[int]:
    """Start a program, kill it so many seconds after its start (`pid`) or first write (`done`); gives what it wrote."""
    ask.write(f"{number}\n")
    ask.flush()
    pid, killed, done = 0, False, list[int]()
    for line in told:
        word, _, value = line.partition(" ")
        if word == "ended":
            return done
        if word == "pid":
            pid = int(value)
        else:
            done.append(int(value))
        if word == since and not killed:
            time.sleep(wait)
            os.kill(pid, signal.SIGKILL)
            killed = True
    raise RuntimeError("the program that starts the others is gone")


def look(state: Path, outcomes: Outcomes) -> None:
    """Open the state as the next program, and compare it with what was said."""
    with closing(Store(state)) as store, closing(Outbox(store, REPOSITORY)) as outbox:
        rows = Counter(
            int(one.change.target.name) for one in outbox.pending(ISSUE) if isinstance(one.change.target, ItemId)
        )
        entries = store.journal(1_000_000)
        ended = Counter(int(one.title) for one in entries if one.outcome is Outcome.DONE)
        open_still = [one.title for one in entries if one.outcome is Outcome.STARTED]
        reading = store.reading("pulls", list[str])
        trouble = store.trouble
    with closing(sqlite3.connect(state)) as db:
        sound = db.execute("PRAGMA integrity_check").fetchone()[0]
    written = set(outcomes.written)
    found = {
        "the state file was not usable": [trouble] if trouble else [],
        "the file is not sound": [sound] if sound != "ok" else [],
        "lost from the outbox": written - rows.keys(),
        "lost from the journal": written - ended.keys(),
        "twice": [number for counted in (rows, ended) for number, times in counted.items() if times > 1],
        "dead and said to be running": open_still,
        "the last reading is older than what was written": []
        if reading and int(reading[0][0]) >= max(written)
        else ["pulls"],
    }
    outcomes.faults += [f"{what}: {sorted(which)}" for what, which in found.items() if which]


def run(rounds: int, state: Path, chance: random.Random) -> Outcomes:
    """So many rounds on one state file."""
    outcomes, number = Outcomes(), 1
    with programs(state) as (ask, told):
        while outcomes.rounds < rounds or not outcomes.written:
            since = "pid" if outcomes.rounds % 2 else "done"  # half of them may die before they have written anything
            done = kill_once(ask, told, number, chance.uniform(0, LONGEST), since)
            outcomes.rounds += 1
            outcomes.idle += not done
            outcomes.written += done
            number += len(done) + 1  # the one under way may or may not be there
        ask.close()
    look(state, outcomes)
    return outcomes


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(options.rounds, Path(folder) / "state.db", random.Random())
    print(f"{outcomes.rounds} programs killed, {outcomes.idle} of them before a write was done")  # noqa: T201
    print(f"{len(outcomes.written)} writes done, faults: {'; '.join(outcomes.faults) or 'none'}")  # noqa: T201
    return 1 if outcomes.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
