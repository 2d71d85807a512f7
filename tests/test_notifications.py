"""What a terminal and a desktop are sent of an alert, and when nothing is."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.alerts import Alerts, TerminalNotice
from fleet_tui.notifications import LONGEST, Desktop, Style, is_loud, is_quiet, notice, style_of

PACIFIC = ZoneInfo("America/Los_Angeles")
NIGHT = Alerts(quiet_from=time(22), quiet_until=time(7))
LUNCH = Alerts(quiet_from=time(12), quiet_until=time(13))


def at(clock: str) -> datetime:
    """That hour of a day in Los Angeles, as UTC."""
    return datetime.fromisoformat(f"2026-11-24T{clock}").replace(tzinfo=PACIFIC).astimezone(UTC)


@pytest.mark.parametrize(
    ("alerts", "clock", "quiet"),
    [
        (NIGHT, "21:59:59", False),
        (NIGHT, "22:00:00", True),
        (NIGHT, "23:59:59", True),
        (NIGHT, "00:00:00", True),
        (NIGHT, "06:59:59", True),
        (NIGHT, "07:00:00", False),
        (LUNCH, "11:59:59", False),
        (LUNCH, "12:00:00", True),
        (LUNCH, "13:00:00", False),
        (Alerts(), "00:00:00", False),
        (Alerts(quiet_from=time(9), quiet_until=time(9)), "09:00:00", False),
    ],
)
def test_quiet_hours(alerts: Alerts, clock: str, quiet: bool) -> None:
    assert is_quiet(alerts, at(clock), PACIFIC) is quiet
    assert is_loud("freeze", alerts, at(clock), PACIFIC) is not quiet


@given(st.times(), st.times(), st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_the_quiet_hours_and_their_opposite_fill_the_day(start: time, end: time, now: datetime) -> None:
    quiet = is_quiet(Alerts(quiet_from=start, quiet_until=end), now, PACIFIC)
    other = is_quiet(Alerts(quiet_from=end, quiet_until=start), now, PACIFIC)
    assert quiet + other == (start != end)


def test_a_muted_kind_is_not_loud_and_the_others_are() -> None:
    alerts = Alerts(muted=("certificate",))
    assert not is_loud("certificate", alerts, at("10:00"), PACIFIC)
    assert is_loud("critical bug", alerts, at("10:00"), PACIFIC)


@pytest.mark.parametrize(
    ("setting", "env", "style"),
    [
        ("auto", {"TERM": "xterm-256color"}, None),
        ("auto", {"TERM": "linux"}, None),
        ("auto", {}, None),
        ("auto", {"TERM": "xterm-kitty"}, Style.OSC_9),
        ("auto", {"TERM": "xterm-ghostty"}, Style.OSC_9),
        ("auto", {"TERM": "rxvt-unicode-256color"}, Style.OSC_777),
        ("auto", {"TERM": "foot"}, Style.OSC_777),
        ("auto", {"TERM": "footprint"}, None),
        ("auto", {"TERM": "xterm-256color", "VTE_VERSION": "7600"}, Style.OSC_777),
        ("auto", {"TERM": "xterm-256color", "VTE_VERSION": ""}, None),
        ("auto", {"TERM": "tmux-256color", "ITERM_SESSION_ID": "w0t0p0"}, Style.OSC_9),
        ("osc9", {"TERM": "linux"}, Style.OSC_9),
        ("osc777", {"TERM": "xterm-kitty"}, Style.OSC_777),
        ("off", {"TERM": "xterm-kitty"}, None),
    ],
)
def test_the_sequence_is_one_that_the_terminal_takes(
    setting: TerminalNotice, env: dict[str, str], style: Style | None
) -> None:
    assert style_of(setting, env) is style


def test_the_sequences_byte_for_byte() -> None:
    assert notice("main is frozen", Style.OSC_9, in_tmux=False) == "\x1b]9;fleet-tui: main is frozen\a"
    assert notice("main is frozen", Style.OSC_777, in_tmux=False) == "\x1b]777;notify;fleet-tui;main is frozen\a"
    assert notice("Hi", Style.OSC_9, in_tmux=True) == "\x1bPtmux;\x1b\x1b]9;fleet-tui: Hi\a\x1b\\"


@pytest.mark.parametrize("style", Style)
@given(
    words=st.text()
    | st.sampled_from(["\a\x1b]52;c;cm0=\a", "\x9c\x1b\\", "4;3;50", "a;b", "\x1b\x1b]0;t\a", "x" * 9999])
)
def test_no_text_gets_out_of_the_sequence(style: Style, words: str) -> None:
    plain, wrapped = (notice(words, style, in_tmux=tmux) for tmux in (False, True))
    found = re.fullmatch(r"\x1b\](?:9;fleet-tui: |777;notify;fleet-tui;)([^\x00-\x1f\x7f-\x9f;]*)\a", plain)
    assert found
    assert len(found[1]) <= LONGEST
    assert wrapped == f"\x1bPtmux;\x1b{plain}\x1b\\"


async def test_without_the_extra_the_desktop_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    problem = await Desktop().show("main is frozen")
    assert problem is not None
    assert "extra `notify`" in problem.text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a desktop without a bus")
async def test_where_there_is_no_desktop_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    problem = await Desktop().show("main is frozen")
    assert problem is not None
    assert "did not take" in problem.text
