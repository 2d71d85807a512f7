"""How on-call looks, by tables: no app is started."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.merge_conditions import Condition, Stand, Standing
from fleet_tui.domain.on_call_waiting import Kind, Waiting
from fleet_tui.domain.ritual_agenda import Due
from fleet_tui.domain.ritual_agenda import Standing as Urgency
from fleet_tui.domain.rituals import Fault, Ritual
from fleet_tui.domain.roster import Roster, Shift, roster
from fleet_tui.screens import on_call_view as view
from fleet_tui.screens import roster_view
from tests.helpers import NOW, ago

CONFIG = Config()
ZONE = CONFIG.team.zone
NOON = datetime(2025, 6, 5, 20, tzinfo=UTC)  # 13:00 where the team is
START = datetime(2025, 6, 4, 16, tzinfo=UTC)
WEEK = timedelta(weeks=1)
NAMES = ("Lucas", "Victor", "Roberto", "Martin")


def weeks(*names: str, rotation: str = "developer") -> tuple[Shift, ...]:
    """A week for each name; an empty one is a gap."""
    return tuple(
        Shift(name, name.lower(), "#g-mdm", START + turn * WEEK, START + (turn + 1) * WEEK, rotation)
        for turn, name in enumerate(names)
        if name
    )


def made(*names: str) -> Roster:
    return roster(weeks(*names), ["developer"])


# The roster ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shift", "login", "words"),
    [
        (weeks("Lucas")[0], "LUCAS", "● You are on call  lucas, #g-mdm"),
        (weeks("Lucas")[0], "mna", "Lucas is on call  lucas, #g-mdm"),
        (weeks("Lucas")[0], "", "Lucas is on call  lucas, #g-mdm"),
        (None, "lucas", "! Nobody is on call."),
    ],
)
def test_the_headline(shift: Shift | None, login: str, words: str) -> None:
    assert roster_view.headline(shift, login).plain == words


def test_since_until_and_next() -> None:
    shift, following = weeks("Lucas", "Victor")
    words = roster_view.times(shift, following, NOW, ZONE).plain
    assert words == "since Wed 4 Jun 9:00, until Wed 11 Jun 9:00 PT, in 6 d 1 h  ·  next: Victor"
    assert roster_view.times(shift, None, NOW, ZONE).plain.endswith("next: nobody is known")


def test_in_a_gap_it_says_who_comes_and_when() -> None:
    words = roster_view.until_somebody(made("", "Victor"), NOW, ZONE).plain
    assert words == "next: Victor, from Wed 11 Jun 9:00 PT, in 6 d 1 h"
    assert roster_view.until_somebody(made("Lucas"), NOW, ZONE).plain == "Nobody is known to come."


def test_the_own_next_time_and_the_other_rotations() -> None:
    both = roster([*weeks("Lucas", "Victor", "Lucas"), *weeks("Robert", rotation="infra")], ["developer", "infra"])
    shown = both.of("developer")[0]
    words = roster_view.others(both, shown, "lucas", NOW, ZONE, airy=False).plain
    assert words == "your next time: Wed 18 Jun to Wed 25 Jun  ·  infra: Robert until Wed 11 Jun 9:00"
    assert "infra: nobody" in roster_view.others(both, shown, "", NOW + 2 * WEEK, ZONE).plain


@pytest.mark.parametrize(
    ("width", "lines", "expected"),
    [
        (80, 1, "11 Jun Victor   18 Jun nobody   25 Jun Martin   2 Jul nobody"),
        (34, 2, "11 Jun Victor   18 Jun nobody\n25 Jun Martin   2 Jul nobody"),
        (34, 1, "11 Jun Victor   18 Jun nobody …"),
        (16, 2, "11 Jun Victor\n18 Jun nobody …"),
    ],
)
def test_the_coming_weeks_name_gaps_and_say_when_there_are_more(width: int, lines: int, expected: str) -> None:
    holey = made("Lucas", "Victor", "", "Martin")
    found = roster_view.band(holey, "developer", "victor", NOW, 4, ZONE, width, lines)
    assert found.plain == expected
    assert all(len(line) <= width for line in found.plain.split("\n"))


def test_gaps_and_overlaps_are_named_and_many_are_counted() -> None:
    twice = Shift("Mna", "mna", "", START + timedelta(days=2), START + timedelta(days=3), "developer")
    told = roster_view.troubles(roster([*weeks("Lucas", "", "Roberto"), twice], ["developer"]), NOW, 3, ZONE).plain
    assert told.split("\n") == [
        "! nobody is on call (developer): Wed 11 Jun 9:00 to Wed 18 Jun 9:00",
        "! nobody is on call (developer): Wed 25 Jun 9:00 to Thu 26 Jun 8:00",
        "! two at once (developer): Lucas and Mna, Fri 9:00 to Sat 9:00; Mna counts",
    ]
    many = roster_view.troubles(made(*["Lucas", ""] * 5), NOW, 10, ZONE).plain.split("\n")
    assert many[-1] == "  and 3 more in 10 weeks"
    assert roster_view.troubles(made(*NAMES), NOW, 3, ZONE).plain == ""


def test_little_room_takes_one_line_for_the_weeks_and_one_for_the_rest() -> None:
    both = roster([*weeks(*NAMES * 3), *weeks("Robert", rotation="infra")], ["developer", "infra"])
    shift = both.of("developer")[0]
    high, low = (roster_view.head(both, shift, "lucas", NOW, CONFIG, 76, airy=airy) for airy in (True, False))
    assert [high.others.plain.count("\n"), high.band.plain.count("\n")] == [1, 1]
    assert [low.others.plain.count("\n"), low.band.plain.count("\n")] == [0, 0]


# What waits ----------------------------------------------------------------------------------------------------------


def waits(number: int, kind: Kind = Kind.INBOX, **fields: Any) -> Waiting:
    return Waiting(kind, number, f"Thing {number}", f"https://x/{number}", **{"since": ago(days=2), **fields})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "2 d"),
        ({"due": NOON + timedelta(hours=3, minutes=5)}, "in 3 h 5 min"),
        ({"due": NOON}, "! due now"),
        ({"due": NOON - timedelta(minutes=59)}, "! 59 m over"),
        ({"due": NOON - timedelta(hours=3)}, "! 3 h over"),
        ({"due": NOON - timedelta(hours=20)}, "! 4 h over"),  # the night does not count, as on the board
        ({"due": NOON - timedelta(days=7, hours=1)}, "! 5 d over"),
        ({"due": NOON + timedelta(days=1)}, "in 1 d"),
        ({"due": NOON, "our_turn": False}, "2 d"),
    ],
)
def test_clocks(fields: dict[str, Any], words: str) -> None:
    assert view.clock_words(waits(1, since=NOON - timedelta(days=2), **fields), NOON, CONFIG.team).plain == words


def test_before_work_begins_what_came_due_at_night_is_due_now() -> None:
    assert view.clock_words(waits(1, due=NOW - timedelta(hours=2)), NOW, CONFIG.team).plain == "! due now"


@given(st.integers(-100 * 86_400, 100 * 86_400))
def test_no_clock_is_cut(seconds: int) -> None:
    width = next(column.width for column in view.COLUMNS if column.key == "clock")
    assert len(view.clock_words(waits(1, due=NOW + timedelta(seconds=seconds)), NOW, CONFIG.team).plain) <= width


def lines(shown: view.Shown, login: str = "lucasmrod", **given: Any) -> list[str]:
    """The rows as a person reads them."""
    rows = view.rows(shown, login, NOW, CONFIG, **given)
    return [" ".join(filter(None, (cell.plain for cell in row.cells))) for row in rows]


def ritual(task: str, dri: str, urgency: Urgency, day: date | None) -> Due:
    return Due(Ritual(task, "Weekly", date(2025, 6, 4), dri), urgency, day)


def test_groups_in_their_order_the_own_rituals_first() -> None:
    shown = view.Shown(
        (waits(1), waits(2, our_turn=False)),
        {},
        (
            ritual("A", "anna", Urgency.TODAY, date(2025, 6, 5)),
            ritual("B", "lucasmrod", Urgency.OVERDUE, date(2025, 6, 3)),
            ritual("C", "lucasmrod", Urgency.LATER, date(2025, 7, 3)),
            ritual("D", "lucasmrod", Urgency.LATER, date(2025, 6, 12)),
            ritual("E", "lucasmrod", Urgency.AS_WRITTEN, None),
        ),
        done=frozenset({"D"}),
        faults=(Fault(12, "`task` is missing"),),
    )
    assert lines(shown) == [
        "What waits · 1",
        "#1 Thing 1 new bug 2 d",
        "Their turn · 1",
        "#2 Thing 2 new bug 2 d",
        "Rituals: yours · 2",
        "B ritual ! 2 d over lucasmrod",
        "✔ D ritual done today lucasmrod",
        "Rituals: anna · 1",
        "A ritual today anna",
        "Rituals without a day · 1",
        "E ritual Weekly lucasmrod",
        "Rituals that could not be read · 1",
        "! `task` is missing line 12",
    ]


def test_nothing_waits() -> None:
    assert lines(view.Shown((), {})) == []  # the table says so by itself
    assert lines(view.Shown((waits(2, our_turn=False),), {}))[0] == view.QUIET


def test_a_filter_leaves_no_empty_groups() -> None:
    shown = view.Shown((waits(1), waits(2)), {}, (ritual("A", "anna", Urgency.TODAY, date(2025, 6, 5)),))
    assert lines(shown, words="thing 2") == ["What waits · 1", "#2 Thing 2 new bug 2 d"]
    assert lines(shown, words="nothing at all") == []


def test_only_what_is_not_told_already_can_be_marked() -> None:
    conditions = (
        Standing(Condition.USEFUL, Stand.UNTOLD, "a person has to say so"),
        Standing(Condition.CHECKS, Stand.LACKING, "a check has failed"),
        Standing(Condition.TESTS, Stand.HOLDS, "a_test.go"),
        Standing(Condition.DOCS, Stand.BY_HAND, "by hand"),
    )
    assert [one for _, one in view.what_can_be_marked(conditions)] == [Condition.USEFUL, Condition.DOCS]
