"""The programs that are measured: the floor, which is as little as a Textual program can be, and ours.

python -m bench.programs bare
python -m bench.programs asking ADDRESS REQUESTS
python -m bench.programs table ROWS
python -m bench.programs ours ADDRESS DIRECTORY SCREEN
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widgets import Static


def bare(after_paint: Callable[[Static], Awaitable[None]] | None = None) -> None:
    """A header, a footer and one static, which `after_paint` is given."""
    from textual.app import App, ComposeResult
    from textual.widgets import Footer, Header, Static

    class Bare(App[None]):
        BINDINGS = [("q", "quit", "Quit")]

        def compose(self) -> ComposeResult:
            yield Header()
            yield Static("As little as a program can show. " * 4)
            yield Footer()

        def on_ready(self) -> None:
            if after_paint:
                self.run_worker(after_paint(self.query_one(Static)))

    Bare().run()


def asking(address: str, requests: int) -> None:
    """The same; after its first paint so many requests by httpx, all at once. Live it is when all are answered."""

    async def ask(shown: Static) -> None:
        import asyncio
        import ssl

        import httpx
        import msgspec

        headers = {"Authorization": "Bearer sim-lucasmrod"}
        limits, trust = httpx.Limits(max_connections=16), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with httpx.AsyncClient(limits=limits, verify=trust, headers=headers) as client:
            path = f"{address}/github/repos/fleetdm/fleet/milestones"
            answers = await asyncio.gather(*(client.get(path) for _ in range(requests)))
        for answer in answers:
            msgspec.json.decode(answer.raise_for_status().content)
        shown.update("● live")

    bare(ask)


def table(rows: int) -> None:
    """A `DataTable` and nothing else."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    class Table(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            found = self.query_one(DataTable)
            found.add_columns("Number", "Title", "State")
            found.add_rows((str(row), f"Bug {row} of the table", "open") for row in range(rows))

    Table().run()


def ours(address: str, directory: str, screen: str) -> None:
    """The dashboard as `fleet-tui` starts it, with the simulator at `address` and its state in `directory`."""
    from fleet_tui.cli.demo import demo_config, demo_tokens
    from fleet_tui.cli.run import loading
    from fleet_tui.last_frame import shown
    from fleet_tui.paths import Paths

    paths = Paths(Path(directory) / "config.toml", Path(directory))
    config, tokens = demo_config(address), demo_tokens(address)
    with shown(paths.last_frame(screen), config.team.repository, datetime.now(UTC)) as hand_over:
        with loading():
            from fleet_tui.app import run
        run(config, paths, tokens, screen=screen, simulated=True, takes_over=hand_over)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bare"]:
            bare()
        case ["asking", address, requests]:
            asking(address, int(requests))
        case ["table", rows]:
            table(int(rows))
        case ["ours", address, directory, screen]:
            ours(address, directory, screen)
