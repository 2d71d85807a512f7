"""The last frame of the former run: when it is shown, and what it says of itself."""

from __future__ import annotations

import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet_tui import last_frame
from fleet_tui.last_frame import Frame
from tests.helpers import NOW

FLEET = "fleetdm/fleet"
FRAME = Frame(NOW, (" fleet-tui ● live", " 1 Today  2 Freeze", "  ▸ main is frozen"), 30, FLEET)


def shown_lines(frame: Frame, *, later: timedelta = timedelta(), terminal: str = "") -> list[str]:
    """What stands on the terminal, line by line."""
    text = frame.drawn(frame.at + later, terminal)
    return re.split(r"\x1b\[\d+;1H", re.sub(r"\x1b\[[\d;]*m", "", text))[1:]


@pytest.mark.parametrize(
    ("frame", "fits"),
    [
        (FRAME, True),
        (replace(FRAME, version="0.0.1"), False),
        (replace(FRAME, repository="fleetdm/other"), False),
        (replace(FRAME, width=31), False),
        (replace(FRAME, lines=FRAME.lines[:2]), False),
        (replace(FRAME, at=NOW + timedelta(seconds=1)), False),
        (replace(FRAME, lines=(*FRAME.lines[:2], "a\x1b[2J")), False),
        (replace(FRAME, look="0m\x1b]0;owned\x07"), False),
        (replace(FRAME, look="2;38;5;188;48;5;16"), True),
    ],
)
def test_it_is_shown_only_where_it_tells_of_the_same(frame: Frame, fits: bool) -> None:
    assert frame.fits(FLEET, (30, 3), NOW) is fits


@pytest.mark.parametrize(
    ("later", "stamp"),
    [
        (timedelta(), "as it was a moment ago"),
        (timedelta(minutes=3), "as it was 3 min ago"),
        (timedelta(days=2, hours=4), "as it was 2 d 4 h ago"),
    ],
)
def test_it_says_how_old_it_is_in_the_place_of_the_status_line(later: timedelta, stamp: str) -> None:
    wide = replace(FRAME, width=80)
    first, *others = shown_lines(wide, later=later)
    assert first.rstrip() == f" fleet-tui   {stamp}, reading …"
    assert len(first) == 80
    assert others == list(FRAME.lines[1:])


def test_the_stamp_is_cut_where_it_would_not_fit() -> None:
    assert shown_lines(FRAME, later=timedelta(hours=3))[0] == " fleet-tui   as it was 3 h ago"


def test_colours_go_only_to_the_terminal_that_understands_them() -> None:
    coloured = replace(FRAME, look="2;38;5;188", terminal="xterm-256color  ")
    assert "38;5;188" in coloured.drawn(NOW, "xterm-256color  ")
    assert "38;5;188" not in coloured.drawn(NOW, "vt100  ")


def test_it_is_kept_for_the_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "fleet-tui-today.frame"
    last_frame.keep(file, FRAME)
    assert last_frame.recall(file) == FRAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("kept", [b"", b"noise", b"{}", b'{"at": "soon"}', b"\xff\xfe"])
def test_a_file_that_makes_no_sense_is_as_good_as_none(tmp_path: Path, kept: bytes) -> None:
    file = tmp_path / "frame"
    file.write_bytes(kept)
    assert last_frame.recall(file) is None


def test_a_place_that_takes_nothing_is_written_down_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "nowhere" / "frame"
    last_frame.keep(file, FRAME)
    assert last_frame.recall(file) is None
    assert "the last frame was not kept: No such file or directory" in caplog.text
