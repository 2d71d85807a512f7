"""Timelines of bugs: since when a label stands and somebody is assigned, and when they are asked for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug, History
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_bug_history import BugHistories
from fleet_tui.services.github_bugs import OpenBugs
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Issue, World
from tests.helpers import NOW, ago


@pytest.fixture
def issue(world: World) -> Issue:
    """A bug of ten days ago."""
    return world.repo().open_issue("A bug", by="outsider", labels=["bug", ":reproduce"], number=7, at=ago(days=10))


@pytest.fixture
def histories(github: GitHub, settings_there: Config) -> BugHistories:
    return BugHistories(github, settings_there.labels)


def bug(number: int = 7, **fields: object) -> Bug:
    given = {
        "title": "A bug",
        "url": "https://x",
        "author": "outsider",
        "created": ago(days=10),
        "updated": ago(days=9),
    }
    return Bug(number, **given | fields)  # type: ignore[arg-type]


async def history(histories: BugHistories) -> History:
    return (await histories.read([bug()]))[7]


async def test_since_when_each_label_stands(issue: Issue, histories: BugHistories) -> None:
    issue.add_labels("P1", by="mna", at=ago(days=8))
    issue.add_labels("P2", by="mna", at=ago(days=8))
    issue.remove_label("P2", by="mna", at=ago(days=7))
    issue.remove_label(":reproduce", by="mna", at=ago(days=6))
    issue.add_labels(":reproduce", by="mna", at=ago(days=5))
    found = await history(histories)
    assert found.updated == ago(days=5)
    assert found.labelled == ((":reproduce", ago(days=5)), ("P1", ago(days=8)), ("bug", ago(days=10)))


async def test_a_label_whose_setting_is_not_told_is_as_old_as_the_issue(issue: Issue, histories: BugHistories) -> None:
    issue.events.clear()
    issue.assign("mna", by="mna", at=ago(days=1))
    issue.events.clear()
    found = await history(histories)
    assert found.labelled == ((":reproduce", ago(days=10)), ("bug", ago(days=10)))
    assert found.assigned == ago(days=10)


async def test_assigned_without_a_break(issue: Issue, histories: BugHistories) -> None:
    assert (await history(histories)).assigned is None
    issue.assign("mna", by="mna", at=ago(days=9))
    issue.unassign("mna", by="mna", at=ago(days=8))
    assert (await history(histories)).assigned is None
    issue.assign("xpkoala", by="mna", at=ago(days=7))
    issue.assign("georgekarrv", by="mna", at=ago(days=6))
    issue.unassign("xpkoala", by="mna", at=ago(days=5))
    assert (await history(histories)).assigned == ago(days=7)


async def test_the_last_word_of_the_reporter_and_of_others(issue: Issue, histories: BugHistories) -> None:
    issue.comment("Which version?", by="mna", at=ago(days=8))
    found = await history(histories)
    assert (found.reporter_spoke, found.asked) == (None, ago(days=8))
    issue.comment("4.44.0", by="outsider", at=ago(days=7))
    issue.comment("And on Windows", by="outsider", at=ago(days=6))
    issue.comment("Thanks", by="xpkoala", at=ago(days=5))
    found = await history(histories)
    assert (found.reporter_spoke, found.asked) == (ago(days=6), ago(days=5))


# When they are asked for ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (bug(), True),
        (bug(history=History(ago(days=9))), False),
        (bug(history=History(ago(days=8))), False),
        (bug(history=History(ago(days=9, minutes=1))), True),
        (bug(closed=ago(days=9)), False),
    ],
    ids=["never read", "current", "newer than the list", "changed since", "closed"],
)
def test_a_timeline_is_wanted_once_a_change(histories: BugHistories, one: Bug, wanted: bool) -> None:
    assert histories.is_wanted(one) is wanted


async def test_a_label_off_and_on_again_between_two_polls_starts_the_clock_anew(
    issue: Issue, github: GitHub, settings_there: Config, clock: FixedClock
) -> None:
    bugs = OpenBugs(github, settings_there, clock)
    await bugs.read()
    await bugs.read()
    clock.advance(minutes=5)
    issue.remove_label(":reproduce", by="mna")
    issue.add_labels(":reproduce", by="mna")
    await bugs.read()
    (found,) = await bugs.read()
    assert found.history is not None
    assert dict(found.history.labelled)[":reproduce"] == clock()


def test_the_most_urgent_first(histories: BugHistories) -> None:
    reproduce = frozenset({"bug", ":Reproduce"})
    engineering = bug(1, labels=frozenset({"bug", ":release"}))
    acknowledged = bug(2, labels=reproduce, assignees=("mna",))
    inbox, newer = bug(3, labels=reproduce), bug(4, labels=reproduce, updated=NOW)
    bugs = [engineering, acknowledged, inbox, newer]
    assert histories.most_urgent(bugs, 4) == [newer, inbox, acknowledged, engineering]
    assert histories.most_urgent(bugs, 2) == [newer, inbox]


async def test_what_github_cannot_give_comes_last_and_keeps_nobody_busy(
    issue: Issue, histories: BugHistories, simulator: Simulator
) -> None:
    gone, lagging = bug(8), bug(7, updated=NOW)
    found = await histories.read([gone, lagging])
    assert (set(found), set(histories.missed)) == ({7}, {7, 8})
    assert histories.most_urgent([lagging, bug(9)], 2)[0].number == 9
    issue.comment("Now", by="mna", at=NOW)
    await histories.read([lagging])
    assert histories.missed == {8}


async def test_a_deleted_bug_is_not_polled_for_at_once(
    issue: Issue, world: World, github: GitHub, settings_there: Config, clock: FixedClock
) -> None:
    bugs = OpenBugs(github, settings_there, clock)
    await bugs.read()
    world.repo().delete(7)
    assert bugs.is_unsettled
    (left,) = await bugs.read()
    assert replace(left, history=None) == left
    assert not bugs.is_unsettled
