"""The release as one timeline: each stage's state, date and blocker, from what the systems say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.domain.release_timeline import Facts, Stage, State, Timeline, timeline
from tests.helpers import branch, config, moment

CONFIG = config()
DAY = date(2025, 6, 9)
FREEZE, DEEP, RELEASE = moment("2025-06-03 16:00"), moment("2025-06-08 16:00"), moment("2025-06-09 16:00")
NAMES = (
    "Freeze begins", "Dependencies confirmed", "QA issue created", "Deep freeze begins", "Groups ready",
    "Release published", "Dogfood deployed", "Milestone concluded", "Freeze lifted",
)  # fmt: skip
BEFORE = Facts(
    "4.45.0", milestone_day=DAY, branch=branch(frozen=False), behind=("Go 1.24.4",), qa_issue=0, ready={}, blockers=(),
    is_published=False, dogfood="4.44.1", concluded=(0, 40),
)  # fmt: skip
FROZEN = replace(BEFORE, branch=branch(frozen=True, since=FREEZE), behind=(), qa_issue=17270)
ALL_READY = replace(FROZEN, ready={"#g-mdm": "sabrinabuckets", "#g-endpoint-ops": "xpkoala"})
OUT = replace(ALL_READY, is_published=True, published=RELEASE)
OVER = replace(OUT, dogfood="4.45.0", concluded=(40, 40), branch=branch(frozen=False))


def shown(facts: Facts, now: datetime) -> Timeline:
    made = timeline(facts, now, CONFIG)
    assert tuple(stage.name for stage in made.stages) == NAMES
    return made


def stage(facts: Facts, now: datetime, name: str) -> Stage:
    return next(one for one in shown(facts, now).stages if one.name == name)


@pytest.mark.parametrize(
    ("facts", "now", "states"),
    [
        pytest.param(BEFORE, FREEZE - timedelta(days=3), "> . . . . . . . .", id="before the freeze"),
        pytest.param(BEFORE, FREEZE + timedelta(hours=2), "! ! ! . . . . . .", id="the freeze was forgotten"),
        pytest.param(FROZEN, FREEZE + timedelta(hours=2), "x x x > . . . . .", id="frozen"),
        pytest.param(
            replace(FROZEN, behind=("Go 1.24.4",)), FREEZE + timedelta(minutes=30), "x # x . . . . . .", id="behind"
        ),
        pytest.param(FROZEN, DEEP + timedelta(hours=2), "x x x x # . . . .", id="groups are awaited"),
        pytest.param(ALL_READY, DEEP + timedelta(hours=2), "x x x x x > . . .", id="ready"),
        pytest.param(
            replace(ALL_READY, blockers=(16930,)), DEEP + timedelta(hours=2), "x x x x x # . . .", id="blocker"
        ),
        pytest.param(FROZEN, RELEASE + timedelta(hours=2), "x x x x ! ! . . .", id="the release is late"),
        pytest.param(OUT, RELEASE + timedelta(hours=2), "x x x x x x > . .", id="out"),
        pytest.param(OUT, RELEASE + timedelta(days=2), "x x x x x x ! ! !", id="the rest was forgotten"),
        pytest.param(OVER, RELEASE + timedelta(days=2), "x x x x x x x x x", id="over"),
    ],
)
def test_states(facts: Facts, now: datetime, states: str) -> None:
    signs = {State.DONE: "x", State.CURRENT: ">", State.COMING: ".", State.BLOCKED: "#", State.OVERDUE: "!"}
    assert " ".join(signs[one.state] for one in shown(facts, now).stages) == states


@pytest.mark.parametrize(
    ("facts", "now", "name", "blocker"),
    [
        (BEFORE, FREEZE + timedelta(hours=2), "Freeze begins", "main is open: @lukeheath"),
        (BEFORE, FREEZE + timedelta(hours=2), "Dependencies confirmed", "Go 1.24.4"),
        (BEFORE, FREEZE, "QA issue created", "@lukeheath"),
        (FROZEN, DEEP, "Groups ready", "#g-mdm: @sabrinabuckets, #g-endpoint-ops: @xpkoala"),
        (replace(FROZEN, ready={"#g-mdm": "x"}), DEEP, "Groups ready", "#g-endpoint-ops: @xpkoala"),
        (replace(ALL_READY, blockers=(1, 2, 3, 4, 5)), DEEP, "Release published", "#1, #2, #3 and 2 more"),
        (replace(OUT, dogfood_trouble="run 7 failed"), RELEASE, "Dogfood deployed", "run 7 failed"),
        (OUT, RELEASE, "Freeze lifted", "@lukeheath"),
        (OVER, RELEASE, "Freeze lifted", ""),
    ],
)
def test_who_or_what_is_in_the_way(facts: Facts, now: datetime, name: str, blocker: str) -> None:
    assert stage(facts, now, name).blocker == blocker


@pytest.mark.parametrize(
    ("facts", "now", "begun"),
    [
        pytest.param(BEFORE, FREEZE - timedelta(hours=1), False, id="an hour before"),
        pytest.param(BEFORE, FREEZE, True, id="the hour has come, and the branch is open"),
        pytest.param(FROZEN, FREEZE - timedelta(hours=1), True, id="frozen early"),
        pytest.param(OVER, RELEASE + timedelta(days=2), True, id="open again"),
        pytest.param(Facts("4.45.0"), FREEZE, False, id="nothing was heard"),
    ],
)
def test_whether_the_freeze_has_begun(facts: Facts, now: datetime, begun: bool) -> None:
    assert shown(facts, now).has_begun(now) is begun


def test_dates_are_those_of_the_systems_where_they_tell() -> None:
    assert [stage(BEFORE, FREEZE, name).at for name in NAMES[:1]] == [FREEZE]
    late = replace(FROZEN, branch=branch(frozen=True, since=FREEZE + timedelta(hours=5)))
    assert stage(late, DEEP, "Freeze begins").at == FREEZE + timedelta(hours=5)
    assert stage(replace(OUT, published=RELEASE + timedelta(hours=3)), DEEP, "Release published").at == (
        RELEASE + timedelta(hours=3)
    )
    assert [stage(OVER, RELEASE, name).at for name in ("Deep freeze begins", "Groups ready")] == [DEEP, RELEASE]


def test_details() -> None:
    assert stage(FROZEN, DEEP, "QA issue created").detail == "#17270"
    assert stage(replace(FROZEN, ready={"#g-mdm": "x"}), DEEP, "Groups ready").detail == "1 of 2"
    assert stage(replace(OUT, concluded=(7, 40)), RELEASE, "Milestone concluded").detail == "7 of 40 steps"
    assert stage(OUT, RELEASE, "Dogfood deployed").detail == "runs 4.44.1"


@pytest.mark.parametrize(
    ("calendar", "milestone", "day", "disagreement"),
    [
        (DAY, DAY, DAY, ""),
        (DAY, None, DAY, ""),
        (None, DAY, DAY, ""),
        (None, None, None, ""),
        (
            date(2025, 6, 10),
            DAY,
            date(2025, 6, 10),
            "The calendar says Tuesday, 10 June, the milestone Monday, 9 June.",
        ),
    ],
)
def test_the_release_day(calendar: date | None, milestone: date | None, day: date | None, disagreement: str) -> None:
    made = shown(replace(BEFORE, calendar_day=calendar, milestone_day=milestone), FREEZE)
    assert (made.day, made.disagreement) == (day, disagreement)


def test_the_calendars_day_moves_the_stages() -> None:
    assert stage(replace(BEFORE, calendar_day=DAY + timedelta(days=7)), FREEZE, "Freeze begins").at == (
        FREEZE + timedelta(days=7)
    )


MOMENTS = st.integers(-40 * 24, 40 * 24).map(lambda hours: RELEASE + timedelta(hours=hours))


@given(MOMENTS)
def test_what_was_not_heard_is_neither_done_nor_late(now: datetime) -> None:
    silent = shown(Facts("4.45.0", milestone_day=DAY), now)
    late = [one.name for one in silent.stages if one.state in {State.DONE, State.OVERDUE}]
    assert late == []


@given(st.sampled_from([BEFORE, FROZEN, ALL_READY, OUT, OVER]), MOMENTS)
def test_at_most_one_stage_is_next_and_nothing_before_it_waits(facts: Facts, now: datetime) -> None:
    made = shown(facts, now)
    turns = [one for one in made.stages if one.state in {State.CURRENT, State.BLOCKED}]
    assert len(turns) <= 1
    assert (made.next is None) is (facts is OVER)
    if turns:
        assert turns[0] is made.next
    assert all(not one.blocker for one in made.stages if one.state is State.DONE)
