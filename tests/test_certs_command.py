"""`fleet-tui certs`: tables and JSON for scripts, exit codes by severity, passphrases into the keyring."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest

from fleet_tui.__main__ import main
from fleet_tui.exits import Exit
from fleet_tui.services.passphrases import passphrase
from fleet_tui.services.secret import Secret
from tests.certificates import key, make, p12, subject
from tests.keyrings import NONE, Memory

Say = Callable[..., tuple[int, str, str]]
Settings = Callable[[str], None]
TODAY = datetime.now(UTC)


@pytest.fixture(autouse=True)
def memory() -> Iterator[Memory]:
    """A keyring of the test's own."""
    before, mine = keyring.core._keyring_backend, Memory()
    keyring.set_keyring(mine)
    yield mine
    keyring.core._keyring_backend = before


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Writes the configuration."""
    path = tmp_path / "config.toml"
    path.touch()
    monkeypatch.setenv("FLEET_TUI_CONFIG", str(path))

    def write(text: str) -> None:
        path.write_text(text)

    return write


@pytest.fixture
def say(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Say:
    """The program within this process: exit code, stdout, stderr."""

    def start(*arguments: str) -> tuple[int, str, str]:
        code = main(["certs", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return start


def ending(days: int, name: str = "Licence") -> str:
    expires = (TODAY + timedelta(days=days)).date()
    return f'[[certificates.dates]]\nname = "{name}"\nexpires = {expires}\nowner = "mia"\n'


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (ending(200), [], Exit.OK),
        (ending(20), [], Exit.EXPIRING),
        (ending(20), ["--fail-within", "14d"], Exit.OK),
        (ending(20), ["--fail-within", "4w"], Exit.EXPIRING),
        (ending(-3) + ending(20, "Other"), [], Exit.EXPIRED),
        ('[[certificates.files]]\npath = "/none.pem"\n' + ending(200), [], Exit.PROBLEM),
        ('[[certificates.files]]\npath = "/none.pem"\n' + ending(20), [], Exit.EXPIRING),
        ("[certificates]\nfleet_server = true", [], Exit.PROBLEM),
        (ending(200), ["--fail-within", "soon"], Exit.USAGE),
        ("", [], Exit.OK),
    ],
)
def test_the_exit_code_is_the_worst_of_it(
    say: Say, settings: Settings, text: str, arguments: list[str], code: Exit
) -> None:
    settings(text)
    assert say(*arguments)[0] == code


def test_the_table_is_aligned_and_the_most_urgent_is_first(say: Say, settings: Settings) -> None:
    settings(ending(300, "日本 licence") + ending(20) + '[[certificates.files]]\npath = "/none.pem"\n')
    _, out, err = say()
    head, first, second = out.splitlines()
    assert err.startswith("✖ none.pem: It is not there. Check the path")
    assert head.split()[:2] == ["ends", "(UTC)"]
    assert "Licence" in first
    assert first.index("other") == second.index("other") == head.index("kind")
    assert second.endswith("日本 licence  mia")


def test_without_anything_to_look_at_it_says_how_to_name_it(say: Say) -> None:
    code, out, err = say()
    assert (code, out) == (Exit.OK, "")
    assert err == "Nothing to look at: name files, endpoints or dates under [certificates] in the configuration.\n"


def test_json_is_for_programs(say: Say, settings: Settings) -> None:
    settings(ending(5) + '[[certificates.files]]\npath = "/none.pem"\n')
    found = json.loads(say("--format", "json")[1])
    (one,) = found["certificates"]
    assert (one["name"], one["severity"], one["owner"]) == ("Licence", "urgent", "mia")
    assert 3 * 86_400 < one["seconds_left"] < 6 * 86_400
    assert datetime.fromisoformat(one["valid_until"]).tzinfo is not None
    assert [row["sentence"] for row in found["unreadable"]] == ["It is not there."]


def test_a_passphrase_is_piped_in_and_opens_its_file(
    say: Say, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.p12"
    made = make(subject("bundle"), start=TODAY - timedelta(days=1), end=TODAY + timedelta(days=300))
    file.write_bytes(p12(made, key(), "open, sesame"))
    settings(f'[[certificates.files]]\npath = "{file}"\n')
    assert say()[0] == Exit.PROBLEM
    monkeypatch.setattr(sys, "stdin", io.StringIO("open, sesame\n"))
    code, out, err = say("passphrase", str(file))
    assert (code, out) == (Exit.OK, "")
    assert "sesame" not in err
    assert passphrase(file) == Secret("open, sesame")
    code, out, _ = say()
    assert (code, "bundle" in out) == (Exit.OK, True)


def test_an_empty_passphrase_and_a_machine_without_a_keyring(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert say("passphrase", "a.p12")[0] == Exit.REFUSED
    keyring.set_keyring(NONE)
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\n"))
    code, _, err = say("passphrase", "a.p12")
    assert (code, "no keyring" in err, "_TOKEN" in err) == (Exit.REFUSED, True, False)
    assert passphrase(tmp_path / "a.p12") is None


def test_it_loads_no_screen(tmp_path: Path) -> None:
    code = (
        "import sys; from fleet_tui.__main__ import main; main(['certs'])\n"
        "sys.exit(any(name.split('.')[0] in {'textual', 'github', 'aiohttp'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0
