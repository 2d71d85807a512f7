"""What waits for on-call: in which order, by when, and what is announced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.bugs import Bug, History, State
from fleet_tui.domain.community import CommunityPull, community_pulls, people
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.merge_conditions import ConditionJudge
from fleet_tui.domain.on_call_waiting import Assigned, Kind, Waiting, about_to_miss, clock, waiting
from fleet_tui.domain.pulls import KindJudge, Remark, candidate
from tests.helpers import NOW, ago, config, moment, pull

CONFIG = Config()
TEAM, GUEST = "lukeheath", "kiltzsec"


def guests(*pulls: dict[str, Any]) -> tuple[CommunityPull, ...]:
    judge = KindJudge(CONFIG).judge
    found = [candidate(pull(author=GUEST, **fields), Phase.OPEN, CONFIG, judge) for fields in pulls]
    return community_pulls(found, people([], CONFIG), CONFIG, ConditionJudge(CONFIG), lambda _: frozenset())


def bug(number: int, *labels: str, **fields: Any) -> Bug:
    given: dict[str, Any] = {"created": ago(days=2), "updated": ago(hours=1)}
    return Bug(
        number, f"Bug {number}", f"https://x/{number}", "reporter", labels=frozenset({"bug", *labels}), **given | fields
    )


def assigned(number: int, *, is_pull: bool = False, **fields: Any) -> Assigned:
    given: dict[str, Any] = {"created": ago(days=9), "updated": ago(days=1)}
    return Assigned(number, f"Thing {number}", f"https://x/{number}", is_pull=is_pull, **given | fields)


def rows(
    pulls: tuple[CommunityPull, ...] = (),
    mine: tuple[Assigned, ...] = (),
    bugs: tuple[tuple[Bug, State], ...] = (),
    settings: Config = CONFIG,
) -> tuple[Waiting, ...]:
    return waiting(pulls, mine, bugs, settings)


ANSWERED = [Remark(TEAM, "…", ago(hours=1))]


def test_the_most_urgent_comes_first() -> None:
    found = rows(
        guests(
            {"number": 10, "created": ago(hours=2)},
            {"number": 11, "created": ago(days=3)},
            {"number": 12, "remarks": ANSWERED},
            {"number": 13, "draft": True},
        ),
        (assigned(20), assigned(21, is_pull=True, updated=ago(days=5))),
        (
            (bug(30, ":reproduce", created=ago(days=1)), State.INBOX),
            (bug(31, "~critical bug"), State.ENGINEERING),
            (bug(32, ":reproduce"), State.ACKNOWLEDGED),
            (bug(33, "~critical-bug"), State.CLOSED),
        ),
    )
    assert [(one.number, one.kind) for one in found] == [
        (31, Kind.CRITICAL),
        (11, Kind.COMMUNITY),
        (30, Kind.INBOX),
        (10, Kind.COMMUNITY),
        (21, Kind.PULL),
        (20, Kind.ISSUE),
        (12, Kind.COMMUNITY),
    ]
    assert [one.our_turn for one in found] == [True] * 6 + [False]


def test_one_thing_is_told_once_as_what_is_most_urgent_of_it() -> None:
    critical = bug(7, "~critical bug", ":reproduce")
    found = rows(guests({"number": 8}), (assigned(7), assigned(8, is_pull=True)), ((critical, State.INBOX),))
    assert [(one.number, one.kind) for one in found] == [(7, Kind.CRITICAL), (8, Kind.COMMUNITY)]


@given(st.permutations(range(5)))
def test_the_order_does_not_depend_on_that_of_the_sources(order: list[int]) -> None:
    mine = tuple(assigned(number, updated=ago(days=number % 2)) for number in order)
    assert [one.number for one in rows(mine=mine)] == [1, 3, 0, 2, 4]


@pytest.mark.parametrize(
    ("fields", "since", "due"),
    [
        ({"created": moment("2025-06-04 17:00")}, "2025-06-04 17:00", "2025-06-05 17:00"),
        (
            {
                "created": moment("2025-05-01 17:00"),
                "history": History(NOW, ((":Reproduce", moment("2025-06-04 18:00")), ("bug", NOW))),
            },
            "2025-06-04 18:00",
            "2025-06-05 18:00",
        ),
    ],
    ids=["since it was reported", "since the label was set again"],
)
def test_a_new_bug_has_its_day(fields: dict[str, Any], since: str, due: str) -> None:
    (one,) = rows(bugs=((bug(7, ":Reproduce", **fields), State.INBOX),))
    assert (one.since, one.due) == (moment(since), moment(due))


def test_the_day_of_a_new_bug_is_a_setting() -> None:
    longer = config(bugs={"inbox_business_days": 2})
    (one,) = rows(bugs=((bug(7, created=moment("2025-06-04 17:00")), State.INBOX),), settings=longer)
    assert one.due == moment("2025-06-06 17:00")


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({}, "never answered; 0 of 5 conditions hold"),
        ({"remarks": ANSWERED}, "kiltzsec's turn; 0 of 5 conditions hold"),
        (
            {"remarks": [*ANSWERED, Remark(GUEST, "…", NOW)], "paths": ["docs/a.md"]},
            "no answer to the last word; 3 of 5 conditions hold",
        ),
    ],
)
def test_what_is_said_of_a_community_pull_request(fields: dict[str, Any], note: str) -> None:
    assert [one.note for one in rows(guests({"number": 7, **fields}))] == [note]


def test_what_is_said_of_a_critical_bug() -> None:
    found = rows(
        bugs=(
            (bug(7, "~critical bug", assignees=("mna", "getvictor")), State.ENGINEERING),
            (bug(8, "~critical bug"), State.ORPHAN),
        )
    )
    assert [one.note for one in found] == ["in engineering, mna, getvictor assigned", "orphan, nobody assigned"]


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (moment("2025-06-05 17:00"), "due Thu 10:00"),
        (moment("2025-06-05 14:00"), "overdue since Thu 7:00"),
        (NOW, "overdue since Thu 8:00"),
        (None, "since Mon 26 May 8:00"),
    ],
)
def test_clocks_are_told_as_moments(due: Any, words: str) -> None:
    one = Waiting(Kind.COMMUNITY, 7, "", "", ago(days=10), due)
    assert clock(one, NOW, CONFIG) == words


# Alerts --------------------------------------------------------------------------------------------------------------

DAY = "2025-06-04 18:00"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        pytest.param("2025-06-05 15:59", "2 h", id="before the working day, of which it has two"),
        pytest.param("2025-06-05 16:00", "2 h", id="two working hours before"),
        pytest.param("2025-06-05 17:45", "15 min", id="soon"),
        pytest.param("2025-06-05 18:00", None, id="missed: nothing more to prevent"),
        pytest.param("2025-06-04 23:00", None, id="an hour of the former day and two"),
    ],
)
def test_it_is_announced_before_the_day_is_missed(now: str, left: str | None) -> None:
    found = about_to_miss(rows(guests({"number": 7, "created": moment(DAY)})), moment(now), CONFIG)
    expected = Alert(
        "community 7 2025-06-05T18:00:00+00:00",
        "pull request",
        f"#7 of kiltzsec is about to miss its day: an answer is due in {left}.",
        "oncall",
        "7",
    )
    assert found == ((expected,) if left else ())


def test_it_is_announced_once_a_day_at_stake_and_not_for_what_is_answered() -> None:
    first, again = ({"number": 7, "created": moment(DAY) + timedelta(minutes=minutes)} for minutes in (0, 5))
    now = moment("2025-06-05 17:30")
    keys = [about_to_miss(rows(guests(fields)), now, CONFIG)[0].key for fields in (first, first, again)]
    assert keys[0] == keys[1] != keys[2]
    assert about_to_miss(rows(guests({**first, "remarks": ANSWERED})), now, CONFIG) == ()
    assert about_to_miss(rows(bugs=((bug(7, created=moment(DAY)), State.INBOX),)), now, CONFIG) == ()


def test_how_early_is_a_setting() -> None:
    found = rows(guests({"number": 7, "created": moment(DAY)}))
    never = config(on_call={"answer_warning_hours": 0})
    assert about_to_miss(found, moment("2025-06-05 17:59"), never) == ()
