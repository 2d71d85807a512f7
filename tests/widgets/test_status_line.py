"""The line at the top, from 60 to 200 columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.freeze import Phase
from fleet_tui.theme import Tone
from fleet_tui.widgets.status_line import Freshness, Status, StatusLine, draw
from tests.widgets.host import Host

FULL = Status(
    repository="fleetdm/fleet",
    phase=Phase.FREEZE,
    next_change="deep freeze in 2 d 4 h",
    on_call="lucas → Wed",
    calls_left=4812,
    since="since 14:02",
    freshness=Freshness.OFFLINE,
    read_only=True,
    clock="14:32 PT",
)


@pytest.mark.parametrize(
    ("width", "kept", "gone"),
    [
        (200, ("fleetdm/fleet", "4,812 calls left", "on call: lucas → Wed", "read-only"), ()),
        (120, ("fleet-tui", "fleet", "in 2 d 4 h", "lucas", "since 14:02"), ("calls", "fleetdm")),
        (82, ("in 2 d 4 h", "offline since 14:02", "read-only", "14:32 PT"), ("fleet-tui", "lucas")),
        (80, ("in 2 d 4 h", "✖ offline", "read-only", "14:32 PT"), ("fleet-tui", "lucas", "since")),
        (60, ("❄ FREEZE", "✖ offline", "read-only", "14:32 PT"), ("2 d 4 h", "since")),
        (30, ("❄ FREEZE", "✖ offline", "ro"), ("14:32",)),
    ],
)
def test_parts_go_in_the_order_thought_out(width: int, kept: tuple[str, ...], gone: tuple[str, ...]) -> None:
    line = draw(FULL, width).plain
    assert all(words in line for words in kept), line
    assert not any(words in line for words in gone), line


@given(
    st.builds(
        Status,
        repository=st.text(max_size=40),
        phase=st.sampled_from([None, *Phase]),
        next_change=st.text(max_size=30),
        on_call=st.text(max_size=40),
        calls_left=st.none() | st.integers(0, 10**9),
        freshness=st.sampled_from(Freshness),
        since=st.text(max_size=20),
        read_only=st.booleans(),
        clock=st.sampled_from(["", "14:32 PT"]),
    ),
    st.integers(1, 220),
)
def test_the_line_is_never_too_long(status: Status, width: int) -> None:
    assert draw(status, width).cell_length <= width


@pytest.mark.parametrize("freshness", Freshness)
def test_freshness_has_a_sign_and_a_word(freshness: Freshness) -> None:
    sign, word, _ = freshness.value
    assert f"{sign} {word}" in draw(Status(freshness=freshness), 60).plain


async def test_an_equal_status_writes_nothing() -> None:
    line = StatusLine(Status(clock="14:32 PT"))
    app = Host(line)
    async with app.run_test() as pilot:
        await app.listen(pilot)
        line.show(Status(clock="14:32 PT"))
        assert await app.written(pilot) == ""
        line.show(Status(clock="14:33 PT"))
        assert "14:33 PT" in await app.written(pilot)


@pytest.mark.parametrize(("width", "words"), [(100, "! MDM vendor 6 d 4 h"), (40, "! certificate"), (30, "")])
def test_what_expires_stands_beside_the_phase_and_gets_shorter(width: int, words: str) -> None:
    status = Status(phase=Phase.FREEZE, expiring="MDM vendor 6 d 4 h", clock="14:32 PT", repository="fleetdm/fleet")
    line = draw(status, width).plain
    assert words in line
    assert ("!" in line) is bool(words)


@pytest.mark.parametrize(("now", "tone"), [(True, Tone.ACT), (False, Tone.SOON)])
def test_what_expires_is_red_only_when_it_presses(now: bool, tone: Tone) -> None:
    line = draw(Status(expiring="MDM vendor 6 d", expiring_now=now), 100)
    styles = {str(span.style) for span in line.spans if "MDM vendor" in line.plain[span.start : span.end]}
    assert styles == {str(tone)}
