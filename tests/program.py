"""The command line within this process, against the simulator's demo world at `helpers.NOW`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fleet_tui.__main__ import main
from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.config.reference import show
from fleet_tui.services.tokens import SERVICES
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from tests.helpers import NOW


class Program:
    """Somebody at a shell, with everything set up."""

    def __init__(self, simulator: SimulatorThread, capsys: pytest.CaptureFixture[str]) -> None:
        self.simulator = simulator
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command: exit code, stdout, stderr."""
        with _own_log():
            code = main(arguments)
        out, err = self._capsys.readouterr()
        return code, out, err


@contextmanager
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    """The program and the systems it talks to, for the length of the block."""
    monkeypatch.setattr("fleet_tui.cli.session.utc_now", lambda: NOW)
    with SimulatorThread(demo_world(NOW)) as simulator:
        config = tmp_path / "config.toml"
        config.write_text(show(demo_config(simulator.url)), encoding="utf-8")
        monkeypatch.setenv("FLEET_TUI_CONFIG", str(config))
        monkeypatch.setenv("FLEET_TUI_STATE", str(tmp_path / "state"))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        for name, token in demo_tokens(simulator.url).items():
            monkeypatch.setenv(SERVICES[name].variable, token.reveal())
        yield Program(simulator, capsys)


@contextmanager
def _own_log() -> Iterator[None]:
    """What the program does to logging is undone, and its files are closed."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    try:
        yield
    finally:
        for handler in root.handlers:
            if handler not in before:
                handler.close()
        root.handlers[:] = before
