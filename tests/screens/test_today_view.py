"""The sentence of the first screen, on terminals of any width."""

from __future__ import annotations

import pytest

from fleet_tui.domain.bugs import State
from fleet_tui.domain.overview import BugFigures, Line, Overview
from fleet_tui.screens import today_view as view
from tests.helpers import NOW, config

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
NEEDS = ["1 critical bug", "5 of 8 bugs in the inbox overdue", "2 release blockers", "1 orphan"]


def sentence(width: int, most: int = 8) -> list[str]:
    """Its lines."""
    return view.headline(Overview(NOW, None, None, BUGS, None, None), config(), width, most).plain.splitlines()


@pytest.mark.parametrize(("width", "lines"), [(200, 1), (60, 2), (40, 3), (1, 4)])
def test_it_breaks_between_what_it_names_and_keeps_to_the_width(width: int, lines: int) -> None:
    told = sentence(width)
    assert len(told) == lines
    assert told[0].startswith("! ")
    assert all(line.startswith("  ") for line in told[1:])
    assert [need for line in told for need in line[2:].split(" · ")] == NEEDS
    assert all(len(line) <= width for line in told if " · " in line)


def test_where_room_is_scarce_the_worst_stands_by_name() -> None:
    assert sentence(200, most=2) == ["! 1 critical bug · and 3 more"]


def test_nothing_to_do_is_said() -> None:
    assert view.headline(Overview(NOW, None, None, None, None, None), config(), 80).plain.endswith(view.QUIET)
