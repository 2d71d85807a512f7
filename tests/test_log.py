"""The log file: it rotates, and no token gets into it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from fleet_tui.services import log as log_module
from fleet_tui.services.log import start_log
from fleet_tui.services.secret import HIDDEN, Secret

TOKEN = Secret("planted-token-of-the-log")


@pytest.fixture(autouse=True)
def the_root_logger_as_it_was() -> Iterator[None]:
    """The log is one for the whole process: give it back."""
    root, ours = logging.getLogger(), logging.getLogger("fleet_tui")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_our_messages_and_the_warnings_of_others_are_kept(tmp_path: Path) -> None:
    start_log(tmp_path / "log")
    logging.getLogger("fleet_tui.feed").info("ours")
    logging.getLogger("fleet_tui.feed").debug("ours in detail")
    logging.getLogger("httpx").info("theirs")
    logging.getLogger("httpx").warning("their warning")
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == ["INFO fleet_tui.feed ours", "WARNING httpx their warning"]


def test_a_token_is_blotted_out_of_messages_arguments_and_tracebacks(tmp_path: Path) -> None:
    start_log(tmp_path / "log")
    logger = logging.getLogger("fleet_tui.x")
    logger.info("GET %s", f"https://x/api?access_token={TOKEN.reveal()}&y=1")
    try:
        raise ValueError(f"it said {TOKEN.reveal()}")
    except ValueError:
        logger.exception("failed")
    text = (tmp_path / "log").read_text()
    assert TOKEN.reveal() not in text
    assert f"access_token={HIDDEN}&y=1" in text
    assert f"ValueError: it said {HIDDEN}" in text


def test_it_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.touch(0o644)
    start_log(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_starts_anew_when_it_is_full_and_keeps_a_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "SIZE", 200)
    start_log(tmp_path / "log")
    for number in range(40):
        logging.getLogger("fleet_tui").info("message %d", number)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log", "log.1", "log.2", "log.3"]
    assert "message 39" in (tmp_path / "log").read_text()


def test_without_a_usable_place_nothing_is_logged_and_nothing_breaks(tmp_path: Path) -> None:
    start_log(tmp_path / "missing" / "log")
    logging.getLogger("fleet_tui").error("nobody hears it")
    assert list(tmp_path.iterdir()) == []


def test_characters_that_cannot_be_encoded_do_not_break_it(tmp_path: Path) -> None:
    start_log(tmp_path / "log")
    logging.getLogger("fleet_tui").info("half a pair: \ud800")
    assert "half a pair: ?" in (tmp_path / "log").read_text()


def test_a_disk_that_is_full_prints_nothing_over_the_screen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start_log(tmp_path / "log")
    (handler,) = logging.getLogger().handlers

    class Full(StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    assert isinstance(handler, logging.StreamHandler)
    kept = handler.setStream(Full())
    logging.getLogger("fleet_tui").warning("GET %s", TOKEN.reveal())
    handler.setStream(kept)  # there is room again
    logging.getLogger("fleet_tui").warning("afterwards")
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "log").read_text().endswith("afterwards\n")
