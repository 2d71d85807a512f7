"""A fault of our own: the traceback goes to the log, the person gets a sentence."""

from __future__ import annotations

import re
import stat
import tempfile
from pathlib import Path

import pytest

from fleet_tui.crash import report
from fleet_tui.paths import Paths
from fleet_tui.services.secret import HIDDEN, Secret

TOKEN = Secret("planted-token-of-the-crash")


def crash(message: str = "the reason") -> BaseException:
    """An error with a traceback whose local variables hold a token."""
    held = TOKEN.reveal()
    try:
        raise KeyError(message)
    except KeyError as error:
        assert held
        return error


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    (tmp_path / "state").mkdir()
    return Paths(tmp_path / "config.toml", tmp_path / "state")


def test_the_sentence_names_the_log_and_shows_no_traceback(paths: Paths) -> None:
    sentence = report(crash(), paths)
    assert sentence == (
        f"fleet-tui has met a fault of its own (KeyError) and has to end. Please report it with {paths.log}"
    )


def test_the_log_gets_the_traceback_without_local_variables_and_tokens(paths: Paths) -> None:
    paths.log.write_text("what was there\n")
    report(crash(f"it said {TOKEN.reveal()}"), paths)
    text = paths.log.read_text()
    assert text.startswith("what was there\n")
    assert re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d CRASH$", text, re.MULTILINE)
    assert "test_crash.py" in text
    assert f"KeyError: 'it said {HIDDEN}'" in text
    assert TOKEN.reveal() not in text


@pytest.mark.parametrize("known", [True, False], ids=["no state directory yet", "the demo has no paths"])
def test_without_a_place_of_its_own_the_log_is_a_file_that_outlives_the_program(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    nowhere = Paths(tmp_path / "config.toml", tmp_path / "nowhere") if known else None
    sentence = report(crash(), nowhere)
    (file,) = tmp_path.iterdir()
    assert sentence.endswith(f"Please report it with {file}")
    assert "Traceback" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_said_and_hides_nothing_else(paths: Paths) -> None:
    paths.log.mkdir()
    sentence = report(crash(), paths)
    assert sentence.startswith("fleet-tui has met a fault of its own (KeyError)")
    assert sentence.endswith("No log could be written: Is a directory.")
