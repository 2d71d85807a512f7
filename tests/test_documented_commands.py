"""Every command that a document names is run, as it stands there, by somebody who has everything set up."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet_tui.cli.serve_gate import VARIABLE
from fleet_tui.exits import Exit
from tests.program import program
from tests.test_documents import COMMANDS

UNTIL_A_SIGNAL = {"fleet-tui serve", "fleet-tui serve --demo"}
"""Run by tests/test_serve.py."""
DRAWS = {
    "fleet-tui": Exit.NO_TERMINAL,
    "fleet-tui --read-only": Exit.NO_TERMINAL,
    "fleet-tui demo": Exit.NO_TERMINAL,
    "fleet-tui --config PATH": Exit.NOT_CONFIGURED,
}
"""Here is no terminal; on one they are run by tests/terminal/."""
ENDS = {
    **DRAWS,
    **dict.fromkeys((f"fleet-tui {group}" for group in ("auth", "config", "export", "freeze", "qa")), Exit.USAGE),
    "fleet-tui config init": Exit.REFUSED,  # the file is there
    "fleet-tui setup": Exit.REFUSED,
    "fleet-tui auth clear github": Exit.REFUSED,  # there is no keyring
    "fleet-tui certs": Exit.EXPIRED,
    "fleet-tui certs --fail-within 14d": Exit.EXPIRED,
    "fleet-tui certs passphrase FILE": Exit.REFUSED,
    "fleet-tui freeze freeze": Exit.REFUSED,  # it is frozen
    "fleet-tui freeze lift": Exit.REFUSED,  # nobody can be asked here
    "fleet-tui freeze unfreeze 17221": Exit.REFUSED,
    "fleet-tui qa set Scripts pass": Exit.REFUSED,
    "fleet-tui release status": Exit.PROBLEM,  # not ready
    "fleet-tui release dependencies": Exit.PROBLEM,
}
"""How they end, if not well."""


def expected(line: str) -> Exit:
    """How it ends."""
    if line.startswith("fleet-tui --screen "):
        return Exit.NO_TERMINAL
    if line.startswith(("fleet-tui auth set ", "fleet-tui serve --host ")):
        return Exit.REFUSED  # without a keyring; without a token of one's own
    return ENDS.get(line, Exit.OK)


def test_each_ends_as_it_should_says_something_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").touch()
    assert ENDS.keys() <= set(COMMANDS), "what no document names needs no line here"
    with program(tmp_path, monkeypatch, capsys) as run:
        ended = {line: run(*line.split()[1:]) for line in COMMANDS if line not in UNTIL_A_SIGNAL}
        wrote = [one.path for one in run.simulator.requests if one.method in {"PATCH", "PUT", "DELETE"}]
    wrong = {line: (code, err) for line, (code, _, err) in ended.items() if code != expected(line)}
    assert wrong == {}
    assert [line for line, (_, out, err) in ended.items() if not out and not err] == []
    assert [line for line, (_, out, err) in ended.items() if "Traceback" in out + err] == []
    assert wrote == []
