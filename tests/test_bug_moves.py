"""What each move changes, when it may be made, and how it is finished or taken back."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.config.schema import Config, Group
from fleet_tui.domain.bug_moves import (
    Move,
    MoveName,
    acknowledge,
    await_qa,
    close_as_stale,
    mark_critical,
    ping,
    ping_text,
    plan,
    refusal,
    reproduced,
    seen_by_manager,
    set_priority,
    stale_text,
    to_product,
)
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bug_undo import Made, may_not_undo, missing, stands, undo
from fleet_tui.domain.bugs import Bug, State, state_of
from fleet_tui.domain.fill import fill
from tests.bugs import bug
from tests.helpers import NOW, config

CONFIG = Config()
MDM, ENDPOINT = CONFIG.groups
QA = ("xpkoala",)
NOT_PLANNED = Step(Act.CLOSE, "not_planned")


def after(one: Bug, *steps: Step) -> Bug:
    """What GitHub makes of `steps`."""
    for step in steps:
        match step.act:
            case Act.ADD_LABEL:
                one = replace(one, labels=one.labels | {step.what})
            case Act.REMOVE_LABEL:
                one = replace(one, labels=one.labels - {step.what})
            case Act.ASSIGN:
                one = replace(one, assignees=(*one.assignees, step.what))
            case Act.UNASSIGN:
                one = replace(one, assignees=tuple(login for login in one.assignees if login != step.what))
            case Act.CLOSE:
                one = replace(one, closed=NOW)
            case Act.REOPEN:
                one = replace(one, closed=None)
    return one


@pytest.mark.parametrize(
    ("move", "before", "labels", "assignees"),
    [
        pytest.param(acknowledge("mna"), bug(":reproduce"), {":reproduce"}, ("mna",), id="acknowledge"),
        pytest.param(
            reproduced(MDM, CONFIG, released=True),
            bug(":reproduce", "customer-acme", assignees=QA),
            {"customer-acme", "#g-mdm", "~released bug", ":incoming", ":release"},
            ("xpkoala", "georgekarrv"),
            id="reproduced: who acknowledged it stays, the rule does not say otherwise",
        ),
        pytest.param(
            reproduced(ENDPOINT, CONFIG, released=False),
            bug(":reproduce"),
            {"#g-endpoint-ops", "~unreleased bug", ":incoming", ":release"},
            ("sharon-fdm",),
            id="reproduced from the inbox",
        ),
        pytest.param(
            reproduced(ENDPOINT, CONFIG, released=False),
            bug(":Reproduce", "#g-mdm", "~released-bug", ":product", assignees=("Sharon-FDM",)),
            {"#g-endpoint-ops", "~unreleased bug", ":incoming", ":release"},
            ("Sharon-FDM",),
            id="reproduced: what says otherwise goes, in any spelling",
        ),
        pytest.param(
            reproduced(MDM, CONFIG, released=True),
            bug(":reproduce", "~Released-Bug", "#G-MDM"),
            {"~Released-Bug", "#G-MDM", ":incoming", ":release"},
            ("georgekarrv",),
            id="reproduced: no second spelling of a label that is there",
        ),
        pytest.param(
            to_product(MDM, CONFIG),
            bug(":release", "#g-mdm"),
            {":product", "#g-mdm"},
            ("noahtalerman",),
            id="to product",
        ),
        pytest.param(
            to_product(Group(label="core", manager="mia", qa_lead="quin"), CONFIG),
            bug(":release", assignees=("mia",)),
            {":product"},
            ("mia",),
            id="to product, without a product manager",
        ),
        pytest.param(
            seen_by_manager(CONFIG), bug(":release", ":incoming"), {":release"}, (), id="the manager has seen it"
        ),
        pytest.param(set_priority("P1", CONFIG), bug("P0", "P2", "x"), {"P1", "x"}, (), id="one priority"),
        pytest.param(set_priority("", CONFIG), bug("p0"), set(), (), id="no priority"),
        pytest.param(mark_critical(CONFIG), bug(":release"), {":release", "~critical bug"}, (), id="critical"),
        pytest.param(mark_critical(CONFIG), bug("~critical-bug"), {"~critical-bug"}, (), id="critical already"),
    ],
)
def test_a_move_leaves_the_labels_and_assignees_of_the_rule(
    move: Move, before: Bug, labels: set[str], assignees: tuple[str, ...]
) -> None:
    done = after(before, *plan(move, before))
    assert done.labels - {"bug"} == labels
    assert done.assignees == assignees
    assert plan(move, done) == ()


def test_moves_that_change_no_label() -> None:
    one = bug(":reproduce", assignees=QA)
    assert plan(ping("Hi"), one) == (Step(Act.COMMENT, "Hi"),)
    assert plan(close_as_stale("Bye"), one) == (Step(Act.COMMENT, "Bye"), NOT_PLANNED)
    assert plan(await_qa(CONFIG), bug(":release"), "In review") == (Step(Act.COLUMN, "Awaiting QA"),)
    assert plan(await_qa(CONFIG), bug(":release"), "✅ awaiting qa") == ()


ALL_MOVES = [
    acknowledge("mna"),
    reproduced(MDM, CONFIG, released=True),
    reproduced(ENDPOINT, CONFIG, released=False),
    to_product(MDM, CONFIG),
    seen_by_manager(CONFIG),
    close_as_stale("Bye"),
    set_priority("P1", CONFIG),
    mark_critical(CONFIG),
]
LABELS = st.sets(
    st.sampled_from(
        [
            ":reproduce",
            ":Release",
            ":product",
            ":incoming",
            "#g-mdm",
            "#G-Endpoint-Ops",
            "~released-bug",
            "P0",
            "p2",
            "x",
        ]
    )
)
BUGS = st.builds(lambda labels, people: bug(*labels, assignees=people), LABELS, st.sampled_from([(), QA, ("mna",)]))


@given(st.sampled_from(ALL_MOVES), BUGS)
def test_every_move_can_be_taken_back(move: Move, before: Bug) -> None:
    steps = plan(move, before)
    done = after(before, *steps)
    assert missing(steps, done) == ()
    assert after(done, *undo(Made(move.title, steps, done))) == before


@given(st.sampled_from(ALL_MOVES), BUGS, st.data())
def test_a_half_done_move_can_be_finished(move: Move, before: Bug, data: st.DataObject) -> None:
    steps = plan(move, before)
    count = data.draw(st.integers(0, len(steps)))
    half = after(before, *steps[:count], Step(Act.ADD_LABEL, "added by somebody else"))
    rest = missing(steps, half)
    assert [step for step in steps[count:] if step.act is not Act.COMMENT] == list(rest)
    finished = after(half, *rest)
    assert finished.labels == after(before, *steps).labels | {"added by somebody else"}


@given(st.sampled_from(ALL_MOVES), BUGS, st.data())
def test_a_move_that_is_cut_off_leaves_no_orphan(move: Move, before: Bug, data: st.DataObject) -> None:
    steps = plan(move, before)
    whole = after(before, *steps)
    half = after(before, *steps[: data.draw(st.integers(0, len(steps)))])
    if State.ORPHAN not in {state_of(before, "", CONFIG), state_of(whole, "", CONFIG)}:
        assert state_of(half, "", CONFIG) is not State.ORPHAN


# Taking back


def made(move: Move, before: Bug, column: str = "") -> Made:
    steps = plan(move, before, column)
    return Made(move.title, steps, after(before, *steps), column)


def test_a_move_can_be_taken_back_unless_somebody_moved_the_bug() -> None:
    mine = made(acknowledge("mna"), bug(":reproduce"))
    assert may_not_undo(mine, mine.after, None, CONFIG) == ""
    talked_of = replace(mine.after, labels=mine.after.labels | {"customer-acme", "P0"}, comments=9)
    assert may_not_undo(mine, talked_of, None, CONFIG) == ""
    handed_over = after(talked_of, *plan(reproduced(MDM, CONFIG, released=True), talked_of))
    assert may_not_undo(mine, handed_over, None, CONFIG) == (
        "#7 was moved since: #g-mdm was added, :incoming was added, :release was added, :reproduce was removed, "
        "georgekarrv was assigned."
    )


@pytest.mark.parametrize(
    ("move", "since", "reason"),
    [
        (acknowledge("mna"), Step(Act.UNASSIGN, "mna"), "mna was taken off"),
        (acknowledge("mna"), NOT_PLANNED, "it was closed"),
        (close_as_stale("Bye"), Step(Act.REOPEN), "it was opened again"),
        (set_priority("P1", CONFIG), Step(Act.REMOVE_LABEL, "P1"), "p1 was removed"),
    ],
)
def test_what_somebody_did_since_is_told(move: Move, since: Step, reason: str) -> None:
    mine = made(move, bug(":reproduce"))
    assert may_not_undo(mine, after(mine.after, since), None, CONFIG) == f"#7 was moved since: {reason}."


def test_a_ticket_goes_back_to_its_column_if_that_is_known() -> None:
    mine = made(await_qa(CONFIG), bug(":release"), "In review")
    assert undo(mine) == (Step(Act.COLUMN, "In review"),)
    assert may_not_undo(mine, mine.after, "Awaiting QA", CONFIG) == ""
    assert may_not_undo(mine, mine.after, "Done", CONFIG) == "#7 was moved since: it is in Done."
    unknown = made(await_qa(CONFIG), bug(":release"))
    assert undo(unknown) == ()
    assert "not known" in may_not_undo(unknown, unknown.after, "Awaiting QA", CONFIG)


def test_a_comment_cannot_be_taken_back() -> None:
    pinged = made(ping("Hi"), bug(":reproduce", assignees=QA))
    assert may_not_undo(pinged, pinged.after, None, CONFIG) == "A comment cannot be taken back."
    closed = made(close_as_stale("Bye"), bug(":reproduce", assignees=QA))
    assert undo(closed) == (Step(Act.REOPEN),)


def test_a_column_is_only_verified_where_it_is_known() -> None:
    step = Step(Act.COLUMN, "Awaiting QA")
    assert stands(step, bug())
    assert stands(step, bug(), "awaiting qa")
    assert missing([step], bug(), "In review") == (step,)


# When a move may be made

IN_STATE = {
    State.INBOX: bug(":reproduce"),
    State.ACKNOWLEDGED: bug(":reproduce", assignees=QA),
    State.PRODUCT: bug(":product"),
    State.ENGINEERING: bug(":release"),
    State.AWAITING_QA: bug(":release"),
    State.ORPHAN: bug(),
    State.CLOSED: bug(":release", ":incoming", closed=NOW),
}


@pytest.mark.parametrize(
    ("name", "states"),
    [
        (MoveName.ACKNOWLEDGE, {State.INBOX}),
        (MoveName.REPRODUCED, {State.INBOX, State.ACKNOWLEDGED, State.ORPHAN}),
        (MoveName.PRODUCT, {State.ENGINEERING, State.AWAITING_QA, State.ORPHAN}),
        (MoveName.SEEN, set()),
        (MoveName.AWAIT_QA, {State.ENGINEERING}),
        (MoveName.PING, {State.INBOX, State.ACKNOWLEDGED}),
        (MoveName.STALE, {State.ACKNOWLEDGED}),
        (MoveName.PRIORITY, set(State) - {State.CLOSED}),
        (MoveName.CRITICAL, set(State) - {State.CLOSED}),
        (MoveName.MEND, set(State) - {State.CLOSED}),
    ],
)
def test_in_which_states_a_move_makes_sense(name: MoveName, states: set[State]) -> None:
    refused = {state: refusal(name, one, state, CONFIG) for state, one in IN_STATE.items()}
    assert {state for state, why in refused.items() if not why} == states
    assert all(why.startswith("#7 ") and why.endswith(".") for why in refused.values() if why)


def test_why_a_move_makes_no_sense() -> None:
    closed, taken = IN_STATE[State.CLOSED], bug(":reproduce", assignees=("mna", "xpkoala"))
    assert refusal(MoveName.ACKNOWLEDGE, closed, State.CLOSED, CONFIG) == "#7 is closed."
    assert (
        refusal(MoveName.ACKNOWLEDGE, taken, State.ACKNOWLEDGED, CONFIG)
        == "#7 is acknowledged already, by mna and xpkoala."
    )
    assert refusal(MoveName.SEEN, bug(":release", ":incoming"), State.ENGINEERING, CONFIG) == ""
    critical = bug("~critical-bug", ":release")
    assert refusal(MoveName.CRITICAL, critical, State.ENGINEERING, CONFIG) == "#7 is critical already."


# Texts


def test_comments_are_made_from_the_settings() -> None:
    own = config(
        bugs={"ping_text": "@{reporter}, {title}? #{number} {unknown} {title", "stale_text": "{number}{number}"}
    )
    one = bug(author="zoe", title="@all of {number}")
    assert ping_text(one, own) == "@zoe, @\u200ball of {number}? #7 {unknown} {title"
    assert stale_text(one, own) == "77"
    assert ping_text(bug(author=""), own).startswith("@ghost,")
    assert "@outsider" in ping_text(bug(), CONFIG)
    assert "@outsider" in stale_text(bug(), CONFIG)


def test_a_value_is_not_a_template() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


def test_moves_can_be_told_apart() -> None:
    assert all(one.title != other.title for one, other in combinations(ALL_MOVES, 2))
