"""What is to be tidied up among the bugs, and that each mend mends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_moves import plan
from fleet_tui.domain.bug_tidy import Finding, to_tidy
from fleet_tui.domain.bugs import Bug
from tests.bugs import bug
from tests.helpers import NOW
from tests.test_bug_moves import after

KNOWN = ("Getvictor",)


def findings(*bugs: Bug) -> tuple[Finding, ...]:
    return to_tidy(bugs, KNOWN, Config())


@pytest.mark.parametrize(
    ("one", "sentence", "mends"),
    [
        pytest.param(
            bug(),
            "#7 has no label that says who has it: it would be forgotten.",
            ["Back to the inbox", "Put into product drafting"],
            id="orphan",
        ),
        pytest.param(
            bug("#g-mdm", assignees=KNOWN),
            "#7 has no label that says who has it: it would be forgotten.",
            [
                "Back to acknowledged",
                "Hand to #g-mdm as released bug",
                "Hand to #g-mdm as unreleased bug",
                "Put into product drafting",
            ],
            id="orphan of a group",
        ),
        pytest.param(
            bug(":release", ":product"),
            "#7 is with product and with engineering: it has :product and :release.",
            ["In product drafting: remove :release", "In engineering: remove :product"],
            id="two places",
        ),
        pytest.param(
            bug(":reproduce", ":release", ":incoming"),
            "#7 is handed over, but not reproduced: it has :reproduce and :release.",
            ["Reproduced: remove :reproduce", "Not reproduced yet: remove :release"],
            id="not reproduced",
        ),
        pytest.param(
            bug(":release", "~released-bug", "~unreleased bug"),
            "#7 is labelled as released and as unreleased.",
            ["Released", "Unreleased"],
            id="released and not",
        ),
        pytest.param(
            bug(":release", "P2", "p0"),
            "#7 has several priorities: P0, P2.",
            ["Set priority P0", "Set priority P2"],
            id="several priorities",
        ),
        pytest.param(
            bug(":release", "#g-mdm", "#g-endpoint-ops"),
            "#7 is of several groups: #g-mdm, #g-endpoint-ops.",
            ["Of #g-mdm", "Of #g-endpoint-ops"],
            id="several groups",
        ),
        pytest.param(
            bug(":release", "#g-mdm", assignees=("gone", "getvictor")),
            "#7 is assigned to gone, who is not (or no longer) of the team.",
            ["Assign georgekarrv in the place of gone", "Take gone off"],
            id="a stranger in engineering",
        ),
        pytest.param(
            bug(":reproduce", "#g-mdm", assignees=("gone",)),
            "#7 is assigned to gone, who is not (or no longer) of the team.",
            ["Take gone off"],
            id="a stranger who acknowledged it",
        ),
    ],
)
def test_what_is_wrong_and_how_it_is_mended(one: Bug, sentence: str, mends: list[str]) -> None:
    (finding,) = findings(one)
    assert finding.number == 7
    assert finding.sentence == sentence
    assert [mend.title for mend in finding.mends] == mends
    for mend in finding.mends:
        assert findings(after(one, *plan(mend, one))) == (), mend.title


LABELS = st.sampled_from(
    [":reproduce", ":release", ":product", ":incoming", "#g-mdm", "#g-endpoint-ops", "~released bug", "~released-bug",
     "~unreleased bug", "P0", "P1", "P2", "x"]
)  # fmt: skip


@given(st.sets(LABELS), st.lists(st.sampled_from(["gone", "mia", "xpkoala"]), unique=True), st.data())
def test_mending_one_thing_after_the_other_comes_to_an_end(
    labels: set[str], people: list[str], data: st.DataObject
) -> None:
    one = bug(*labels, assignees=tuple(people))
    for _ in range(10):
        found = findings(one)
        if not found:
            return
        mend = data.draw(st.sampled_from(found[0].mends))
        steps = plan(mend, one)
        assert steps, "a mend that changes nothing"
        one = after(one, *steps)
    raise AssertionError("never tidy")


def test_a_tidy_board_has_nothing_to_be_mended() -> None:
    fine = bug(":release", "#g-mdm", "~released bug", "P1", assignees=("georgekarrv", "LukeHeath", "getvictor"))
    assert findings(fine, bug(":reproduce"), bug(":product", ":incoming")) == ()


def test_closed_bugs_are_left_alone() -> None:
    assert findings(bug(":release", ":product", closed=NOW), bug(closed=NOW)) == ()


def test_orphans_come_first() -> None:
    two_places = bug(":release", ":product", number=1)
    assert [one.number for one in findings(two_places, bug(number=9), bug(number=8))] == [8, 9, 1]
