"""Two programs of one tester tick one issue at once; one is killed, the simulator goes away: nothing is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import pytest

from fleet_tui.domain.checklist import ItemId, Verdict, read
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World
from tests.helpers import GITHUB_TOKEN

ROOT = Path(__file__).parents[1]
TEMPLATE = (ROOT / "fleet_tui/simulator/data/release-qa.md").read_text()
BODY = "\r\n".join(TEMPLATE.splitlines()) + "\r\n\r\n<!-- 🎉 -->  \r\n"

PROGRAM = """
import asyncio, json, random, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import ItemId, Verdict
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa_watch import Patience
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_qa import GitHubQa
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.qa_sync import QaSync
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store

url, state, token, plan = sys.argv[1:]


async def main():
    config = Config()
    config = replace(config, addresses=replace(config.addresses, github=f"{url}/github"))
    secret, http = Secret(token), Http()
    outbox = Outbox(Store(Path(state)), "fleetdm/fleet")
    sync = QaSync(
        outbox,
        GitHubWriter(config.addresses.github, secret, "fleetdm/fleet", pause=0.02),
        GitHubQa(GitHub(http, github_service(config, secret), "fleetdm/fleet"), (), ()),
        7,
        who=lambda: "mna",
        now=lambda: datetime.now(UTC),
        patience=Patience(looks=3, watched=timedelta(seconds=0.5), grace=timedelta(seconds=0.3), backoff=0.05),
    )

    async def round():
        try:
            await sync.sync()
        except Failure:
            await asyncio.sleep(random.uniform(0, 0.05))

    print(json.dumps({"left": len(sync.pending)}), flush=True)
    while sync.body is None:
        await round()

    async def tick():
        for section, name, occurrence, verdict in json.loads(plan):
            await asyncio.to_thread(sys.stdin.readline)  # a line for each press
            sync.set_verdict(ItemId(section, name, occurrence), Verdict(verdict))
            print(json.dumps({"pressed": name}), flush=True)

    ticking = asyncio.create_task(tick())
    while not ticking.done() or sync.pending:
        await round()
        await asyncio.sleep(max(0.02, sync.every(0.05, 0.05)))
    print(json.dumps({"settled": sync.writes}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await round()
    print(json.dumps({"body": sync.body}), flush=True)
    outbox.close()
    await http.aclose()


asyncio.run(main())
"""

Plan = dict[ItemId, Verdict]


class Program:
    """A program that ticks `plan`; what it says comes on its output, a line of JSON at a time."""

    def __init__(self, url: str, state: Path, plan: Plan) -> None:
        presses = [(item.section, item.name, item.occurrence, verdict.value) for item, verdict in plan.items()]
        command = [sys.executable, "-W", "error", "-c", PROGRAM, url, str(state), GITHUB_TOKEN, json.dumps(presses)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.program = subprocess.Popen(command, text=True, bufsize=1, cwd=ROOT, **pipes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.kill()
        with self.program:  # closes its pipes
            pass

    def press(self, times: int) -> None:
        """Let it press keys, and wait until it has."""
        assert self.program.stdin is not None
        for _ in range(times):
            self.program.stdin.write("\n")
            self.says("pressed")

    def body(self) -> Any:
        """What it shows when it has read the issue once more; it ends."""
        assert self.program.stdin is not None
        self.program.stdin.write("\n")
        return self.says("body")

    def says(self, key: str) -> Any:
        """Its next word under `key`; what it says before that is passed over."""
        assert self.program.stdout is not None
        for line in self.program.stdout:
            if key in (word := json.loads(line)):
                return word[key]
        raise AssertionError(f"the program ended without {key!r}")


def expected(verdicts: Plan) -> str:
    """`BODY` with the verdicts, made by hand."""
    body = BODY
    for item in sorted(read(BODY).items, key=lambda item: item.span or (0, 0), reverse=True):
        if item.span and item.id in verdicts:
            body = body[: item.span[0]] + verdicts[item.id].value + body[item.span[1] :]
    return body


@pytest.fixture
def plans() -> tuple[Plan, Plan]:
    """Two plans that share four tests, on which they agree."""
    items = [item.id for item in read(BODY).items]
    chance = random.Random(7)
    wanted = {item: chance.choice((Verdict.PASS, Verdict.FAIL)) for item in items}
    first, second = items[: len(items) // 2 + 2], items[len(items) // 2 - 2 :]
    return {item: wanted[item] for item in first}, {item: wanted[item] for item in second}


def test_one_is_killed_and_the_simulator_goes_away_and_comes_back(
    world: World, plans: tuple[Plan, Plan], tmp_path: Path
) -> None:
    issue = world.repo().open_issue("Release QA: 4.70.0", BODY, by="mna", number=7)
    state, (first, second) = tmp_path / "state.db", plans
    with ExitStack() as programs:
        with SimulatorThread(world) as there:
            there.call(lambda: there.faults.latency.update(github=(5, 20)))
            url = there.url
            killed, survivor = (programs.enter_context(Program(url, state, plan)) for plan in plans)
            assert (killed.says("left"), survivor.says("left")) == (0, 0)
            killed.press(3)
            survivor.press(3)
            killed.program.send_signal(signal.SIGKILL)
            killed.program.wait()
        survivor.press(2)  # offline
        rest = dict(list(first.items())[3:])
        with SimulatorThread(world, port=int(url.rpartition(":")[2])):
            restarted = programs.enter_context(Program(url, state, rest))
            assert restarted.says("left") == 3
            restarted.press(len(first) - 3)
            survivor.press(len(second) - 5)
            for program in (survivor, restarted):
                program.says("settled")
            bodies = {survivor.body(), restarted.body()}
            assert [program.program.wait() for program in (survivor, restarted)] == [0, 0]
    assert issue.body == expected(first | second)
    assert bodies == {issue.body}
