"""Spans of time in people's words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.spans import day, day_and_hour, short_span, span, until, zone_name
from tests.helpers import NOW, moment

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("length", "words", "short"),
    [
        (timedelta(), "now", "now"),
        (timedelta(seconds=59, microseconds=999_999), "now", "now"),
        (timedelta(minutes=1), "1 min", "1 m"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 m"),
        (timedelta(hours=1), "1 h", "1 h"),
        (timedelta(hours=3, minutes=20, seconds=59), "3 h 20 min", "3 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min", "23 h"),
        (timedelta(days=1), "1 d", "1 d"),
        (timedelta(days=1, minutes=59), "1 d", "1 d"),
        (timedelta(days=2, hours=4, minutes=30), "2 d 4 h", "2 d"),
        (timedelta(days=13, hours=23), "13 d 23 h", "13 d"),
        (timedelta(days=14, hours=5), "14 d", "14 d"),
        (timedelta(days=-2, hours=-4), "2 d 4 h", "2 d"),
    ],
    ids=str,
)
def test_a_span_is_said_in_its_two_largest_units(length: timedelta, words: str, short: str) -> None:
    assert (span(length), short_span(length)) == (words, short)


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=900)))
def test_a_span_is_never_said_longer_than_it_is_nor_an_hour_too_short(length: timedelta) -> None:
    words = span(length).split()
    unit = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
    said = sum((int(count) * unit[name] for count, name in zip(words[::2], words[1::2], strict=True)), timedelta())
    lost = timedelta(days=1) if length >= timedelta(days=14) else timedelta(hours=1)
    assert timedelta() <= length - said < lost


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (NOW + timedelta(hours=52), "in 2 d 4 h"),
        (NOW + timedelta(minutes=1), "in 1 min"),
        (NOW + timedelta(seconds=59), "now"),
        (NOW, "now"),
        (NOW - timedelta(seconds=59), "now"),
        (NOW - timedelta(hours=3), "3 h ago"),
    ],
)
def test_a_moment_lies_ahead_or_behind(then: datetime, words: str) -> None:
    assert until(then, NOW) == words


@pytest.mark.parametrize(
    ("then", "zone", "words"),
    [
        pytest.param("2025-06-03 16:00", "America/Los_Angeles", "Tue 9:00", id="within the week"),
        pytest.param("2025-06-03 16:00", "Asia/Tokyo", "Wed 1:00", id="another day elsewhere"),
        pytest.param("2025-06-05 22:05", "America/Los_Angeles", "Thu 15:05", id="minutes with two figures"),
        pytest.param("2025-06-12 16:00", "America/Los_Angeles", "Thu 12 Jun 9:00", id="the same weekday next week"),
        pytest.param("2025-11-25 17:00", "America/Los_Angeles", "Tue 25 Nov 9:00", id="in winter"),
        pytest.param("2025-05-29 16:00", "America/Los_Angeles", "Thu 29 May 9:00", id="a week ago"),
    ],
)
def test_a_moment_is_told_on_the_clock_of_the_team(then: str, zone: str, words: str) -> None:
    assert day_and_hour(moment(then), ZoneInfo(zone), now=NOW) == words


def test_a_day_is_the_day_in_the_zone() -> None:
    assert day(moment("2025-11-25 03:00"), PACIFIC) == "Mon 24 Nov"


@pytest.mark.parametrize(
    ("zone", "then", "name"),
    [
        ("America/Los_Angeles", "2025-06-05 12:00", "PT"),
        ("America/Los_Angeles", "2025-12-05 12:00", "PT"),
        ("America/New_York", "2025-12-05 12:00", "ET"),
        ("Europe/Berlin", "2025-12-05 12:00", "CET"),
        ("Asia/Tokyo", "2025-12-05 12:00", "JST"),
        ("UTC", "2025-12-05 12:00", "UTC"),
        ("Europe/Istanbul", "2025-12-05 12:00", "+03"),
    ],
)
def test_a_zone_is_named_as_people_say_it(zone: str, then: str, name: str) -> None:
    assert zone_name(moment(then), ZoneInfo(zone)) == name


@pytest.mark.parametrize(
    ("now", "then", "words", "shown"),
    [
        pytest.param("2025-11-01 16:00", "2025-11-02 17:00", "in 1 d 1 h", "Sun 9:00", id="a day of 25 hours"),
        pytest.param("2025-03-08 17:00", "2025-03-09 16:00", "in 23 h", "Sun 9:00", id="a day of 23 hours"),
        pytest.param("2025-11-02 08:30", "2025-11-02 09:30", "in 1 h", "Sun 1:30", id="an hour that comes twice"),
        pytest.param("2025-11-02 10:30", "2025-11-02 09:30", "1 h ago", "Sun 1:30", id="its second time"),
    ],
)
def test_when_the_clocks_change_spans_are_real_and_hours_those_of_the_clock(
    now: str, then: str, words: str, shown: str
) -> None:
    present, other = moment(now), moment(then)
    assert until(other, present) == until(other.astimezone(PACIFIC), present) == words
    assert day_and_hour(other, PACIFIC, now=present) == shown
    assert zone_name(present, PACIFIC) == zone_name(other, PACIFIC) == "PT"
