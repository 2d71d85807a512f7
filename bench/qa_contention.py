"""Many testers tick one release QA issue at once, over a bad network, beside somebody who saves stale copies.

    python -m bench.qa_contention                 20 testers × 50 verdicts, 50 to 300 ms, 2 % failures
    python -m bench.qa_contention --testers 5 --verdicts 8 --latency 5 30 --pause 0.05 --stale 0.2 --watched 1

At the end every verdict must stand in the issue as its tester set it, and nothing else may have changed; the exit
status is 1 otherwise. Each tester has a state file and a connection of its own; the simulator is another process.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace

from bench.qa_load import Figures, Load, options
from bench.qa_world import ISSUE, WEB_EDITOR, Network, body_with, login
from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import ItemId, Verdict, read, set_verdict
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa import State
from fleet_tui.domain.qa_watch import Patience
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_sync import QaSync
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store

REPOSITORY = "fleetdm/fleet"


class Contention:
    """One run against the simulator at `url`; the state files go into `folder`."""

    def __init__(self, url: str, load: Load, folder: Path) -> None:
        self.figures = Figures()
        self._url = url
        self._load = load
        self._folder = folder
        self._chance = random.Random(load.seed)
        self._web = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer sim-{WEB_EDITOR}"}, timeout=30)
        self._web_wanted: dict[ItemId, Verdict] = {}
        self._done = asyncio.Event()

    async def run(self, network: Network) -> Figures:
        """Let everybody loose; returns when all verdicts are confirmed."""
        async with self._web:
            before = await self._body()
            items = [item.id for item in read(before).items]
            self._chance.shuffle(items)
            plans = [self._plan(items) for _ in range(self._load.testers)]
            await network.apply(self._web)
            started = time.monotonic()
            page = asyncio.create_task(self._stale_editor(self._plan(items)))
            await asyncio.gather(*(self._tester(number, plan) for number, plan in enumerate(plans)))
            self._done.set()
            await page
            self.figures.seconds = round(time.monotonic() - started, 1)
            await self._web.delete("/control/faults")
            wanted = {item: verdict for plan in [*plans, self._web_wanted] for item, verdict in plan.items()}
            self._compare(wanted, before, await self._body())
            await self._count_requests()
        return self.figures

    def _plan(self, items: list[ItemId]) -> dict[ItemId, Verdict]:
        """Tests for one tester, taken off `items`."""
        taken, items[:] = items[: self._load.verdicts], items[self._load.verdicts :]
        return {item: self._chance.choice((Verdict.PASS, Verdict.PASS, Verdict.FAIL)) for item in taken}

    async def _tester(self, number: int, plan: dict[ItemId, Verdict]) -> None:
        """Ticks a plan, a key at a time, and syncs until everything has stood for long enough."""
        load, settings = self._load, Config()
        settings = replace(settings, addresses=replace(settings.addresses, github=f"{self._url}/github"))
        token, store, http = Secret(f"sim-{login(number)}"), Store(self._folder / f"{number}.db"), Http()
        outbox = Outbox(store, REPOSITORY)
        sync = QaSync(
            outbox,
            GitHubWriter(settings.addresses.github, token, REPOSITORY, pause=load.pause),
            GitHubQa(GitHub(http, github_service(settings, token), REPOSITORY), [], []),
            ISSUE,
            who=lambda: login(number),
            now=lambda: datetime.now(UTC),
            patience=Patience(
                watched=timedelta(seconds=load.watched), grace=timedelta(seconds=load.watched / 2), backoff=load.pause
            ),
        )
        try:
            while sync.body is None:
                await self._round(sync)
            ticking = asyncio.create_task(self._tick(sync, plan))
            while not ticking.done() or sync.pending:
                await self._round(sync)
                await asyncio.sleep(sync.every(load.look_every, load.look_every) + load.pause * 0.2)
            await ticking
        finally:
            self.figures.resets += sync.resets
            self.figures.writes += sync.writes
            outbox.close()
            store.close()
            await http.aclose()

    async def _tick(self, sync: QaSync, plan: dict[ItemId, Verdict]) -> None:
        for item, verdict in plan.items():
            sync.set_verdict(item, verdict)
            await asyncio.sleep(self._chance.uniform(0, 2 * self._load.press_every))

    async def _round(self, sync: QaSync) -> None:
        try:
            await sync.sync()
        except Failure:
            self.figures.failed_rounds += 1
            await asyncio.sleep(self._chance.uniform(0, self._load.look_every))
        for one in [one for one in sync.pending.values() if one.state is State.CONFLICT]:
            self.figures.conflicts += 1
            sync.resolve(one.change.target, keep_mine=True)

    async def _stale_editor(self, plan: dict[ItemId, Verdict]) -> None:
        """Opens the editor on the web page, ticks a test, and saves the whole text a while later, blindly.

        With nothing left to tick it ticks again what it finds missing of its own: who saves a text without their own
        tick, several times and with no other change, has taken it back.
        """
        waiting = iter(plan.items())
        while not self._done.is_set():
            copy = await self._body()
            read_at = time.monotonic()
            item, verdict = next(waiting, (None, Verdict.UNTESTED))
            ticks = {item: verdict} if item else self._web_wanted
            text = _ticked(copy, ticks)
            await asyncio.sleep(self._load.stale * self._chance.uniform(0.3, 1))
            if time.monotonic() - read_at > self._load.watched / 2:
                continue  # a busy machine held it up: a copy older than the watch is not what the promise is about
            change = {"op": "web_edit", "number": ISSUE, "body": text, "by": WEB_EDITOR}
            (await self._web.post("/control/world", json=change)).raise_for_status()
            self.figures.web_saves += 1
            if item and len(self._web_wanted) < self._load.web_tests:
                self._web_wanted[item] = verdict
            await asyncio.sleep(self._load.stale * self._chance.uniform(0.3, 1))

    async def _body(self) -> str:
        """The text of the issue, asked for until the network lets it through."""
        while True:
            try:
                answer = await self._web.get(f"/github/repos/{REPOSITORY}/issues/{ISSUE}")
                return str(answer.raise_for_status().json()["body"])
            except httpx.HTTPError:
                continue

    def _compare(self, wanted: dict[ItemId, Verdict], before: str, after: str) -> None:
        stands = {item.id: item.verdict for item in read(after).items}
        self.figures.verdicts = len(wanted)
        self.figures.lost = sum(stands.get(item) is Verdict.UNTESTED for item in wanted)
        differ = sum(stands.get(item) is not verdict for item, verdict in wanted.items())
        unwanted = sum(verdict is not Verdict.UNTESTED for item, verdict in stands.items() if item not in wanted)
        self.figures.altered = differ - self.figures.lost + unwanted
        self.figures.other_text_changed = body_with(before, stands) != after

    async def _count_requests(self) -> None:
        counts: dict[str, Any] = (await self._web.get("/control/requests")).json()
        self.figures.requests, self.figures.unchanged = counts["total"], counts["not_modified"]


def _ticked(body: str, ticks: Mapping[ItemId, Verdict]) -> str:
    for item, verdict in ticks.items():
        edit = set_verdict(body, item, verdict)
        body = edit.body if edit else body
    return body


@contextmanager
def simulator(load: Load) -> Iterator[str]:
    """The simulator as a process of its own; gives its address."""
    sizes = ["--testers", str(load.testers), "--items", str(load.items)]
    command = [sys.executable, "-m", "bench.qa_world", *sizes]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.communicate()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and print its figures."""
    load, network = options(arguments)
    with simulator(load) as url, tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(Contention(url, load, Path(folder)).run(network))
    for name, value in asdict(figures).items():
        sys.stdout.write(f"{name.replace('_', ' '):>18}  {value}\n")
    return 0 if figures.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
