"""Who ticked what and when."""

from __future__ import annotations

from datetime import datetime

from fleet_tui.domain.checklist import ItemId
from fleet_tui.domain.qa import BodyEdit
from fleet_tui.domain.qa_history import Ticked, last_ticks
from tests.helpers import ago

ONE, TWO = ItemId("core", "one", 0), ItemId("core", "two", 0)


def body(one: str = " ", two: str = " ") -> str:
    """Two tests."""
    return f"# Core\n\n- [{one}] One\n- [{two}] Two\n"


def edit(who: str, hours: float, text: str | None) -> BodyEdit:
    """A version of the text."""
    return BodyEdit(who, ago(hours=hours), text)


def test_a_text_that_was_never_edited_tells_nothing() -> None:
    assert last_ticks(()) == ()
    assert last_ticks([edit("mna", 1, body("x"))]) == (), "the first version known has changed nothing"


def test_each_verdict_belongs_to_the_one_who_changed_it_last() -> None:
    edits = [
        edit("xpkoala", 1, body("x", "x")),
        edit("mna", 2, body("x")),
        edit("getvictor", 3, body()),
        edit("mna", 4, body("x")),
        edit("mna", 5, body()),
    ]
    assert set(last_ticks(edits)) == {Ticked(ONE, "mna", ago(hours=2)), Ticked(TWO, "xpkoala", ago(hours=1))}


def test_taking_a_verdict_back_is_a_change_too() -> None:
    assert last_ticks([edit("mna", 1, body()), edit("xpkoala", 2, body("x"))]) == (Ticked(ONE, "mna", ago(hours=1)),)


def test_versions_of_one_second_keep_their_order() -> None:
    edits = [edit("xpkoala", 1, body("x", "x")), edit("mna", 1, body("x")), edit("lukeheath", 1, body())]
    assert {one.item: one.who for one in last_ticks(edits)} == {ONE: "mna", TWO: "xpkoala"}


def test_a_version_without_text_is_passed_over() -> None:
    edits = [edit("xpkoala", 1, body("x")), edit("mna", 2, None), edit("lukeheath", 3, body())]
    assert [(one.item, one.who) for one in last_ticks(edits)] == [(ONE, "xpkoala")]


def test_another_spelling_and_a_new_test_are_no_change_of_a_verdict() -> None:
    added = body("X") + "- [x] Three\n"
    assert last_ticks([edit("mna", 1, added), edit("xpkoala", 2, body("x"))]) == ()


def test_who_left_github_has_no_name() -> None:
    ticked = last_ticks([edit("", 1, body("x")), edit("mna", 2, body())])
    assert [one.who for one in ticked] == [""]
    assert isinstance(ticked[0].at, datetime)
