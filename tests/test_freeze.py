"""The freeze by the calendar, and what the branch makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.freeze import (
    Mismatch,
    Phase,
    Schedule,
    planned_phase,
    schedule,
    situation,
)
from fleet_tui.domain.releases import ComingRelease
from tests.helpers import branch, config, moment

SECOND = timedelta(seconds=1)
AHEAD = timedelta(hours=72)

# A release on Monday 9 June 2025, 9:00 in San Francisco.
PLAN = Schedule(
    "4.70.0",
    freeze=moment("2025-06-03 16:00"),
    deep=moment("2025-06-08 16:00"),
    release=moment("2025-06-09 16:00"),
)


def plan(day: str, zone: str = "America/Los_Angeles", **freeze: object) -> Schedule:
    return schedule(
        ComingRelease("4.70.0", date.fromisoformat(day), None), config(team={"zone": ZoneInfo(zone)}, freeze=freeze)
    )


def moments(first_day: float, last_day: float) -> st.SearchStrategy[datetime]:
    """Moments between so many days before (negative) or after the release, the last one left out."""
    span = st.timedeltas(timedelta(days=first_day), timedelta(days=last_day) - SECOND)
    return span.map(lambda away: PLAN.release + away)


# The schedule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "freeze", "deep", "release"),
    [
        pytest.param(
            "America/Los_Angeles", "2025-06-09", "2025-06-03 16:00", "2025-06-08 16:00", "2025-06-09 16:00", id="summer"
        ),
        pytest.param(
            "America/Los_Angeles", "2025-12-08", "2025-12-02 17:00", "2025-12-07 17:00", "2025-12-08 17:00", id="winter"
        ),
        pytest.param(
            "America/Los_Angeles", "2025-03-10", "2025-03-04 17:00", "2025-03-09 16:00", "2025-03-10 16:00",
            id="clocks go forward during the freeze",
        ),
        pytest.param(
            "America/Los_Angeles", "2025-11-03", "2025-10-28 16:00", "2025-11-02 17:00", "2025-11-03 17:00",
            id="clocks go back during the freeze",
        ),
        pytest.param(
            "America/Los_Angeles", "2025-03-09", "2025-03-04 17:00", "2025-03-08 16:00", "2025-03-09 16:00",
            id="clocks go forward in the deep freeze, which begins at 8:00",
        ),
        pytest.param(
            "America/Los_Angeles", "2025-11-02", "2025-10-28 16:00", "2025-11-01 17:00", "2025-11-02 17:00",
            id="clocks go back in the deep freeze, which begins at 10:00",
        ),
        pytest.param(
            "Asia/Tokyo", "2025-03-10", "2025-03-04 00:00", "2025-03-09 00:00", "2025-03-10 00:00", id="Tokyo"
        ),
        pytest.param(
            "Europe/Berlin", "2025-03-31", "2025-03-25 08:00", "2025-03-30 07:00", "2025-03-31 07:00", id="Berlin"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2025-04-07", "2025-03-31 22:00", "2025-04-05 22:30", "2025-04-06 22:30",
            id="Lord Howe, where the clocks go back by half an hour",
        ),
    ],
)  # fmt: skip
def test_nine_in_the_morning_is_nine_on_the_wall(zone: str, day: str, freeze: str, deep: str, release: str) -> None:
    assert plan(day, zone) == Schedule("4.70.0", moment(freeze), moment(deep), moment(release))


@pytest.mark.parametrize(
    ("release_day", "freeze_day"),
    [
        pytest.param("2025-06-09", date(2025, 6, 3), id="Monday"),
        pytest.param("2025-06-10", date(2025, 6, 3), id="Tuesday: a week before, not the same day"),
        pytest.param("2025-06-11", date(2025, 6, 10), id="Wednesday: the day before"),
        pytest.param("2025-06-12", date(2025, 6, 10), id="Thursday"),
        pytest.param("2025-06-13", date(2025, 6, 10), id="Friday"),
        pytest.param("2025-06-14", date(2025, 6, 10), id="Saturday"),
        pytest.param("2025-06-15", date(2025, 6, 10), id="Sunday"),
    ],
)
def test_the_freeze_begins_on_the_tuesday_before_the_release(release_day: str, freeze_day: date) -> None:
    assert plan(release_day).freeze.date() == freeze_day


@given(
    day=st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    zone=st.timezones(),
    hour=st.times(timezones=st.none()),
    deep_hours=st.integers(0, 168),
)
def test_any_release_has_its_freeze_within_the_week_before(
    day: date, zone: ZoneInfo, hour: time, deep_hours: int
) -> None:
    rules = config(team={"zone": zone}, freeze={"time": hour, "deep_hours": deep_hours})
    found = schedule(ComingRelease("4.70.0", day, None), rules)
    there = found.freeze.astimezone(zone)
    assert found.release - found.deep == timedelta(hours=deep_hours)
    assert timedelta(0) < datetime.combine(day, hour) - datetime.combine(there.date(), hour) <= timedelta(days=7)
    wanted = datetime.combine(there.date(), hour, tzinfo=zone)
    exists = wanted.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    if exists:  # an hour that the clocks leave out is taken an hour later
        assert (there.strftime("%A"), there.time()) == ("Tuesday", hour)


def test_weekday_and_hours_are_settings() -> None:
    rules = config(freeze={"weekday": "friday", "time": time(12, 30), "deep_hours": 6}, release={"time": time(7)})
    found = schedule(ComingRelease("4.70.0", date(2025, 6, 9), None), rules)
    assert (found.freeze, found.deep, found.release) == (
        moment("2025-06-06 19:30"),
        moment("2025-06-09 08:00"),
        moment("2025-06-09 14:00"),
    )


# Phases by the calendar ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (PLAN.freeze - AHEAD - SECOND, Phase.OPEN),
        (PLAN.freeze - AHEAD, Phase.AHEAD),
        (PLAN.freeze - SECOND, Phase.AHEAD),
        (PLAN.freeze, Phase.FREEZE),
        (PLAN.deep - SECOND, Phase.FREEZE),
        (PLAN.deep, Phase.DEEP),
        (PLAN.release - SECOND, Phase.DEEP),
        (PLAN.release, Phase.RELEASE),
        (PLAN.release + timedelta(days=9), Phase.RELEASE),
    ],
    ids=lambda value: value.name if isinstance(value, Phase) else f"{value:%d %H:%M:%S}",
)
def test_each_phase_begins_on_the_second(now: datetime, phase: Phase) -> None:
    assert planned_phase(PLAN, now, AHEAD) is phase


@given(st.lists(moments(-20, 20), min_size=2), st.integers(0, 168))
def test_phases_follow_one_another_and_never_go_back(times: list[datetime], deep_hours: int) -> None:
    found = plan("2025-06-09", deep_hours=deep_hours)
    order = [planned_phase(found, now, AHEAD) for now in sorted(times)]
    ranks = [list(Phase).index(phase) for phase in order]
    assert all(former <= latter for former, latter in pairwise(ranks))


def test_the_freeze_rules_apply_from_the_freeze_to_the_release() -> None:
    assert [phase for phase in Phase if phase.restricts] == [Phase.FREEZE, Phase.DEEP, Phase.RELEASE]


# The situation: calendar and branch together -------------------------------------------------------------------------

OPEN_TIME, AHEAD_TIME = PLAN.freeze - timedelta(days=5), PLAN.freeze - timedelta(days=1)
FREEZE_TIME, DEEP_TIME, RELEASE_TIME = PLAN.freeze + SECOND, PLAN.deep + SECOND, PLAN.release + SECOND
LAST_SECOND_OF_THE_DAY, DAY_AFTER = moment("2025-06-10 06:59:59"), moment("2025-06-10 07:00")
WEEK_BEFORE = PLAN.release - timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "frozen", "phase", "mismatch"),
    [
        pytest.param(OPEN_TIME, False, Phase.OPEN, None, id="open time, open"),
        pytest.param(OPEN_TIME, None, Phase.OPEN, None, id="open time, not heard"),
        pytest.param(OPEN_TIME, True, Phase.FREEZE, Mismatch.STILL_FROZEN, id="open time, frozen"),
        pytest.param(AHEAD_TIME, False, Phase.AHEAD, None, id="ahead, open"),
        pytest.param(AHEAD_TIME, None, Phase.AHEAD, None, id="ahead, not heard"),
        pytest.param(AHEAD_TIME, True, Phase.FREEZE, Mismatch.STILL_FROZEN, id="ahead, frozen"),
        pytest.param(FREEZE_TIME, False, Phase.FREEZE, Mismatch.NOT_FROZEN, id="freeze, open"),
        pytest.param(FREEZE_TIME, None, Phase.FREEZE, None, id="freeze, not heard"),
        pytest.param(FREEZE_TIME, True, Phase.FREEZE, None, id="freeze, frozen"),
        pytest.param(DEEP_TIME, False, Phase.DEEP, Mismatch.NOT_FROZEN, id="deep freeze, open"),
        pytest.param(DEEP_TIME, None, Phase.DEEP, None, id="deep freeze, not heard"),
        pytest.param(DEEP_TIME, True, Phase.DEEP, None, id="deep freeze, frozen"),
        pytest.param(RELEASE_TIME, False, Phase.OPEN, None, id="release day, open again"),
        pytest.param(RELEASE_TIME, None, Phase.RELEASE, None, id="release day, not heard"),
        pytest.param(RELEASE_TIME, True, Phase.RELEASE, None, id="release day, frozen"),
        pytest.param(LAST_SECOND_OF_THE_DAY, True, Phase.RELEASE, None, id="its last second, on the team's clock"),
        pytest.param(DAY_AFTER, True, Phase.RELEASE, Mismatch.OVERDUE, id="the day after, frozen"),
        pytest.param(DAY_AFTER, False, Phase.OPEN, None, id="the day after, open"),
    ],
)
def test_the_branch_and_the_calendar_make_the_situation(
    now: datetime, frozen: bool | None, phase: Phase, mismatch: Mismatch | None
) -> None:
    state = None if frozen is None else branch(frozen=frozen)
    found = situation(state, PLAN, now, config())
    assert (found.phase, found.frozen, found.mismatch, found.schedule) == (phase, frozen, mismatch, PLAN)


@pytest.mark.parametrize(("frozen", "phase"), [(True, Phase.FREEZE), (False, Phase.OPEN), (None, Phase.OPEN)], ids=str)
def test_without_a_release_in_sight_the_branch_alone_tells(frozen: bool | None, phase: Phase) -> None:
    state = None if frozen is None else branch(frozen=frozen)
    found = situation(state, None, FREEZE_TIME, config())
    assert (found.phase, found.next_change, found.mismatch) == (phase, None, None)


@pytest.mark.parametrize(
    ("now", "deep_hours", "change"),
    [
        pytest.param(OPEN_TIME, 24, (Phase.FREEZE, PLAN.freeze), id="before the freeze"),
        pytest.param(PLAN.freeze - SECOND, 24, (Phase.FREEZE, PLAN.freeze), id="in its last second"),
        pytest.param(PLAN.freeze, 24, (Phase.DEEP, PLAN.deep), id="in the freeze"),
        pytest.param(PLAN.deep, 24, (Phase.RELEASE, PLAN.release), id="in the deep freeze"),
        pytest.param(PLAN.release, 24, None, id="after the release"),
        pytest.param(PLAN.freeze, 0, (Phase.RELEASE, PLAN.release), id="in a freeze without a deep one"),
        pytest.param(
            OPEN_TIME, 168, (Phase.DEEP, moment("2025-06-02 16:00")), id="a deep freeze longer than the freeze"
        ),
        pytest.param(WEEK_BEFORE, 168, (Phase.RELEASE, PLAN.release), id="within such a one"),
    ],
)
def test_the_next_change_is_the_next_phase(
    now: datetime, deep_hours: int, change: tuple[Phase, datetime] | None
) -> None:
    found = situation(None, plan("2025-06-09", deep_hours=deep_hours), now, config())
    assert found.next_change == change


@given(moments(-20, 0), st.integers(0, 168))
def test_at_the_next_change_the_calendar_is_in_the_phase_it_named(now: datetime, deep_hours: int) -> None:
    found = plan("2025-06-09", deep_hours=deep_hours)
    change = situation(None, found, now, config()).next_change
    assert change is not None
    phase, then = change
    assert planned_phase(found, then, AHEAD) is phase
    assert planned_phase(found, then - timedelta(microseconds=1), AHEAD) is not phase


def test_a_branch_opened_after_the_release_waits_for_no_change() -> None:
    assert situation(branch(frozen=False), PLAN, RELEASE_TIME, config()).next_change is None


def test_how_early_a_freeze_is_announced_is_a_setting() -> None:
    assert situation(None, PLAN, OPEN_TIME, config(freeze={"ahead_hours": 120})).phase is Phase.AHEAD
    assert situation(None, PLAN, PLAN.freeze - SECOND, config(freeze={"ahead_hours": 0})).phase is Phase.OPEN
