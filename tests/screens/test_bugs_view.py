"""The words of the bug board: cards, titles, facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.desks.bugs import CutOff, Placed, place
from fleet_tui.domain.bug_filter import IS
from fleet_tui.domain.bug_moves import MoveName
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bugs import State
from fleet_tui.domain.critical import Incident, Task, ticked
from fleet_tui.screens import bugs_view as view
from fleet_tui.widgets.card_list import Card, Heading
from tests.bugs import bug, history
from tests.helpers import NOW, ago

CONFIG = Config()
WIDTH = 46


def placed(*labels: str, days: float = 1, column: str = "", to: tuple[str, ...] = (), **fields: Any) -> Placed:
    """A bug that came to its state so many days ago."""
    at = ago(days=days)
    past = history(labelled=dict.fromkeys(labels, at), assigned=at if to else None)
    one = bug(*labels, created=ago(days=200), assignees=to, history=past, **fields)
    return place(one, column, NOW, CONFIG)


@pytest.mark.parametrize(
    ("one", "lines"),
    [
        (placed(":reproduce", days=0.05), ("#7 Bug 7", "1 d left of 1 day", "1 h")),
        (placed(":reproduce", days=9), ("#7 Bug 7", "! 6 d over 1 day limit", "9 d")),
        (placed(":reproduce", days=3, to=("xpkoala",)), ("#7 Bug 7", "ping in 11 d · xpkoala", "3 d")),
        (placed(":reproduce", days=30, to=("a", "b")), ("#7 Bug 7", "! close, 2 d over · a, b", "30 d")),
        (placed(":release", "#g-mdm", days=3), ("#7 Bug 7", "mdm · triage in 39 d", "3 d")),
        (placed(":release", "#g-mdm", days=40), ("#7 Bug 7", "triage in 2 d · mdm", "40 d")),
        (placed(":release", ":incoming", "~unreleased bug"),
         ("#7 Bug 7", "incoming · unreleased · triage in 41 d", "1 d")),
        (placed(":product", "customer-blanco", "customer-alba"), ("#7 Bug 7", "alba, blanco", "1 d")),
        (placed(":release", days=9, column="Awaiting QA"), ("#7 Bug 7", "", "≤ 9 d")),
        (placed("P1", ":product"), ("#7 Bug 7 P1", "", "1 d")),
        (placed("~critical bug", "P0", ":product"), ("#7 Bug 7 ! critical P0", "", "1 d")),
        (placed("~release-blocker", ":product"), ("#7 Bug 7 blocker", "", "1 d")),
    ],
)  # fmt: skip
def test_a_card_says_what_it_is_how_it_stands_and_for_how_long(one: Placed, lines: tuple[str, str, str]) -> None:
    first, second = view.face(one, WIDTH, NOW, CONFIG)
    stands, since = lines[1:]
    assert " ".join(first.plain.split()) == lines[0]
    assert second.plain == stands.ljust(WIDTH - len(since)) + since


@pytest.mark.parametrize("width", [0, 5, 12, 20, 40, 120])
def test_a_card_keeps_to_its_width_and_its_badges(width: int) -> None:
    one = placed(":product", "P0", title="Ein Gerät 🔥 " * 20, to=("somebody", "somebody-else"))
    for line in view.face(one, width, NOW, CONFIG):
        assert line.cell_length <= max(width, len("  1 d"))
    first = view.face(one, width, NOW, CONFIG)[0].plain
    assert first.endswith("P0")
    assert width < 12 or "…" in first


def test_a_move_that_was_cut_off_stands_first() -> None:
    line = view.face(placed(":reproduce", days=9), WIDTH, NOW, CONFIG, half_done=True)[1].plain
    assert line.startswith("! half-way, f finishes · ! 6 d over")


@pytest.mark.parametrize(
    ("ones", "words"),
    [
        (None, "Inbox"),
        ([], "Inbox 0"),
        ([placed(":reproduce", days=0.05)], "Inbox 1"),
        ([placed(":reproduce", days=9), placed(":reproduce", days=0.05)], "Inbox 2 · 1 overdue"),
        ([placed(":product")] * 1234, "Inbox 1,234"),
    ],
)
def test_a_title_counts_what_is_overdue(ones: list[Placed] | None, words: str) -> None:
    assert view.column_title("Inbox", ones, NOW, current=True).plain == words
    brief = view.column_title("Inbox", ones, NOW, current=True, brief=True).plain
    assert brief == words.replace("· 1 overdue", "! 1")


def test_the_column_of_reproduced_bugs_has_a_heading_for_each_state_that_is_there() -> None:
    one, other = placed(":product"), placed(":release", number=8)
    found = list(view.entries(view.REPRODUCED, [one, other]))
    assert found == [
        Heading("state ENGINEERING", "In engineering · 1"),
        Card("8", other),
        Heading("state PRODUCT", "In product drafting · 1"),
        Card("7", one),
    ]
    assert list(view.entries((State.PRODUCT,), [one])) == [Card("7", one)]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "! 1 orphan, which nobody looks at: #1   X to tidy up"),
        (5, "! 5 orphans, which nobody looks at: #1, #2, #3, #4 …   X to tidy up"),
    ],
)
def test_orphans_are_named(count: int, words: str) -> None:
    assert view.orphans_line([placed(number=number) for number in range(1, count + 1)], "X").plain == words


@pytest.mark.parametrize(
    ("group", "marked", "words"),
    [("", "", ""), ("#g-mdm", "12", "only #g-mdm, g for the next   2 marked, u unmarks")],
)
def test_what_is_left_out_is_said(group: str, marked: str, words: str) -> None:
    assert view.aside(group, frozenset(marked)).plain == words


def test_what_a_filter_cannot_mean_is_said_with_all_that_it_can() -> None:
    assert not view.meaningless(())
    words = view.meaningless(("late", "lat")).plain
    assert words.startswith("is:late means nothing: try overdue, ")
    assert len(words) <= 76
    assert all(word in words for word in IS)


def test_facts_begin_with_what_needs_a_hand() -> None:
    one = placed(":reproduce", "~critical bug", days=9, comments=1, milestone="4.45.0", author="")
    rest = CutOff("Hand to product", (Step(Act.ADD_LABEL, ":product"),), (Step(Act.ASSIGN, "mna"),))
    incident = ticked(Incident(7), Task.ALARM, "xpkoala", NOW - timedelta(hours=2))
    assert view.facts(one, NOW, CONFIG, rest=rest, incident=incident).plain.split("\n") == [
        "#7 Bug 7",
        "! Moved half-way: Hand to product. Missing: assign mna. f finishes it, z undoes it.",
        "Product has not confirmed #7 within 1 h: fall back to #help-p1.   ! for the steps",
        "Inbox since Tue 27 May 8:00   ! 6 d over 1 day limit",
        "reported 200 d ago by somebody · assigned to nobody · 1 comment · 4.45.0",
        "Labels: :reproduce, bug, ~critical bug",
    ]
    nothing_done = replace(rest, done=())
    assert "z undoes it" not in view.facts(one, NOW, CONFIG, rest=nothing_done).plain


def test_what_is_not_known_exactly_says_so() -> None:
    one = placed(":release", days=9, column="Awaiting QA", to=("mna",))
    assert view.facts(one, NOW, CONFIG, title=False).plain.startswith("Awaiting QA not before Tue 27 May 8:00\n")


def test_several_bugs_are_named_as_far_as_there_is_room() -> None:
    many = [placed(":reproduce", number=number, title=f"[b]{number}").bug for number in range(1, 12)]
    assert view.named(many[:2]) == ("#1 [b]1", "#2 [b]2")
    assert view.named(many)[-2:] == ("#8 [b]8", "and 3 more")


def test_every_move_with_a_key_has_its_words() -> None:
    alone = {MoveName.CRITICAL, MoveName.MEND}
    assert set(view.MOVES) == set(MoveName) - alone
