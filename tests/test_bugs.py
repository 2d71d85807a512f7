"""In which state a bug is, and what its labels say of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config, LabelNames
from fleet_tui.domain.bugs import (
    Released,
    State,
    customers_of,
    group_of,
    groups_of,
    is_blocker,
    is_critical,
    is_incoming,
    moved_on,
    priority_of,
    released_of,
    state_of,
)
from fleet_tui.domain.labels import named, written
from tests.bugs import bug, history
from tests.helpers import NOW, ago, config

QA = ("xpkoala",)
NAMES = LabelNames()


@pytest.mark.parametrize(
    ("labels", "fields", "column", "state"),
    [
        pytest.param([":reproduce"], {}, "", State.INBOX, id="nobody assigned"),
        pytest.param([":reproduce"], {"assignees": QA}, "", State.ACKNOWLEDGED, id="somebody assigned"),
        pytest.param([":Reproduce"], {}, "", State.INBOX, id="capitals do not count"),
        pytest.param([":reproduce", ":incoming"], {}, "", State.INBOX, id="incoming, but not reproduced"),
        pytest.param([":reproduce", ":incoming"], {"assignees": QA}, "", State.ACKNOWLEDGED, id="the same, assigned"),
        pytest.param([":reproduce", ":release"], {}, "", State.INBOX, id="not reproduced comes before in engineering"),
        pytest.param([":reproduce", ":product"], {"assignees": QA}, "", State.ACKNOWLEDGED, id="… and before drafting"),
        pytest.param([":reproduce", ":release"], {}, "Awaiting QA", State.INBOX, id="… and before the column"),
        pytest.param([":release"], {}, "", State.ENGINEERING, id="in engineering"),
        pytest.param([":release", ":incoming"], {"assignees": QA}, "", State.ENGINEERING, id="not seen by the manager"),
        pytest.param([":release"], {}, "In progress", State.ENGINEERING, id="another column"),
        pytest.param([":product"], {}, "", State.PRODUCT, id="in drafting"),
        pytest.param([":product", ":release"], {}, "", State.PRODUCT, id="both: the hand-over to product is half done"),
        pytest.param([":product", ":release"], {}, "Awaiting QA", State.PRODUCT, id="both, in the column"),
        pytest.param([":release"], {}, "Awaiting QA", State.AWAITING_QA, id="fixed"),
        pytest.param([":release"], {}, "🧪 awaiting qa", State.AWAITING_QA, id="the column has an emoji"),
        pytest.param([], {}, "", State.ORPHAN, id="no label"),
        pytest.param([":incoming"], {"assignees": QA}, "", State.ORPHAN, id="incoming alone"),
        pytest.param([], {"assignees": QA}, "Awaiting QA", State.ORPHAN, id="no label, though in the column"),
        pytest.param(["reproduce", "~release blocker"], {}, "", State.ORPHAN, id="names that are only alike"),
        pytest.param([":reproduce"], {"closed": NOW}, "", State.CLOSED, id="closed"),
        pytest.param([":release"], {"closed": NOW}, "Awaiting QA", State.CLOSED, id="closed, and left in the column"),
        pytest.param([], {"closed": NOW}, "", State.CLOSED, id="closed without a label"),
    ],
)
def test_the_state_follows_from_labels_assignees_and_column(
    labels: list[str], fields: dict[str, Any], column: str, state: State
) -> None:
    assert state_of(bug(*labels, **fields), column, Config()) is state


def test_names_of_labels_and_column_are_settings() -> None:
    other = config(
        labels={"reproduce": ("new bug", "new-bug"), "release": ("sprint",)}, bugs={"awaiting_qa_column": "Testing"}
    )
    assert state_of(bug("new-bug"), "", other) is State.INBOX
    assert state_of(bug("new bug"), "", other) is State.INBOX
    assert state_of(bug("sprint"), "Testing", other) is State.AWAITING_QA
    assert state_of(bug("sprint"), "Awaiting QA", other) is State.ENGINEERING
    assert state_of(bug(":release"), "", other) is State.ORPHAN


LABELS = st.sampled_from([":reproduce", ":release", ":product", ":incoming", "~critical bug", "#g-mdm"])


@given(st.sets(LABELS), st.sampled_from(["", "Awaiting QA", "Inbox"]), st.booleans())
def test_whoever_waits_for_somebody_is_no_orphan(labels: set[str], column: str, assigned: bool) -> None:
    state = state_of(bug(*labels, assignees=QA if assigned else ()), column, Config())
    assert (state is State.ORPHAN) == labels.isdisjoint({":reproduce", ":release", ":product"})
    assert (state in {State.INBOX, State.ACKNOWLEDGED}) == (":reproduce" in labels)
    assert state is not State.CLOSED


@pytest.mark.parametrize(
    ("label", "question"),
    [
        ("~critical bug", is_critical),
        ("~critical-bug", is_critical),
        ("~release blocker", is_blocker),
        ("~release-blocker", is_blocker),
        (":incoming", is_incoming),
    ],
)
def test_what_a_label_says(label: str, question: Any) -> None:
    assert question(bug(label), NAMES)
    assert question(bug(label.upper()), NAMES)
    assert not question(bug(), NAMES)


@pytest.mark.parametrize(("labels", "place"), [([], None), (["P0"], 0), (["p2"], 2), (["P2", "P1"], 1), (["P3"], None)])
def test_the_most_urgent_priority_counts(labels: list[str], place: int | None) -> None:
    assert priority_of(bug(*labels), NAMES) == place


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([], Released.UNTOLD),
        (["~released bug"], Released.RELEASED),
        (["~released-bug"], Released.RELEASED),
        (["~Unreleased-Bug"], Released.UNRELEASED),
        (["~unreleased bug", "~released bug"], Released.UNTOLD),
    ],
)
def test_released_or_not(labels: list[str], told: Released) -> None:
    assert released_of(bug(*labels), NAMES) is told


def test_a_bug_of_two_groups_is_of_none() -> None:
    both = bug("#g-mdm", "#G-Endpoint-Ops")
    assert [group.label for group in groups_of(both, Config())] == ["#g-mdm", "#g-endpoint-ops"]
    assert group_of(both, Config()) is None
    assert group_of(bug(), Config()) is None
    mdm = group_of(bug("#G-MDM"), Config())
    assert mdm
    assert mdm.manager == "georgekarrv"


def test_customers_are_told_by_name() -> None:
    assert customers_of(bug("customer-starchik", "Customer-acme", "customer"), NAMES) == ("acme", "starchik")


def test_a_label_is_found_in_any_spelling_and_told_as_it_is_written() -> None:
    labels = frozenset({"~Released-Bug", "bug"})
    assert named(labels, NAMES.released_bug) == "~released-bug"
    assert written(labels, NAMES.released_bug) == ("~Released-Bug",)
    assert named(labels, NAMES.unreleased_bug) is None
    assert written(labels, ()) == ()


def test_a_history_that_is_not_of_today_is_not_made_so_by_a_move() -> None:
    old = history(updated=ago(days=9), labelled={":reproduce": ago(days=20)})
    after = bug(":reproduce", assignees=QA, updated=NOW)
    assert moved_on(bug(":reproduce", history=old), after).history == old
    assert moved_on(bug(":reproduce"), after).history is None


def test_somebody_who_is_assigned_besides_changes_nothing_about_since_when_somebody_is() -> None:
    before = bug(":reproduce", assignees=QA, history=history(assigned=ago(days=4)))
    for people, since in ((("xpkoala", "mna"), ago(days=4)), (("mna",), NOW), ((), None)):
        found = moved_on(before, bug(":reproduce", assignees=people, updated=NOW)).history
        assert found
        assert found.assigned == since
