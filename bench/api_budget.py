"""What a day of polling costs: requests and points, by feed and by hour.

    python -m bench.api_budget               24 simulated hours with the default intervals
    python -m bench.api_budget --hours 2

The real feeds poll the simulator, but wait on a clock of the bench's: it goes on to the next poll that is due as soon
as all feeds wait. Meanwhile people work: issues, comments, pushes, checks, more by day than by night. The exit status
is 1 when GitHub was asked for 5 % of its hourly limit in any hour, or Merge Freeze twice within 20 seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.feed import Feed, Reading
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.wiring import Backend

START = datetime(2025, 6, 5, 13, tzinfo=UTC)
HOURLY = 5_000
ALLOWED = 0.05
MERGE_FREEZE_APART = timedelta(seconds=20)
BUSY_HOURS = range(13, 24)
"""In UTC: the working day of the team's zone."""
CHANGES_AN_HOUR = {True: 25, False: 2}
PEOPLE = ("getvictor", "mna", "lukeheath", "xpkoala")


class Waits:
    """The waits of all feeds on one clock, which goes on when there is nothing else to do."""

    def __init__(self, clock: FixedClock, feeds: Sequence[Feed[Any]]) -> None:
        self._clock = clock
        self._feeds = {feed.name: feed for feed in feeds}
        self._due: dict[str, datetime] = {}
        self._someone_waits = asyncio.Event()
        for feed in feeds:
            feed._woken_within = self._waiting(feed)  # type: ignore[method-assign]

    def _waiting(self, feed: Feed[Any]) -> Any:
        async def wait(seconds: float) -> bool:
            self._due[feed.name] = self._clock() + timedelta(seconds=seconds)
            self._someone_waits.set()
            await feed._awake.wait()
            feed._awake.clear()
            return self._due.pop(feed.name, None) is not None

        return wait

    async def next_due(self) -> datetime:
        """When the next poll is due; returns when all feeds wait."""
        while len(self._due) < len(self._feeds) or any(feed._awake.is_set() for feed in self._feeds.values()):
            self._someone_waits.clear()
            await self._someone_waits.wait()
        return min(self._due.values())

    def go_on(self) -> None:
        """Those whose time has come poll."""
        for name in [name for name, due in self._due.items() if due <= self._clock()]:
            del self._due[name]
            self._feeds[name]._awake.set()


class Day:
    """One run; the counts are by hour."""

    def __init__(self, hours: int, seed: int = 7) -> None:
        self.hours: list[Counter[str]] = []
        """What GitHub counted, REST and GraphQL together, and every request by system."""
        self.merge_freeze: list[datetime] = []
        self.spent: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self._hours = hours
        self._chance = random.Random(seed)
        self._clock = FixedClock(START)
        self._world: World = demo_world(START)
        self._world.now = self._clock

    async def run(self) -> None:
        """The day, poll by poll."""
        async with Simulator(self._world) as simulator:
            store = Store(None)
            backend = Backend(demo_config(simulator.url), demo_tokens(simulator.url), store, now=self._clock)
            waits = Waits(self._clock, list(backend.feeds.values()))
            tasks = [asyncio.create_task(backend.run(name, self._nothing)) for name in backend.feeds]
            for hour in range(self._hours):
                end = START + timedelta(hours=hour + 1)
                await self._hour(waits, simulator, end)
                self.hours.append(_counts(simulator))
                simulator.requests.clear()
            self.spent, self.unchanged = backend.http.spent, backend.http.unchanged
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await backend.aclose()
            store.close()

    @staticmethod
    def _nothing(name: str, reading: Reading[Any]) -> None: ...

    async def _hour(self, waits: Waits, simulator: Simulator, end: datetime) -> None:
        changes = sorted(end - timedelta(hours=self._chance.random()) for _ in range(self._rate(end)))
        asked = len(simulator.requests.select("mergefreeze"))
        while (due := await waits.next_due()) < end:
            while changes and changes[0] <= due:
                changes.pop(0)
                self._work()
            self._clock.advance(seconds=max(0.0, (due - self._clock()).total_seconds()))
            waits.go_on()
            await waits.next_due()
            now_asked = len(simulator.requests.select("mergefreeze"))
            self.merge_freeze += [self._clock()] * (now_asked - asked)
            asked = now_asked
        self._clock.advance(seconds=(end - self._clock()).total_seconds())

    @staticmethod
    def _rate(end: datetime) -> int:
        return CHANGES_AN_HOUR[end.hour in BUSY_HOURS]

    def _work(self) -> None:
        """Somebody does something to an issue or a pull request."""
        repo, by = self._world.repo(), self._chance.choice(PEOPLE)
        pull = self._chance.choice(repo.pulls(state="open"))
        match self._chance.randrange(6):
            case 0:
                repo.open_issue("Something is wrong", by=by, labels=("bug", ":reproduce"))
            case 1:
                pull.comment("Looks good", by=by)
            case 2:
                pull.push(by=by)
                pull.start_check("test-go")
            case 3 | 4:
                for check in [one for one in pull.head.checks if one.conclusion is None]:
                    pull.finish_check(check.name, "success")
            case _:
                repo.open_pull("Another change", by=by, files=("cmd/fleet/serve.go",))


def _counts(simulator: Simulator) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in simulator.requests:
        counts[entry.service] += 1
        if entry.service == "github" and entry.status != 304:
            counts["graphql" if entry.path.endswith("/graphql") else "rest"] += 1
    return counts


def faults(day: Day) -> list[str]:
    """Which promise was broken."""
    found = [
        f"hour {hour}: {counts[kind]} {kind} points of {HOURLY:,}"
        for hour, counts in enumerate(day.hours)
        for kind in ("rest", "graphql")
        if counts[kind] > HOURLY * ALLOWED
    ]
    pairs = zip(day.merge_freeze, day.merge_freeze[1:], strict=False)
    close = [later for former, later in pairs if later - former < MERGE_FREEZE_APART]
    return [*found, *(["Merge Freeze was asked twice within 20 s"] if close else [])]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print who asked for how much."""
    parser = argparse.ArgumentParser(prog="python -m bench.api_budget", description="What a day of polling costs.")
    parser.add_argument("--hours", type=int, default=24)
    day = Day(parser.parse_args(arguments).hours)
    asyncio.run(day.run())
    write = sys.stdout.write
    write(f"{'feed':>16}{'requests':>10}{'unchanged':>11}{'an hour':>9}\n")
    for name, count in day.spent.most_common():
        write(f"{name:>16}{count:>10,}{day.unchanged[name]:>11,}{count / len(day.hours):>9.1f}\n")
    for kind, words in (("rest", "GitHub REST"), ("graphql", "GitHub GraphQL")):
        most = max(counts[kind] for counts in day.hours)
        write(f"{words}: at most {most:,} points in an hour, {most / HOURLY:.1%} of {HOURLY:,}\n")
    found = faults(day)
    write("\n".join(found or ["Every limit was kept."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
