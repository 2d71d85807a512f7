"""What the person is told of the own time on call, and that nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.on_call_alerts import OnCallAlert, on_call_alerts
from fleet_tui.domain.roster import Shift, roster

ZONE = ZoneInfo("America/Los_Angeles")
# The clock goes back on 1 November: the week from 28 October has an hour more.
START, END = datetime(2026, 10, 28, 16, tzinfo=UTC), datetime(2026, 11, 4, 17, tzinfo=UTC)
MINE = Shift("Lucas", "lucasmrod", "", START, END, "developer")
NEXT = Shift("Victor", "getvictor", "", END, END + timedelta(weeks=1), "developer")
ROSTER = roster([MINE, NEXT], ["developer"])


def told(former: datetime, now: datetime, login: str = "LucasMRod") -> tuple[OnCallAlert, ...]:
    return on_call_alerts(former, now, ROSTER, login, ZONE)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (START - timedelta(days=1), "You go on call Wednesday 9:00 (developer)."),
        (START, "You are on call now, until Wednesday 9:00 (developer)."),
        (END - timedelta(hours=1), "You hand over to Victor at Wednesday 9:00 (developer)."),
    ],
)
def test_each_is_told_when_its_moment_comes_and_not_a_second_before(moment: datetime, sentence: str) -> None:
    second = timedelta(seconds=1)
    assert [one.sentence for one in told(moment - second, moment)] == [sentence]
    assert told(moment - 2 * second, moment - second) == told(moment, moment + second) == ()


def test_after_a_sleep_only_what_is_still_true_is_told() -> None:
    assert [one.sentence[:19] for one in told(START - timedelta(days=3), START + timedelta(hours=2))] == [
        "You are on call now"
    ]
    assert told(START - timedelta(days=3), END) == ()


def test_the_day_before_is_the_same_hour_on_the_clock() -> None:
    monday = Shift("Lucas", "lucasmrod", "", datetime(2026, 11, 1, 17, tzinfo=UTC), END, "developer")
    eve = datetime(2026, 10, 31, 16, tzinfo=UTC)
    alerts = on_call_alerts(eve - timedelta(seconds=1), eve, roster([monday], ["developer"]), "lucasmrod", ZONE)
    assert len(alerts) == 1


def test_others_and_nobody_are_told_nothing() -> None:
    assert told(START - timedelta(days=2), START, "mna") == told(START - timedelta(days=2), START, "") == ()


@given(st.lists(st.integers(-3 * 24 * 60, 9 * 24 * 60), min_size=2, max_size=40))
def test_however_often_one_looks_nothing_is_told_twice(minutes: list[int]) -> None:
    moments = [START + timedelta(minutes=minute) for minute in sorted(minutes)]
    keys = [one.key for former, now in pairwise(moments) for one in told(former, now)]
    assert len(keys) == len(set(keys))
