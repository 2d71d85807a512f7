"""What the bug board costs with many bugs: reading them, keeping them current, and a key on the screen.

    python -m bench.board                   100, 1,000 and 10,000 bugs
    python -m bench.board --bugs 300 --changed 5

A poll without changes, and one with changes, must cost one request; the exit status is 1 otherwise. The times of
reading hold what the simulator takes, which is another process.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

import httpx
from msgspec.structs import replace

from bench.board_keys import board_seconds, empty_seconds
from bench.board_world import TOKEN, simulator
from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_bugs import OpenBugs
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret


@dataclass(slots=True)
class Figures:
    """What it came to with so many bugs. All times are seconds."""

    bugs: int
    load_seconds: float = 0.0
    load_requests: int = 0
    timeline_seconds: float = 0.0
    """Until the timeline of every open bug is there, after the list is."""
    timeline_requests: int = 0
    quiet_seconds: float = 0.0
    quiet_requests: int = 0
    changed: int = 0
    changed_seconds: float = 0.0
    changed_requests: int = 0
    restart_seconds: float = 0.0
    restart_requests: int = 0
    empty_key_seconds: float = 0.0
    """From a key to the paint, in an empty program."""
    key_seconds: float = 0.0
    """The same on the board, all bugs on it."""
    key_ratio: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether a poll, with changes and without, costs one request."""
        return self.quiet_requests == self.changed_requests == 1


class Cost:
    """Reads the bugs of the simulator at `url`, and measures."""

    def __init__(self, url: str, bugs: int) -> None:
        self.figures = Figures(bugs)
        self.bugs: tuple[Bug, ...] = ()
        """What was read last."""
        self._url = url
        config = Config()
        self._config = replace(config, addresses=replace(config.addresses, github=f"{url}/github"))
        self._http = Http()
        self._github = GitHub(self._http, github_service(self._config, Secret(TOKEN)), self._config.team.repository)

    async def run(self, changed: int) -> Figures:
        """Load, come to rest, poll, poll after `changed` bugs changed, start again."""
        figures, bugs = self.figures, self._reader()
        figures.load_seconds, figures.load_requests = await self._measured(bugs)
        figures.timeline_seconds, figures.timeline_requests = await self._settle(bugs)
        await bugs.read()
        figures.quiet_seconds, figures.quiet_requests = await self._measured(bugs)
        figures.changed = await self._change(changed, [bug.number for bug in await bugs.read() if not bug.closed])
        figures.changed_seconds, figures.changed_requests = await self._measured(bugs)
        await self._settle(bugs)
        self.bugs = await bugs.read()
        again = self._reader(known=self.bugs)
        figures.restart_seconds, figures.restart_requests = await self._measured(again)
        await self._http.aclose()
        return figures

    def _reader(self, known: Sequence[Bug] = ()) -> OpenBugs:
        return OpenBugs(self._github, self._config, lambda: datetime.now(UTC), known=known)

    async def _measured(self, bugs: OpenBugs) -> tuple[float, int]:
        before, started = self._http.spent.total(), time.monotonic()
        await bugs.read()
        return round(time.monotonic() - started, 3), self._http.spent.total() - before

    async def _settle(self, bugs: OpenBugs) -> tuple[float, int]:
        before, started = self._http.spent.total(), time.monotonic()
        while bugs.is_unsettled:
            await bugs.read()
        return round(time.monotonic() - started, 3), self._http.spent.total() - before

    async def _change(self, count: int, numbers: Sequence[int]) -> int:
        async with httpx.AsyncClient(base_url=self._url) as web:
            for number in numbers[:count]:
                deed = {"op": "assign", "number": number, "assignees": ["rachaelshaw"], "by": "mna"}
                (await web.post("/control/world", json=deed)).raise_for_status()
        return len(numbers[:count])


def table(rows: Sequence[Figures]) -> str:
    """The figures side by side, a column for each number of bugs."""
    lines = []
    for field in fields(Figures):
        cells = [f"{asdict(row)[field.name]:>12,}" for row in rows]
        lines.append(f"{field.name.replace('_', ' '):>18} {''.join(cells)}")
    return "\n".join(lines)


def _measure_keys(figures: Figures, bugs: Sequence[Bug]) -> None:
    empty, board = asyncio.run(empty_seconds()), asyncio.run(board_seconds(bugs))
    figures.empty_key_seconds, figures.key_seconds = round(empty, 4), round(board, 4)
    figures.key_ratio = round(board / empty, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.board", description="What the bug board costs.")
    parser.add_argument("--bugs", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--changed", type=int, default=20, help="how many bugs change before the last poll")
    options = parser.parse_args(arguments)
    rows: list[Figures] = []
    for count in options.bugs:
        with simulator(count) as url:
            cost = Cost(url, count)
            rows.append(asyncio.run(cost.run(options.changed)))
        _measure_keys(rows[-1], cost.bugs)
    sys.stdout.write(table(rows) + "\n")
    return 0 if all(row.is_right for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
