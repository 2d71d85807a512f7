"""Since when a bug is in its state, and what its clock says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_clock import Clock, Demand, Since, clock_of, since_of, urgency
from fleet_tui.domain.bugs import Bug, State, state_of
from tests.bugs import bug, history
from tests.helpers import NOW, ago, config, moment

QA = ("xpkoala",)
REPRODUCE = ":reproduce"
DAY = timedelta(days=1)


def inbox(entered: datetime, **fields: Any) -> Bug:
    return bug(REPRODUCE, history=history(labelled={"bug": entered, REPRODUCE: entered}), **fields)


def acknowledged(at: datetime, **told: Any) -> Bug:
    past = history(labelled={REPRODUCE: ago(days=80)}, assigned=at, **told)
    return bug(REPRODUCE, assignees=QA, history=past)


def clock(one: Bug, now: datetime = NOW, settings: Config | None = None) -> Clock | None:
    settings = settings or Config()
    return clock_of(one, state_of(one, "", settings), now, settings)


def words(one: Bug, now: datetime = NOW, settings: Config | None = None) -> str:
    found = clock(one, now, settings)
    return found.words(now, settings or Config()) if found else ""


@pytest.mark.parametrize(
    ("one", "state", "since"),
    [
        pytest.param(inbox(ago(days=3)), State.INBOX, Since(ago(days=3)), id="the label"),
        pytest.param(acknowledged(ago(days=5)), State.ACKNOWLEDGED, Since(ago(days=5)), id="the assignment"),
        pytest.param(
            bug(REPRODUCE, assignees=QA, history=history(labelled={REPRODUCE: ago(days=2)}, assigned=ago(days=9))),
            State.ACKNOWLEDGED,
            Since(ago(days=2)),
            id="assigned before it was a bug to be reproduced",
        ),
        pytest.param(
            bug(":release", history=history(labelled={":release": ago(days=4), "bug": ago(days=50)})),
            State.ENGINEERING,
            Since(ago(days=4)),
            id="in engineering",
        ),
        pytest.param(
            bug(":PRODUCT", history=history(labelled={":PRODUCT": ago(days=4)})),
            State.PRODUCT,
            Since(ago(days=4)),
            id="a label in capitals",
        ),
        pytest.param(
            bug(":release", history=history(labelled={":release": ago(days=4)})),
            State.AWAITING_QA,
            Since(ago(days=4), known=False),
            id="the board does not tell since when",
        ),
        pytest.param(bug(closed=ago(days=2)), State.CLOSED, Since(ago(days=2)), id="closed"),
        pytest.param(bug(), State.ORPHAN, Since(ago(days=90), known=False), id="an orphan"),
        pytest.param(bug(REPRODUCE), State.INBOX, Since(ago(days=90), known=False), id="no timeline yet"),
        pytest.param(
            bug(REPRODUCE, history=history(updated=ago(days=9), labelled={REPRODUCE: ago(days=20)})),
            State.INBOX,
            Since(ago(days=20), known=False),
            id="an old timeline: the label may have been set anew",
        ),
        pytest.param(
            bug(REPRODUCE, assignees=QA, history=history(updated=ago(days=9), labelled={REPRODUCE: ago(days=20)})),
            State.ACKNOWLEDGED,
            Since(ago(days=9), known=False),
            id="assigned after the timeline was read",
        ),
    ],
)
def test_since_when_it_is_in_its_state(one: Bug, state: State, since: Since) -> None:
    assert since_of(one, state, Config()) == since


def test_the_inbox_has_a_limit_in_business_days() -> None:
    friday = moment("2025-06-06 22:00")  # 15:00 in San Francisco
    assert clock(inbox(friday)) == Clock(Demand.MOVE_ON, moment("2025-06-09 22:00"))
    two_days = config(bugs={"inbox_business_days": 2})
    assert clock(inbox(friday), settings=two_days) == Clock(Demand.MOVE_ON, moment("2025-06-10 22:00"))


@pytest.mark.parametrize(
    ("now", "said", "overdue"),
    [
        ("2025-06-06 22:00", "1 d left of 1 day", False),
        ("2025-06-08 22:00", "6 h left of 1 day", False),
        ("2025-06-09 21:48", "12 m left of 1 day", False),
        ("2025-06-09 22:00", "move on now", True),
        ("2025-06-10 17:00", "3 h over 1 day limit", True),
        ("2025-06-12 17:00", "2 d over 1 day limit", True),
    ],
)
def test_the_inbox_is_told_in_working_hours(now: str, said: str, overdue: bool) -> None:
    one = inbox(moment("2025-06-06 22:00"))
    assert words(one, moment(now)) == said
    found = clock(one)
    assert found
    assert found.is_overdue(moment(now)) is overdue
    assert (found.remaining(moment(now), Config().team) <= timedelta(0)) is overdue


@pytest.mark.parametrize(
    ("days", "told", "said"),
    [
        pytest.param(12, {}, "ping in 2 d", id="two weeks are not over"),
        pytest.param(14, {}, "ping now", id="two weeks"),
        pytest.param(17, {}, "ping, 3 d over", id="not pinged"),
        pytest.param(28, {}, "close now", id="four weeks"),
        pytest.param(31, {}, "close, 3 d over", id="not closed"),
        pytest.param(31, {"reporter_spoke": ago(days=3)}, "ping in 11 d", id="the reporter spoke"),
        pytest.param(5, {"reporter_spoke": ago(days=30)}, "ping in 9 d", id="… but before it was acknowledged"),
        pytest.param(17, {"asked": ago(days=2)}, "close in 11 d", id="pinged"),
        pytest.param(17, {"asked": ago(days=10)}, "ping, 3 d over", id="talk in the first weeks is no ping"),
        pytest.param(20, {"asked": ago(days=2), "reporter_spoke": ago(days=1)}, "ping in 13 d", id="answered the ping"),
    ],
)
def test_an_acknowledged_bug_waits_for_its_reporter(days: int, told: dict[str, Any], said: str) -> None:
    assert words(acknowledged(ago(days=days), **told)) == said


def test_engineering_has_six_weeks() -> None:
    one = bug(":release", history=history(labelled={":release": ago(days=40)}))
    assert clock(one) == Clock(Demand.TRIAGE, ago(days=40) + 42 * DAY)
    assert words(one) == "triage in 2 d"
    assert words(one, NOW + 5 * DAY) == "triage, 3 d over"


@pytest.mark.parametrize(
    "one", [bug(), bug(":product"), bug(":release", closed=NOW)], ids=["orphan", "product", "closed"]
)
def test_where_no_rule_sets_a_limit_there_is_no_clock(one: Bug) -> None:
    assert clock(one) is None


def test_limits_are_settings() -> None:
    short = config(bugs={"ping_after_days": 3, "close_after_days": 5, "triage_after_days": 7})
    assert words(acknowledged(ago(days=1)), settings=short) == "ping in 2 d"
    assert words(acknowledged(ago(days=6)), settings=short) == "close, 1 d over"
    in_engineering = bug(":release", history=history(labelled={":release": ago(days=4)}))
    assert words(in_engineering, settings=short) == "triage in 3 d"


def test_what_is_not_known_is_not_called_overdue() -> None:
    one = bug(REPRODUCE, assignees=QA, created=ago(days=31))
    found = clock(one)
    assert found
    assert not found.is_overdue(NOW)
    assert words(one) == "close, ≤ 3 d over"
    assert words(bug(":release", created=ago(days=40))) == "triage in ≥ 2 d"
    assert (
        words(bug(REPRODUCE, created=moment("2025-06-04 22:00")), moment("2025-06-05 17:00")) == "≥ 5 h left of 1 day"
    )


def test_cards_are_sorted_by_urgency() -> None:
    past = history(labelled={":release": ago(days=4)})
    long_past = history(labelled={":release": ago(days=60)})
    cards = {
        "overdue and critical": bug(":release", "~critical bug", history=long_past),
        "critical": bug(":release", "~critical bug", history=past),
        "overdue": bug(":release", history=long_past),
        "blocker": bug(":release", "~release blocker", history=past),
        "P0": bug(":release", "P0", history=past),
        "P2": bug(":release", "P2", history=past),
        "due first": bug(":release", history=history(labelled={":release": ago(days=20)})),
        "due later, lower number": bug(":release", number=3, history=past),
        "due later": bug(":release", history=past),
        "without a clock": bug(":product", number=2),
    }

    def key(name: str) -> Any:
        return urgency(cards[name], clock(cards[name]), NOW, Config().labels)

    backwards = list(cards)[::-1]
    assert sorted(backwards, key=key) == list(cards)
