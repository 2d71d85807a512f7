"""The desk of the bug board: places, what is placed anew, moves of mine, alarms, figures."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.desks import bugs as desk_module
from fleet_tui.desks.bugs import BugDesk, CutOff, Placed
from fleet_tui.domain.bug_filter import parse
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bug_undo import undo
from fleet_tui.domain.bugs import Bug, State
from fleet_tui.domain.critical import Task, ticked
from fleet_tui.feed import Reading
from fleet_tui.services.store import Store
from fleet_tui.simulator.world import FixedClock
from tests.bugs import bug, history
from tests.helpers import NOW, ago, config

REPRODUCE, RELEASE = ":reproduce", ":release"
ADD, REMOVE, ASSIGN = Act.ADD_LABEL, Act.REMOVE_LABEL, Act.ASSIGN


def inbox(number: int, *labels: str, hours: float = 1, **fields: Any) -> Bug:
    """A bug that nobody has taken on, so long in the inbox."""
    past = history(labelled={REPRODUCE: ago(hours=hours)})
    return bug(REPRODUCE, *labels, number=number, created=ago(hours=hours), history=past, **fields)


class Table:
    """A desk, and what its feeds say."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.readings: dict[str, Reading[Any]] = {name: Reading() for name in ("bugs", "columns", "members", "me")}
        self.clock = clock
        self.desk = BugDesk(config(), store, lambda name: self.readings[name], lambda _: None, clock)

    def say(self, *bugs: Bug, columns: dict[int, str] | None = None) -> BugDesk:
        """The feeds speak."""
        self.readings |= {"bugs": Reading(bugs, NOW), "columns": Reading(columns or {}, NOW)}
        self.readings["me"] = Reading("xpkoala", NOW)
        return self.desk

    def numbers(self, *states: State) -> list[int]:
        return [one.bug.number for one in self.desk.board.of(*states)]


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(None)
    yield made
    made.close()


@pytest.fixture
def table(store: Store, clock: FixedClock) -> Table:
    return Table(store, clock)


# Places


def test_python_need_not_look_for_garbage_in_what_there_may_be_thousands_of(table: Table) -> None:
    table.say(inbox(1))
    (one,) = table.desk.board.of(State.INBOX)
    assert not any(map(gc.is_tracked, (one, one.bug, one.bug.history, one.since, one.clock)))


def test_every_open_bug_stands_in_its_state_the_most_urgent_first(table: Table) -> None:
    desk = table.say(
        inbox(1),
        inbox(2, hours=90),
        inbox(3, "~critical bug"),
        bug(REPRODUCE, number=4, assignees=("xpkoala",)),
        bug(RELEASE, number=5),
        bug(RELEASE, number=6),
        bug(":product", number=7),
        bug(number=8),
        bug(RELEASE, number=9, closed=NOW),
        columns={6: "Awaiting QA"},
    )
    assert table.numbers(State.INBOX) == [3, 2, 1]
    placed = {one.bug.number: one.state for one in desk.board.by_number.values()}
    assert placed == {
        1: State.INBOX, 2: State.INBOX, 3: State.INBOX, 4: State.ACKNOWLEDGED, 5: State.ENGINEERING,
        6: State.AWAITING_QA, 7: State.PRODUCT, 8: State.ORPHAN,
    }  # fmt: skip
    assert desk.board.open == 8
    assert [one.bug.number for one in desk.board.critical()] == [3]
    assert [one.bug.number for one in desk.board.critical(State.ENGINEERING)] == []


def test_without_any_reading_the_board_is_empty(table: Table) -> None:
    assert (table.desk.board.open, table.desk.board.of(*State), table.desk.alarm_words) == (0, (), "")
    assert (table.desk.week.open, len(table.desk.weeks)) == (0, 13)


def test_only_what_has_changed_is_placed_anew(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[int] = []
    place = desk_module.place

    def counting(one: Bug, *given: Any) -> Placed:
        placed.append(one.number)
        return place(one, *given)

    monkeypatch.setattr(desk_module, "place", counting)
    first, second = inbox(1), bug(RELEASE, number=2)
    board = table.say(first, second).board
    assert placed == [1, 2]
    assert table.desk.board is board
    table.clock.advance(minutes=2)
    assert table.desk.board is board, "a minute later all stands where it stood"
    changed = replace(first, assignees=("xpkoala",))
    table.say(changed, second)
    assert table.numbers(State.ACKNOWLEDGED) == [1]
    table.say(changed, second, columns={2: "Awaiting QA"})
    assert table.numbers(State.AWAITING_QA) == [2]
    assert placed == [1, 2, 1, 2]


def test_a_clock_that_runs_down_moves_its_card_up_in_that_minute(table: Table) -> None:
    desk = table.say(inbox(1, "P0"), inbox(2, hours=20))
    assert table.numbers(State.INBOX) == [1, 2]
    due = desk.board.by_number[2].clock
    assert due
    table.clock.advance(seconds=(due.due - NOW).total_seconds())
    assert table.numbers(State.INBOX) == [2, 1]
    assert desk.board.by_number[2].is_overdue(table.clock())


def test_while_the_timeline_of_a_bug_is_read_anew_what_was_known_of_it_stays(table: Table) -> None:
    one = inbox(2, hours=90)
    table.say(inbox(1), one)
    assert table.numbers(State.INBOX) == [2, 1]
    touched = seen(one, labels=one.labels | {"P2"})
    table.say(inbox(1), touched)
    assert table.numbers(State.INBOX) == [2, 1]
    assert table.desk.board.by_number[2].is_overdue(NOW)
    anew = history(updated=touched.updated, labelled={REPRODUCE: ago(hours=2)})
    table.say(inbox(1), replace(touched, history=anew))
    assert not table.desk.board.by_number[2].is_overdue(NOW), "it was taken off and set again"


def test_filters_and_group(table: Table) -> None:
    desk = table.say(inbox(1, "#g-mdm"), inbox(2, "#G-MDM", hours=90), inbox(3, assignees=("XPKOALA",)))

    def wanted(text: str, group: str = "") -> list[int]:
        return sorted(one.bug.number for ones in desk.wanted(parse(text), group).values() for one in ones)

    assert wanted("") == [1, 2, 3]
    assert wanted("", "#g-mdm") == [1, 2]
    assert wanted("is:overdue") == wanted("is:overdue", "#g-mdm") == [2]
    assert wanted("is:mine") == [3]
    assert wanted("bug 3", "#g-mdm") == []


# Moves of mine


def seen(one: Bug, minutes: float = 1, **fields: Any) -> Bug:
    """`one` as GitHub shows it after a change."""
    return replace(one, updated=one.updated + timedelta(minutes=minutes), **fields)


def test_a_move_is_shown_before_the_list_has_it_and_until_then(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    after = seen(one, assignees=("xpkoala",))
    desk.was_moved("Acknowledge", after, [Step(ASSIGN, "xpkoala")])
    assert table.numbers(State.ACKNOWLEDGED) == [1]
    table.say(replace(one, comments=3))  # a list that is older than the move
    assert table.numbers(State.ACKNOWLEDGED) == [1]
    table.say(seen(after))
    table.say(seen(after, 2, assignees=()))
    assert table.numbers(State.INBOX) == [1]


def test_a_move_in_the_second_of_somebody_elses_change_is_shown_and_so_is_the_next_change(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    after = replace(one, assignees=("xpkoala",))
    desk.was_moved("Acknowledge", after, [Step(ASSIGN, "xpkoala")])
    assert table.numbers(State.ACKNOWLEDGED) == [1]
    table.say(replace(one, history=None))
    assert table.numbers(State.ACKNOWLEDGED) == [1], "the list is still the one from before the move"
    table.say(replace(after, labels=frozenset({"bug", RELEASE})))
    assert table.numbers(State.ENGINEERING) == [1]


def test_the_last_move_can_be_undone_unless_somebody_moved_it_since(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    assert not desk.last_made
    after = seen(one, assignees=("xpkoala",))
    desk.was_moved("Acknowledge", after, [Step(ASSIGN, "xpkoala")])
    (made,) = desk.last_made
    assert desk.why_not_undo(made) == ""
    table.say(seen(after, labels=after.labels | {"customer-blanco"}))
    assert desk.why_not_undo(made) == "", "a label that has nothing to do with its place is no move"
    table.say(seen(after, assignees=("xpkoala", "mna")))
    assert desk.why_not_undo(made) == "#1 was moved since: mna was assigned."
    table.say()
    assert desk.why_not_undo(made) == "#1 is not known any more."
    desk.was_undone(made, seen(one, 5))
    assert not desk.last_made


DONE, MISSING = (Step(ADD, RELEASE),), (Step(REMOVE, REPRODUCE), Step(ASSIGN, "mna"))


def test_a_move_that_was_cut_off_can_be_undone_as_far_as_it_came(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    desk.was_cut_off("Hand over", one, DONE, MISSING)
    assert desk.cut_off(1) == CutOff("Hand over", DONE, MISSING)
    (at_once,) = desk.last_made
    assert desk.why_not_undo(at_once) == "", "the list is older than what was done"
    assert RELEASE in desk.board.by_number[1].bug.labels
    table.say(seen(one, labels=one.labels | {RELEASE}))
    (made,) = desk.last_made
    assert desk.why_not_undo(made) == "", "what stands there is our own doing"
    assert undo(made) == (Step(REMOVE, RELEASE),)
    desk.was_undone(made, seen(one, 5))
    assert (desk.cut_off(1), desk.last_made) == (None, ())


def test_a_move_that_was_finished_can_be_undone_as_one(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    desk.was_cut_off("Hand over", one, DONE, MISSING)
    rest = desk.cut_off(1)
    assert rest
    after = seen(one, labels=frozenset({"bug", RELEASE}), assignees=("mna",))
    desk.was_finished(rest, after)
    assert desk.cut_off(1) is None
    (made,) = desk.last_made
    assert (made.title, made.steps) == ("Hand over", (*DONE, *MISSING))
    desk.was_undone(made, seen(one, 5))
    assert not desk.last_made


def test_an_undo_that_was_cut_off_can_be_finished(table: Table) -> None:
    one = inbox(1)
    desk = table.say(one)
    after = seen(one, labels=frozenset({"bug", RELEASE}), assignees=("mna",))
    desk.was_moved("Hand over", after, (*DONE, *MISSING))
    (made,) = desk.last_made
    desk.was_undone(made, seen(after, assignees=()), [Step(ADD, REPRODUCE)])
    assert desk.cut_off(1) == CutOff("Undo “Hand over”", (), (Step(ADD, REPRODUCE),))


def test_what_one_press_moved_is_taken_back_together_the_last_one_first(table: Table) -> None:
    bugs = [inbox(number) for number in range(1, 5)]
    desk = table.say(*bugs)

    def move(number: int, press: int = 0) -> None:
        after = seen(bugs[number - 1], assignees=("xpkoala",))
        desk.was_moved("Acknowledge", after, [Step(ASSIGN, "xpkoala")], press)

    move(1)
    press = desk.new_press()
    move(2, press)
    move(3)
    move(4, press)  # the one before is another press, made while this one was under way
    made = desk.last_made
    assert [one.after.number for one in made] == [4, 2]
    for one in made:
        desk.was_undone(one, one.after)
    assert [one.after.number for one in desk.last_made] == [3]


def test_nothing_done_leaves_nothing_to_undo(table: Table) -> None:
    desk = table.say(inbox(1))
    desk.was_cut_off("Hand over", inbox(1), (), MISSING)
    assert not desk.last_made


# Alarms and alerts


def test_a_critical_bug_stands_in_the_status_line_until_somebody_has_seen_it(
    table: Table, store: Store, clock: FixedClock
) -> None:
    desk = table.say(inbox(1), inbox(2, "~critical bug"), bug(RELEASE, "~critical bug", number=3))
    assert desk.alarm_words == "critical bug #2"
    assert [one.bug.number for one in desk.acknowledge_alarms()] == [2]
    assert desk.alarm_words == ""
    again = Table(store, clock)
    again.say(inbox(2, "~critical bug"), inbox(4, "~critical bug"), inbox(5, "~critical-bug", hours=90))
    assert again.desk.alarm_words == "critical bug #5 and 1 more", "the one that is overdue comes first"
    again.say(inbox(4, "~critical bug", assignees=("mna",)))
    assert again.desk.alarm_words == "", "somebody has taken it on"


def keys(desk: BugDesk) -> list[str]:
    return [one.key for one in desk.alerts()]


def test_alerts_name_critical_bugs_product_that_is_silent_and_the_inbox(table: Table) -> None:
    desk = table.say(inbox(1), inbox(2, "~critical bug"), inbox(3, hours=90))
    assert keys(desk) == ["critical 2", "inbox 3"]
    desk.keep_incident(ticked(desk.incident(2), Task.ALARM, "xpkoala", NOW))
    table.clock.advance(minutes=59)
    assert keys(desk) == ["critical 2", "inbox 3"]
    table.clock.advance(minutes=1)
    assert keys(desk) == ["critical 2", "critical 2 unanswered", "inbox 3"]
    words = {one.key: one.words for one in desk.alerts()}
    assert words["critical 2 unanswered"] == "Product has not confirmed #2 within 1 h: fall back to #help-p1."


def test_for_alerts_the_state_file_is_asked_once_however_many_bugs_are_critical(
    table: Table, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = table.say(*(inbox(number, "~critical bug") for number in range(20)))
    recalled: list[str] = []
    recall = store.recall

    def note(name: str, *given: Any) -> Any:
        recalled.append(name)
        return recall(name, *given)

    monkeypatch.setattr(store, "recall", note)
    assert len(keys(desk)) == 20
    assert len(recalled) == 1


def test_incidents_are_kept_the_newest_first(table: Table, store: Store, clock: FixedClock) -> None:
    at: datetime = NOW
    table.desk.keep_incident(ticked(table.desk.incident(1), Task.ALARM, "mna", at))
    table.desk.keep_incident(ticked(table.desk.incident(2), Task.ALARM, "mna", at))
    table.desk.keep_incident(ticked(table.desk.incident(1), Task.CONFIRMED, "mna", at))
    again = Table(store, clock).desk
    assert [tick.task for tick in again.incident(1).ticks] == [Task.ALARM, Task.CONFIRMED]
    assert again.incident(2).tick_of(Task.ALARM)


def test_it_is_settled_when_its_feed_has_spoken_in_this_run(table: Table) -> None:
    assert not table.desk.is_settled
    table.say()
    assert table.desk.is_settled
    table.readings["bugs"] = Reading((), NOW, stored=True)
    assert not table.desk.is_settled


# Figures


def test_figures_follow_bugs_columns_and_weeks(table: Table) -> None:
    desk = table.say(bug(RELEASE, number=1, created=ago(hours=2)), bug(RELEASE, number=2, closed=ago(hours=1)))
    assert (desk.week.opened, desk.week.closed, desk.week.open) == (1, 1, 1)
    assert desk.week.in_state(State.ENGINEERING) == 1
    table.say(*desk.bugs, columns={1: "Awaiting QA"})
    assert desk.week.in_state(State.AWAITING_QA) == 1
    weeks = desk.weeks
    assert (len(weeks), weeks[-1]) == (13, desk.week)
    table.clock.advance(days=7)
    assert desk.week.opened == 0
    assert desk.weeks[-2].opened == 1


def test_the_past_is_told_as_soon_as_the_first_bugs_are_there(table: Table) -> None:
    assert [week.opened for week in table.desk.weeks] == [0] * 13
    table.say(bug(RELEASE, number=1, created=ago(days=8)))
    assert [week.opened for week in table.desk.weeks] == [0] * 11 + [1, 0]
