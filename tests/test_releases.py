"""Which release comes next, and on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Release
from fleet_tui.config.section import WEEKDAYS
from fleet_tui.domain.releases import Milestone, cadence_day, coming_milestone, coming_release, due_date, version_of

TODAY = date(2025, 6, 5)
CADENCE = Release(known_date=date(2025, 1, 6))


def milestones(*titles: str, due: date | None = None) -> tuple[Milestone, ...]:
    return tuple(Milestone(number, title, due) for number, title in enumerate(titles, start=1))


@pytest.mark.parametrize(
    ("due_on", "day"),
    [
        pytest.param("2025-06-09T07:00:00+00:00", date(2025, 6, 9), id="midnight in San Francisco in summer"),
        pytest.param("2025-12-08T08:00:00+00:00", date(2025, 12, 8), id="midnight in San Francisco in winter"),
        pytest.param("2025-06-09T16:00:00+09:00", date(2025, 6, 9), id="the same instant written in Tokyo"),
        pytest.param("2025-06-08T21:00:00-10:00", date(2025, 6, 9), id="the same instant written in Honolulu"),
        pytest.param("2025-06-09T06:59:59+00:00", date(2025, 6, 8), id="a second earlier"),
    ],
)
def test_a_due_date_is_the_day_in_san_francisco(due_on: str, day: date) -> None:
    assert due_date(datetime.fromisoformat(due_on)) == day


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.timezones())
def test_a_due_date_is_the_same_day_wherever_the_team_is(day: date, zone: ZoneInfo) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert due_date(midnight.astimezone(UTC).astimezone(zone)) == day


@pytest.mark.parametrize(
    ("title", "version"),
    [
        ("4.45.0-tentative", "4.45.0"),
        ("4.45.0", "4.45.0"),
        ("v4.45.0", "4.45.0"),
        (" 4.45.0 -tentative", "4.45.0"),
        ("fleet-v4.45.0", None),
        ("4.45", None),
        ("4.45.0-tentative-2", None),
        ("٤.٤٥.٠-tentative", None),
        ("Backlog", None),
        ("", None),
    ],
)
def test_a_version_is_read_from_a_title_that_is_one(title: str, version: str | None) -> None:
    assert (str(found) if (found := version_of(title, "-tentative")) else None) == version


@pytest.mark.parametrize(
    ("titles", "coming"),
    [
        pytest.param(["4.10.0-tentative", "4.9.0-tentative"], "4.9.0-tentative", id="versions order as numbers"),
        pytest.param(["4.46.0-tentative", "4.45.1-tentative"], "4.46.0-tentative", id="a patch serves no freeze"),
        pytest.param(["4.44.0", "4.45.0-tentative"], "4.45.0-tentative", id="what is published is over"),
        pytest.param(["5.0.0-tentative", "4.99.0-tentative"], "4.99.0-tentative", id="across a major version"),
        pytest.param(["Backlog", "fleetd-tentative"], None, id="no version at all"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_coming_milestone_is_the_lowest_open_minor_version(titles: list[str], coming: str | None) -> None:
    found = coming_milestone(milestones(*titles), Release())
    assert (found.title if found else None) == coming


def test_the_suffix_of_a_milestone_is_a_setting() -> None:
    found = coming_milestone(milestones("4.45.0-tentative", "4.46.0-next"), Release(milestone_suffix="-next"))
    assert found is not None
    assert found.title == "4.46.0-next"


@pytest.mark.parametrize(
    ("rules", "due", "day"),
    [
        pytest.param(Release(), date(2025, 6, 9), date(2025, 6, 9), id="the milestone's due date"),
        pytest.param(CADENCE, date(2025, 6, 10), date(2025, 6, 10), id="which goes before the cadence"),
        pytest.param(Release(), date(2025, 6, 2), date(2025, 6, 2), id="also when it has passed"),
        pytest.param(CADENCE, None, date(2025, 6, 23), id="the cadence where there is no due date"),
    ],
)
def test_the_day_of_the_coming_release(rules: Release, due: date | None, day: date) -> None:
    release = coming_release(milestones("4.70.0-tentative", due=due), rules, TODAY)
    assert release is not None
    assert (release.version, release.day) == ("4.70.0", day)
    assert release.milestone is not None


def test_without_a_milestone_the_cadence_tells_the_day_but_no_version() -> None:
    release = coming_release((), CADENCE, TODAY)
    assert release is not None
    assert (release.version, release.day, release.milestone) == ("next release", date(2025, 6, 23), None)


def test_with_neither_due_date_nor_cadence_nothing_is_guessed() -> None:
    assert coming_release(milestones("4.70.0-tentative"), Release(), TODAY) is None
    assert coming_release((), Release(), TODAY) is None


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2025, 1, 6), date(2025, 1, 6)),
        (date(2025, 1, 7), date(2025, 1, 27)),
        (date(2025, 1, 27), date(2025, 1, 27)),
        (date(2024, 12, 16), date(2024, 12, 16)),
        (date(2024, 12, 15), date(2024, 11, 25) + timedelta(weeks=3)),
    ],
)
def test_a_release_day_lasts_until_it_is_over(today: date, day: date) -> None:
    assert cadence_day(CADENCE, today) == day


def test_a_known_date_on_another_weekday_means_its_week() -> None:
    assert cadence_day(Release(known_date=date(2025, 1, 9)), date(2025, 1, 1)) == date(2025, 1, 6)


@given(
    known=st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    today=st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    weeks=st.integers(1, 26),
    weekday=st.sampled_from(WEEKDAYS),
)
def test_the_cadence_gives_the_next_day_that_fits(known: date, today: date, weeks: int, weekday: str) -> None:
    rules = Release(known_date=known, every_weeks=weeks, weekday=weekday)  # type: ignore[arg-type]
    day = cadence_day(rules, today)
    assert day is not None
    assert 0 <= (day - today).days < 7 * weeks
    assert WEEKDAYS[day.weekday()] == weekday
    assert abs((day - known).days) % (7 * weeks) in {*range(7), *range(7 * weeks - 6, 7 * weeks)}
