"""The sentence of the first screen, on terminals of any width."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.domain.bugs import State
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.on_call_waiting import Kind, Waiting
from fleet_tui.domain.overview import FEEDS, BugFigures, GroupQa, Line, OnCallFigures, Overview, QaFigures
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.feed import Reading
from fleet_tui.screens import today_view as view
from fleet_tui.screens.activity_view import Health
from tests.helpers import NOW, ago, config

BUG = Line("7", "Hosts vanish", "P0, inbox")
BUGS = BugFigures(
    60,
    11,
    2,
    states={State.INBOX.value: 8, State.ORPHAN.value: 1},
    overdue={State.INBOX.value: 5},
    critical=(BUG,),
    blockers=(BUG, BUG),
    late=(),
)
SILENT = Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.")
GONE = Problem("The calendar", Cause.MISSING, "The calendar is no longer at its address.", "Write the new one.")
NEEDS = ["1 critical bug", "5 of 8 bugs in the inbox overdue", "2 release blockers", "1 orphan"]


def sentence(width: int) -> list[str]:
    """Its lines."""
    return view.headline(Overview(NOW, None, None, BUGS, None, None), config(), width).plain.splitlines()


@pytest.mark.parametrize(
    ("width", "named", "lines"), [(200, 4, 1), (83, 4, 1), (82, 4, 2), (51, 4, 2), (50, 2, 2), (46, 1, 1), (1, 1, 2)]
)
def test_it_breaks_between_what_it_names_and_names_as_much_as_two_lines_take(
    width: int, named: int, lines: int
) -> None:
    told = sentence(width)
    assert len(told) == lines
    assert told[0].startswith("! ")
    assert all(line.startswith("  ") for line in told[1:])
    rest = [f"and {len(NEEDS) - named} more"] if named < len(NEEDS) else []
    assert [need for line in told for need in line[2:].split(" · ")] == NEEDS[:named] + rest
    assert all(len(line) <= width for line in told if " · " in line)


def test_nothing_to_do_is_said() -> None:
    assert view.headline(Overview(NOW, None, None, None, None, None), config(), 80).plain.endswith(view.QUIET)


@pytest.mark.parametrize(
    ("unread", "words"), [(FEEDS, view.NOTHING_KNOWN), (["bugs"], view.RATHER_QUIET), (["me"], view.QUIET)]
)
def test_what_has_not_been_read_is_not_said_to_need_no_hand(unread: Sequence[str], words: str) -> None:
    shown = Overview(NOW, None, None, None, None, None, frozenset(unread))
    assert view.headline(shown, config(), 80).plain[2:] == words


def test_a_tile_of_what_has_not_been_read_says_that_it_is_being_read() -> None:
    nobody = OnCallFigures((), is_me=False, coming=(), late=(), waiting=(), rituals=(), rituals_later=())
    tiles = view.tiles(Overview(NOW, None, None, None, nobody, None, frozenset(FEEDS)), config())
    for tile in tiles.values():
        (row,) = tile.rows
        assert row.left.plain.startswith(("Reading ", "Asking "))


def failing(*problems: Problem) -> list[Health]:
    """Feeds that fail by these, the first of them for the longest time."""
    times = (ago(minutes=30 - at) for at in range(len(problems)))
    bad = (Reading[Any](problem=one, failing_since=at) for one, at in zip(problems, times, strict=True))
    readings = (*bad, Reading[Any](1, NOW))
    return [Health("bugs", "Bugs", one, 60.0, 1, 0, paused=False) for one in readings]


@pytest.mark.parametrize(
    ("problems", "words"),
    [
        ((), ""),
        ((SILENT,), "✖ No answer since 07:30: GitHub.  8 tells more"),
        ((GONE,), "✖ The calendar is no longer at its address, since 07:30. Write the new one.  8 tells more"),
        ((GONE, SILENT), "✖ Trouble since 07:30: GitHub, The calendar.  8 tells more"),
    ],
)
def test_sources_that_fail_are_named_on_one_line(problems: Sequence[Problem], words: str) -> None:
    assert view.trouble(failing(*problems), config(), 200).plain == words
    if words:
        narrow = view.trouble(failing(*problems), config(), 40).plain
        assert narrow == f"{words[:25]}…  8 tells more"


def test_how_old_it_is_is_said_of_what_a_former_run_has_read() -> None:
    old = Reading[Any](1, ago(days=2), SILENT, ago(minutes=5), stored=True)
    shown = view.trouble([Health("bugs", "Bugs", old, 60.0, 1, 0, paused=False)], config(), 200).plain
    assert shown.startswith("✖ Shown is from Tue 3 Jun 8:00. No answer since 07:55: GitHub.")


@pytest.mark.parametrize(("due", "words"), [(ago(days=2), "2 d over"), (NOW, "due now"), (ago(hours=-3), "in 2 h")])
def test_what_waits_says_how_long_it_is_over(due: datetime, words: str) -> None:
    one = Waiting(Kind.COMMUNITY, 7, "Add a table", "", ago(days=1), due)
    figures = OnCallFigures((), False, (), (one,), (one,), (), ())
    assert [row.right.plain for row in view.waiting_tile(figures, NOW, config()).rows] == [words]


def test_whose_answer_is_missing_is_not_claimed_while_some_of_them_may_be_of_the_team() -> None:
    one = Waiting(Kind.COMMUNITY, 7, "Add a table", "", ago(days=1), ago(hours=3))
    known = OnCallFigures((), False, (), (one,), (one,), (), ())
    doubtful = replace(known, is_team_known=False)
    for figures, words in ((known, "1 contributor without an answer"), (doubtful, view.QUIET)):
        assert view.headline(Overview(NOW, None, None, None, figures, None), config(), 80).plain[2:] == words
    first, second = view.waiting_tile(doubtful, NOW, config()).rows
    assert (first.left.plain, second.left.plain) == ("? Who is of the team is not known.", "#7 Add a table")


def test_the_figures_of_the_groups_add_up_to_the_figure_of_the_issue() -> None:
    groups = (GroupQa("#g-mdm", Progress(3, 1, 0, 2, 0), ""), GroupQa("#g-endpoint-ops", Progress(11, 3, 1, 6, 1), ""))
    tile = view.qa_tile(QaFigures(7, "Release QA: 4.45.0", Progress(14, 4, 1, 8, 1), groups, 0, ()))
    assert tile.aside.plain == "6 of 14 tested"
    assert [row.right.plain.split()[-1] for row in tile.rows] == ["1/3", "5/11"]


def test_where_there_is_little_room_states_in_which_bugs_are_overdue_come_first_and_orphans_next() -> None:
    states = {State.INBOX.value: 8, State.PRODUCT.value: 9, State.ENGINEERING.value: 28, State.ORPHAN.value: 1}
    figures = replace(BUGS, states=states, overdue={State.ENGINEERING.value: 6})
    assert [row.weight for row in view.bugs_tile(figures).rows] == [0, 0, 2, 1]


def test_a_tile_names_the_key_that_shows_all_as_the_user_has_it() -> None:
    mine = replace(config(), keys={"go.bugs": "f4"})
    tiles = view.tiles(Overview(NOW, None, None, BUGS, None, None), mine)
    assert (tiles["bugs"].hint, tiles["qa"].hint) == ("f4 shows all", "3 shows all")
