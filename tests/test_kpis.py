"""The weekly figures: weeks, counts, history, and how they are printed."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug, State
from fleet_tui.domain.kpi_text import FORMATS, HEADER, as_csv, as_json, as_markdown, as_table
from fleet_tui.domain.kpis import (
    WEEKS,
    Kpis,
    Week,
    figures,
    history,
    in_states,
    kept_figures,
    parse_week,
    past,
    week_of,
)
from tests.bugs import bug
from tests.helpers import NOW, config, moment

CONFIG = Config()
PACIFIC = CONFIG.team.zone
W23 = Week(2025, 23)
"""The week of `NOW`."""


# Weeks


@pytest.mark.parametrize(
    ("at", "zone", "week"),
    [
        pytest.param("2025-06-05 15:00", PACIFIC, "2025-W23", id="a Thursday"),
        pytest.param("2025-06-09 06:59", PACIFIC, "2025-W23", id="Sunday night in San Francisco"),
        pytest.param("2025-06-09 07:00", PACIFIC, "2025-W24", id="Monday 0:00 in San Francisco"),
        pytest.param("2025-06-08 23:00", ZoneInfo("Asia/Tokyo"), "2025-W24", id="Monday already in Tokyo"),
        pytest.param("2024-12-30 12:00", PACIFIC, "2025-W01", id="December, but of the next year's first week"),
        pytest.param("2027-01-01 12:00", PACIFIC, "2026-W53", id="January, but of the last year's 53rd week"),
    ],
)
def test_the_week_of_a_moment(at: str, zone: ZoneInfo, week: str) -> None:
    assert str(week_of(moment(at), zone)) == week


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-60, 60))
def test_weeks_read_back_and_follow_each_other(day: date, weeks: int) -> None:
    week = week_of(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), ZoneInfo("UTC"))
    assert parse_week(str(week)) == week
    assert week.monday <= day < week.plus(1).monday
    assert week.plus(weeks).monday - week.monday == timedelta(weeks=weeks)


@pytest.mark.parametrize("text", ["2026-W47", "2026w47", " 2026-w47\n"])
def test_a_week_is_read(text: str) -> None:
    assert parse_week(text) == Week(2026, 47)


@pytest.mark.parametrize("text", ["", "47", "2026-W00", "2026-W54", "2025-W53", "0000-W01", "2026-47", "٢٠٢٦-W47"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no week; write it as 2026-W47\."):
        parse_week(text)


def test_a_week_of_daylight_saving_has_167_hours() -> None:
    week = parse_week("2025-W10")
    assert week.plus(1).starts(PACIFIC) - week.starts(PACIFIC) == timedelta(hours=167)


# Figures


def made(created: str, closed: str = "", *labels: str, number: int = 7, assignee: str = "") -> Bug:
    return bug(
        *labels,
        number=number,
        created=moment(created),
        closed=moment(closed) if closed else None,
        assignees=(assignee,) if assignee else (),
    )


BUGS = (
    made("2025-06-02 07:00", "", ":reproduce", number=1),  # Monday 0:00 in San Francisco
    made("2025-06-02 06:59", "", ":release", number=2),
    made("2025-06-03 12:00", "2025-06-04 12:00", ":reproduce", number=3),
    made("2025-05-01 12:00", "2025-06-02 07:00", number=4),
    made("2025-05-01 12:00", "2025-06-02 06:59", number=5),
    made("2025-05-28 12:00", "", ":reproduce", number=6, assignee="xpkoala"),
    made("2025-05-29 12:00", "", ":release", number=8),
)
COUNTS = in_states(BUGS, CONFIG, {8: "Awaiting QA", 6: "Awaiting QA"})


def test_the_figures_of_the_week_under_way() -> None:
    assert figures(BUGS, W23, NOW, CONFIG, COUNTS) == Kpis(
        W23,
        opened=2,
        closed=2,
        open=4,
        states=(
            (State.INBOX, 1),
            (State.ACKNOWLEDGED, 1),
            (State.PRODUCT, 0),
            (State.ENGINEERING, 1),
            (State.AWAITING_QA, 1),
            (State.ORPHAN, 0),
        ),
    )


def test_the_figures_of_a_past_week_are_computed_back_without_states() -> None:
    assert figures(BUGS, W23.plus(-1), NOW, CONFIG, COUNTS) == Kpis(W23.plus(-1), opened=3, closed=1, open=4)


def test_the_boundaries_are_in_the_zone_of_the_team() -> None:
    in_utc = config(team={"zone": ZoneInfo("UTC")})
    assert figures(BUGS, W23, NOW, in_utc, {}).opened == 3
    assert figures(BUGS, W23, NOW, in_utc, {}).closed == 3


DAYS = st.integers(0, 100)


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=20))
def test_what_comes_and_goes_makes_what_is_there(spans: list[tuple[int, int | None]]) -> None:
    bugs = [
        bug(
            number=number,
            created=NOW - timedelta(days=opened),
            closed=None if lasted is None or lasted > opened else NOW - timedelta(days=opened - lasted),
        )
        for number, (opened, lasted) in enumerate(spans)
    ]
    weeks = history(bugs, NOW, CONFIG, in_states(bugs, CONFIG, {}), {})
    for former, later in pairwise(weeks):
        assert later.open == former.open + later.opened - later.closed
    assert weeks[-1].open == sum(one.closed is None for one in bugs) == sum(dict(weeks[-1].states or ()).values())


# History


def test_the_history_has_twelve_weeks_and_the_one_under_way() -> None:
    weeks = history(BUGS, NOW, CONFIG, COUNTS, {})
    assert [one.week for one in weeks] == [W23.plus(-back) for back in range(WEEKS, -1, -1)]
    assert [one.states is None for one in weeks] == [True] * WEEKS + [False]


def test_states_of_a_past_week_are_those_that_were_kept() -> None:
    kept = {"2025-W22": {"opened": 1, "closed": 0, "open": 99, "inbox": 5, "orphan": 2, "gone since": 1}}
    week = history(BUGS, NOW, CONFIG, COUNTS, kept)[-2]
    assert (week.opened, week.closed, week.open) == (3, 1, 4)  # the whole week, not up to the snapshot
    assert week.states == ((State.INBOX, 5), (State.ORPHAN, 2))
    assert week.in_state(State.INBOX) == 5


def test_a_snapshot_of_the_week_under_way_gives_way_to_what_is_so_now() -> None:
    assert history(BUGS, NOW, CONFIG, COUNTS, {"2025-W23": {"inbox": 50}})[-1].in_state(State.INBOX) == 1


def test_a_week_before_those_that_are_read_is_told_only_if_it_was_kept() -> None:
    old = W23.plus(-WEEKS - 1)
    assert past(BUGS, old, NOW, CONFIG, {}, {}) is None
    told = Kpis(old, 3, 4, 200, ((State.INBOX, 7),))
    assert past(BUGS, old, NOW, CONFIG, {}, {str(old): kept_figures(told)}) == told


def test_a_week_to_come_has_no_figures() -> None:
    assert past(BUGS, W23.plus(1), NOW, CONFIG, {}, {}) is None


def test_what_is_kept_tells_the_same_again() -> None:
    now = figures(BUGS, W23, NOW, CONFIG, COUNTS)
    later = NOW + timedelta(weeks=40)
    assert past((), W23, later, CONFIG, {}, {str(W23): kept_figures(now)}) == now


# Text

TOLD = (Kpis(Week(2025, 22), 3, 1, 4), Kpis(W23, 2, 14, 212, ((State.INBOX, 7), (State.ORPHAN, 1))))


def test_a_table_for_the_eye() -> None:
    lines = as_table(TOLD).splitlines()
    assert [line.rsplit(maxsplit=2) for line in lines] == [
        ["week", "2025-W22", "2025-W23"],
        ["opened", "3", "2"],
        ["closed", "1", "14"],
        ["open", "4", "212"],
        ["inbox", "–", "7"],
        ["acknowledged", "–", "0"],
        ["in product drafting", "–", "0"],
        ["in engineering", "–", "0"],
        ["awaiting QA", "–", "0"],
        ["orphan", "–", "1"],
    ]
    assert {len(line) for line in lines} == {len(lines[0])} <= set(range(45)), "it fits any terminal"


def test_a_row_for_a_sheet() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(TOLD))))
    assert tuple(rows[0]) == HEADER
    assert rows[1:] == [
        ["2025-W22", "3", "1", "4", "", "", "", "", "", ""],
        ["2025-W23", "2", "14", "212", "7", "0", "0", "0", "0", "1"],
    ]


def test_objects_for_a_program() -> None:
    first, second = json.loads(as_json(TOLD))["weeks"]
    assert [*first][:-1] == [*HEADER[:4]]
    assert first["week"] == "2025-W22"
    assert first["states"] is None
    assert [*second["states"]] == [*HEADER[4:]]
    assert (second["closed"], second["states"]["inbox"], second["states"]["awaiting QA"]) == (14, 7, 0)


def test_a_table_for_documents() -> None:
    lines = as_markdown(TOLD).splitlines()
    assert lines[0].startswith("| week | opened | closed | open | inbox |")
    assert lines[1].startswith("| --- | ---: |")
    assert lines[2].startswith("| 2025-W22 | 3 | 1 | 4 | – |")
    assert {line.count("|") for line in lines} == {len(HEADER) + 1}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_its_last_line(name: str) -> None:
    assert FORMATS[name](TOLD).endswith("\n")
