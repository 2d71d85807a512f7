"""The timeline of a release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.freeze import Phase, Schedule
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.phase_line import UNKNOWN, Timeline, draw

PT = ZoneInfo("America/Los_Angeles")


def at(day: int, hour: int) -> datetime:
    return datetime(2024, 11, day, hour, tzinfo=PT).astimezone(UTC)


PLAN = Schedule("4.60.0", freeze=at(19, 9), deep=at(24, 9), release=at(25, 9))


@pytest.mark.parametrize(
    ("now", "phase", "width", "lines"),
    [
        (
            at(22, 5),
            Phase.FREEZE,
            64,
            [
                "open ━━━━━━━━━━●━━━━━━━━━━━━━━◆──────────○─────────────────────◇",
                "        freeze Tue 9:00   deep freeze Sun 9:00  release Mon 9:00",
            ],
        ),
        (
            at(17, 9),
            Phase.AHEAD,
            50,
            [
                "open ━━━━━◆──○──────────────────○────────────────◇",
                "          freeze              deep         release",
            ],
        ),
        (at(26, 9), Phase.RELEASE, 30, ["━━━━━●━━━━━━━━━━━━●━━━━━━━━━━◇", "  freeze        deep   release"]),
        (at(1, 9), Phase.OPEN, 12, ["◆─○────○───◇", "     release"]),
    ],
)
def test_pictures(now: datetime, phase: Phase, width: int, lines: list[str]) -> None:
    assert draw(Timeline(PLAN, phase, now, PT), width).plain.split("\n") == lines


def test_without_a_date_it_says_so() -> None:
    assert draw(Timeline(None, Phase.OPEN, at(1, 9), PT), 60).plain == UNKNOWN


spans = st.integers(0, 20 * 24).map(lambda hours: timedelta(hours=hours))


@given(freeze=spans, deep=spans, now=st.integers(-999, 999), width=st.integers(0, 220), phase=st.sampled_from(Phase))
def test_it_fits_and_its_marks_are_in_order(
    freeze: timedelta, deep: timedelta, now: int, width: int, phase: Phase
) -> None:
    plan = Schedule("4.60.0", freeze=PLAN.release - freeze, deep=PLAN.release - deep, release=PLAN.release)
    moment = PLAN.release + timedelta(hours=now)
    lines = draw(Timeline(plan, phase, moment, PT), width).plain.split("\n")
    assert all(len(line) <= width for line in lines)
    marks = [sign for sign in lines[0] if sign in {glyphs.LIVE, glyphs.COMING, glyphs.RELEASE}]
    assert len(marks) == (3 if width > 3 else 0)
    assert marks[-1:] == [glyphs.RELEASE][: len(marks)]
    assert lines[0].count(glyphs.NOW) <= 1
    if glyphs.NOW in lines[0] and moment < plan.freeze:
        assert lines[0].index(glyphs.NOW) < lines[0].index(glyphs.COMING)


def test_labels_never_touch() -> None:
    names = {"freeze", "deep", "deep freeze", "release"}
    for width in range(4, 200):
        _, below = draw(Timeline(PLAN, Phase.FREEZE, at(22, 5), PT), width).plain.split("\n")
        labels = filter(None, (label.strip() for label in below.split("  ")))
        assert {label.partition(" Tue")[0].partition(" Sun")[0].partition(" Mon")[0] for label in labels} <= names
