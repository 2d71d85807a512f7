"""`fleet-tui completion`: what the shell does with the script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fleet_tui.cli.completion import SHELLS
from fleet_tui.exits import Exit

PROGRAM = [sys.executable, "-m", "fleet_tui"]


def script(shell: str) -> str:
    """The script for `shell`."""
    return subprocess.run([*PROGRAM, "completion", shell], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def path_with_program(tmp_path: Path) -> str:
    """A search path on which `fleet-tui` is this program."""
    there = tmp_path / "fleet-tui"
    there.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fleet_tui "$@"\n', encoding="utf-8")
    there.chmod(0o755)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


TYPED = {
    "fleet-tui compl": {"completion"},
    "fleet-tui completion ": set(SHELLS),
    "fleet-tui --scr": {"--screen"},
    "fleet-tui config ch": {"check"},
    "fleet-tui serve --wr": {"--write"},
    "fleet-tui kpi --format m": {"md"},
}


def bash(typed: str) -> str:
    """What bash does when the tab key is pressed after `typed`, and tells what it would offer."""
    words = typed.split(" ")
    return f"""
        COMP_WORDS=({" ".join(words[:-1])} "{words[-1]}") COMP_CWORD={len(words) - 1}
        _fleet_tui_completion fleet-tui "{words[-1]}" "{words[-2]}"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """


def zsh(typed: str) -> str:
    """The same for zsh: its line editor, which needs a terminal, is stood in for."""
    words = typed.split(" ")
    return f"""
        compadd() {{ print -rl -- ${{(P)@[-1]}} }}
        _describe() {{ print -rl -- ${{${{(P)3}}%%:*}} }}
        words=({" ".join(words[:-1])} "{words[-1]}") CURRENT={len(words)}
        _fleet_tui_completion
    """


def fish(typed: str) -> str:
    """The same for fish, which can be asked, and explains after a tab."""
    return f"complete -C '{typed}'"


BEFORE = {"zsh": "compdef() {}\n"}
ASK = {"bash": bash, "zsh": zsh, "fish": fish}
PLAIN = {"bash": "--norc", "zsh": "-f", "fish": "--no-config"}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_completes(shell: str, path_with_program: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    completion = BEFORE.get(shell, "") + script(shell)
    for typed, expected in TYPED.items():
        answer = subprocess.run(
            [shell, PLAIN[shell], "-c", completion + ASK[shell](typed)],
            env={**os.environ, "PATH": path_with_program},
            check=True,
            capture_output=True,
            text=True,
        )
        assert (typed, {line.partition("\t")[0] for line in answer.stdout.splitlines()}) == (typed, expected)
        assert (typed, answer.stderr) == (typed, "")


def test_another_shell_is_refused() -> None:
    refused = subprocess.run([*PROGRAM, "completion", "csh"], check=False, capture_output=True, text=True)
    assert refused.returncode == Exit.USAGE
    assert refused.stdout == ""
    assert "csh" in refused.stderr
