"""What the on-call screen works on: the roster in a word, what waits, marks, rituals, alerts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.cli.on_call import document
from fleet_tui.config.on_call import Person
from fleet_tui.desks.bugs import BugDesk
from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.certificates import Certificate, Inventory, Kind
from fleet_tui.domain.community import Members
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.merge_conditions import Condition
from fleet_tui.domain.outlook import outlook
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.pulls import Checks, KindJudge
from fleet_tui.domain.ritual_agenda import Standing
from fleet_tui.domain.rituals import Ritual, Rituals
from fleet_tui.domain.roster import Roster, Shift
from fleet_tui.domain.turns import roster_of, window
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store
from tests.helpers import NOW, ago, branch, config, moment, pull

PEOPLE = (Person(name="Lucas", login="lucasmrod"), Person(name="Victor", login="getvictor"))
CONFIG = config(on_call={"people": PEOPLE, "first_week": date(2025, 6, 4)})
GUEST = "kiltzsec"
WHOLE = ("server/a.go", "server/a_test.go", "docs/a.md", "changes/7-a")
OPEN = branch(frozen=False)


class World:
    """Readings, a clock, and the desk that stands on them."""

    def __init__(self, **values: Any) -> None:
        self.now = NOW
        usual = {
            "me": "lucasmrod",
            "members": Members(frozenset({"lucasmrod", "getvictor"})),
            "roster": roster_of(CONFIG, (), *window(NOW, CONFIG)),
            "pulls": (),
            "freeze": OPEN,
        }
        self.readings = {name: Reading(value, NOW) for name, value in (usual | values).items()}
        self.store = Store(None)
        given: tuple[Any, ...] = (CONFIG, self.store, self.reading, print, lambda: self.now)
        self.desk = OnCallDesk(*given, bugs=BugDesk(*given), outlook=self.outlook)

    def reading(self, name: str) -> Reading[Any]:
        return self.readings.get(name, Reading())

    def outlook(self) -> Any:
        judge = KindJudge(CONFIG).judge
        pulls = self.reading("pulls").value or ()
        return outlook(self.reading("freeze").value, (), pulls, self.now, CONFIG, judge)

    def alerts(self) -> list[str]:
        return [one.words for one in self.desk.alerts()]


def guest_pull(**fields: Any) -> Any:
    return pull(7, **{"author": GUEST, "labels": ["bug"], "checks": Checks.PASSING, "paths": WHOLE, **fields})


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW, "Lucas → Wed"),
        (moment("2025-06-11 15:59"), "Lucas → Wed"),
        (moment("2025-06-11 16:00"), "Victor → Wed"),
        (moment("2026-06-11 16:00"), ""),
    ],
)
def test_whoever_is_on_call_in_a_word(now: datetime, words: str) -> None:
    world = World()
    world.now = now
    assert world.desk.words == words


def test_a_gap_in_the_first_rotation_is_not_filled_by_another() -> None:
    other = Shift("Luke", "lukeheath", "", NOW, NOW + timedelta(days=7), "infrastructure")
    assert World(roster=Roster((other,), ("developer", "infrastructure"))).desk.words == ""
    assert World(roster=Roster((other,), ("infrastructure", "developer"))).desk.words == "Luke → Thu"


@given(st.datetimes(NOW.replace(tzinfo=None), moment("2025-08-20 00:00").replace(tzinfo=None)))
def test_the_screen_and_the_command_agree(at: datetime) -> None:
    world = World()
    world.now = at.replace(tzinfo=UTC)
    told = document(roster_of(CONFIG, (), *window(world.now, CONFIG)), world.now, CONFIG)["on_call"]
    (shift,) = world.desk.on_call
    following = world.desk.roster.next_after(shift)
    assert following
    assert [(one["login"], one["next"]["login"]) for one in told] == [(shift.login, following.login)]
    assert datetime.fromisoformat(told[0]["until"]) == shift.end


def test_until_it_is_known_who_is_of_the_team_nobody_is_of_the_community() -> None:
    world = World(pulls=(guest_pull(),))
    assert [one.pull.number for one in world.desk.community] == [7]
    world.readings["members"] = Reading()
    assert world.desk.community == ()


def test_the_inbox_and_critical_bugs_wait() -> None:
    made: dict[str, Any] = {"created": ago(days=1), "updated": ago(hours=1)}
    bugs = (
        Bug(1, "New", "https://x/1", "a", labels=frozenset({"bug", ":reproduce"}), **made),
        Bug(2, "Bad", "https://x/2", "a", labels=frozenset({"bug", ":release", "~critical bug"}), **made),
        Bug(3, "Usual", "https://x/3", "a", labels=frozenset({"bug", ":release"}), **made),
    )
    world = World(bugs=bugs)
    assert [one.number for one in world.desk.waiting(())] == [2, 1]
    world.readings["bugs"] = Reading(bugs[:1], NOW)
    assert [one.number for one in world.desk.waiting(())] == [1]


def test_a_mark_counts_until_the_next_push() -> None:
    world = World(pulls=(guest_pull(),))
    (one,) = world.desk.community
    assert "useful" in world.desk.why_not_merge(one)
    assert world.desk.toggle_mark(one.pull, Condition.USEFUL)
    assert world.desk.why_not_merge(world.desk.community[0]) == ""
    world.readings["pulls"] = Reading((guest_pull(head="f" * 40),), NOW)
    assert "useful" in world.desk.why_not_merge(world.desk.community[0])


@pytest.mark.parametrize(
    ("anew", "state", "why"),
    [
        pytest.param((guest_pull(),), OPEN, "", id="as it was"),
        pytest.param((), OPEN, "not open any more", id="gone"),
        pytest.param((guest_pull(head="f" * 40),), OPEN, "pushed", id="pushed"),
        pytest.param((guest_pull(checks=Checks.FAILING),), OPEN, "CI green", id="a check failed"),
        pytest.param((guest_pull(draft=True),), OPEN, "draft", id="made a draft"),
        pytest.param((guest_pull(labels=["story"]),), branch(frozen=True), "freeze", id="frozen, and no bug fix"),
    ],
)
def test_right_before_a_merge_everything_is_judged_anew(anew: Any, state: BranchState, why: str) -> None:
    seen = guest_pull()
    world = World(pulls=(seen,))
    world.desk.toggle_mark(seen, Condition.USEFUL)
    found = world.desk.why_not_merge_now(seen, state, anew)
    assert why in found if why else found == ""


# Rituals -------------------------------------------------------------------------------------------------------------

THURSDAY = date(2025, 6, 5)
WEEKLY = Ritual("Weekly", "Weekly", date(2025, 6, 4), "lucasmrod")
FREE = Ritual("Now and then", "Every patch release", None, "lucasmrod")


def test_a_ritual_that_is_done_is_settled_until_today_and_can_be_taken_back() -> None:
    world = World(rituals=Rituals((WEEKLY,)))
    world.now = NOW - timedelta(days=1)
    world.desk.toggle_ritual(world.desk.agenda[0])  # on Wednesday, for Wednesday
    world.now = NOW + timedelta(days=8)  # Friday of the next week: one Wednesday was missed
    (late,) = world.desk.agenda
    assert (late.standing, late.day) == (Standing.OVERDUE, date(2025, 6, 11))
    assert world.desk.toggle_ritual(late)
    assert (world.desk.agenda[0].day, world.desk.was_done_today(world.desk.agenda[0])) == (date(2025, 6, 18), True)
    assert not world.desk.toggle_ritual(world.desk.agenda[0])
    assert world.desk.agenda[0].standing is Standing.OVERDUE


def test_a_ritual_without_a_day_can_be_marked_too() -> None:
    world = World(rituals=Rituals((FREE,)))
    assert world.desk.toggle_ritual(world.desk.agenda[0])
    assert world.desk.was_done_today(world.desk.agenda[0])
    world.now += timedelta(days=1)
    assert not world.desk.was_done_today(world.desk.agenda[0])


# Handoff and alerts --------------------------------------------------------------------------------------------------


def test_the_facts_of_the_handoff() -> None:
    expires = Certificate("a", "APNs", Kind.APNS, NOW + timedelta(days=5), "file")
    fine = Certificate("b", "TLS", Kind.TLS, NOW + timedelta(days=500), "file")
    world = World(freeze=branch(frozen=True), certificates=Inventory((expires, fine)))
    shift = world.desk.shift
    assert shift
    facts = world.desk.facts(shift)
    assert (facts.by, facts.to) == ("lucasmrod", "getvictor")
    assert facts.freeze == "main is frozen."
    assert [line.partition(" ")[0] for line in facts.expiring] == ["APNs"]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (NOW, ["You are on call now"]),
        (moment("2025-06-11 15:30"), ["You are on call now", "You hand over to Victor"]),
        (moment("2025-06-17 16:00"), ["You go on call"]),
    ],
)
def test_what_is_told_of_the_own_time(now: datetime, told: list[str]) -> None:
    world = World()
    world.now = now
    assert [words for words in told if any(one.startswith(words) for one in world.alerts())] == told
    assert len(world.alerts()) == len(told)


def test_a_contribution_that_is_about_to_miss_its_day_is_told() -> None:
    world = World(pulls=(guest_pull(created=moment("2025-06-04 21:00")),), me="mna")
    assert world.alerts() == []
    world.now = moment("2025-06-05 19:30")
    assert [one.partition(" of ")[0] for one in world.alerts()] == ["#7"]
    world.readings["members"] = Reading(Members(frozenset({"lucasmrod"}), "The token sees public members alone."), NOW)
    assert world.alerts() == [], "it may be one of the team"


@pytest.mark.parametrize(
    ("reading", "settled"),
    [
        (Reading(None, NOW), True),
        (Reading(), False),
        (Reading(None, NOW, stored=True), False),
        (Reading(None, NOW, Problem("The calendar", Cause.OFFLINE, "No."), stored=True), True),
    ],
    ids=["read", "not yet", "from the former run", "broken: the last good one counts"],
)
def test_alerts_wait_for_the_roster_but_not_for_a_broken_calendar(reading: Reading[Any], settled: bool) -> None:
    world = World()
    world.readings["roster"] = reading
    assert world.desk.is_settled is settled
