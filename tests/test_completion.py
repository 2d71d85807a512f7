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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("fleet-tui compl", {"completion"}),
        ("fleet-tui completion ", set(SHELLS)),
        ("fleet-tui --scr", {"--screen"}),
        ("fleet-tui config ch", {"check"}),
        ("fleet-tui serve --wr", {"--write"}),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(typed: str, expected: set[str], path_with_program: str) -> None:
    words = typed.split(" ")
    asking = f"""
        COMP_WORDS=({" ".join(words[:-1])} "{words[-1]}") COMP_CWORD={len(words) - 1}
        _fleet_tui_completion fleet-tui "{words[-1]}" "{words[-2]}"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    answer = subprocess.run(
        ["bash", "--norc", "-c", script("bash") + asking],
        env={**os.environ, "PATH": path_with_program},
        check=True,
        capture_output=True,
        text=True,
    )
    assert set(answer.stdout.split()) == expected
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(("shell", "check"), [("zsh", "-n"), ("fish", "--no-execute")])
def test_zsh_and_fish_can_read_theirs(shell: str, check: str) -> None:
    assert "fleet-tui" in script(shell)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, check], input=script(shell), check=True, text=True)


def test_another_shell_is_refused() -> None:
    refused = subprocess.run([*PROGRAM, "completion", "csh"], check=False, capture_output=True, text=True)
    assert refused.returncode == Exit.USAGE
    assert refused.stdout == ""
    assert "csh" in refused.stderr
