"""The simulated GitHub of the contention bench: one large release QA issue, many testers, and faults."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from fleet_tui.domain.checklist import ItemId, Verdict, read
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World

ISSUE = 1
WEB_EDITOR = "web-editor"
UNLIMITED = 1_000_000_000
ROW = "<tr><td>Flow {0}</td><td>do</td><td>see</td><td>pass/fail</td></tr>"
TASK = "- [ ] Check {0}"


def login(tester: int) -> str:
    """The account of a tester; its token is `sim-<login>`."""
    return f"tester-{tester}"


def big_body(items: int) -> str:
    """A checklist of so many tests, half in tables and half tick boxes, with the line ends of the web page."""
    lines = ["# Release QA", "", "**Fleet version**: 4.70.0", ""]
    for section in range(0, items, 50):
        numbers = range(section, min(section + 50, items))
        lines += [f"## Section {section // 50}", ""]
        if section % 100:
            lines += [TASK.format(number) for number in numbers]
        else:
            lines += ["<table>", *(ROW.format(number) for number in numbers), "</table>"]
        lines += [""]
    lines += ["### Notes", "", "Issues found new to this version:", "", "None so far. 🎉"]
    return "\r\n".join(lines)


def body_with(body: str, verdicts: Mapping[ItemId, Verdict]) -> str:
    """What `big_body` must become, by lines: made without the code that is measured."""
    lines = body.split("\r\n")
    for item in read(body).items:
        line = lines[item.line - 1]
        verdict = verdicts.get(item.id, Verdict.UNTESTED)
        if verdict is Verdict.PASS:
            line = line.replace("pass/fail", "pass").replace("[ ]", "[x]")
        elif verdict is Verdict.FAIL:
            line = line.replace("pass/fail", "fail").replace("[ ]", "[ ] ❌")
        lines[item.line - 1] = line
    return "\r\n".join(lines)


def crowded_world(testers: int, items: int) -> World:
    """A repository with the issue, an account for each tester and one for the web page, and no rate limits."""
    world = World()
    for name in (WEB_EDITOR, *map(login, range(testers))):
        world.add_user(name)
    limits = world.limits
    limits.core = limits.graphql = limits.points_per_minute = limits.creations_per_minute = UNLIMITED
    world.add_repo("fleetdm/fleet").open_issue("Release QA: 4.70.0", big_body(items), by=WEB_EDITOR, number=ISSUE)
    return world


@dataclass(frozen=True, slots=True)
class Network:
    """How bad the way to GitHub is."""

    latency: tuple[float, float] = (50.0, 300.0)
    """Milliseconds."""
    failures: float = 0.02
    """The part of all requests that fails: half of the writes among them are carried out all the same."""

    async def apply(self, web: httpx.AsyncClient) -> None:
        """Make the simulator's network like this."""
        low, high = self.latency
        await web.post("/control/latency", json={"service": "github", "min": low, "max": high})
        kinds: list[dict[str, Any]] = [
            {"kind": "status", "status": 502},
            {"kind": "status", "status": 502, "after": True},
            {"kind": "drop"},
            {"kind": "drop", "after": True},
            {"kind": "cut"},
        ]
        for kind in kinds if self.failures else ():
            rule = {**kind, "service": "github", "probability": self.failures / len(kinds)}
            (await web.post("/control/faults", json=rule)).raise_for_status()


async def _serve(testers: int, items: int) -> None:
    async with Simulator(crowded_world(testers, items)) as simulator:
        sys.stdout.write(json.dumps({"url": simulator.url}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Serve the world until the end of standard input.")
    parser.add_argument("--testers", type=int, required=True)
    parser.add_argument("--items", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(_serve(options.testers, options.items))
