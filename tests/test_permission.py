"""Leave to unfreeze: by the rule, by approvals, or against the rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.permission import Permission, comment, permission, required, why
from fleet_tui.domain.pulls import Approval, Candidate, KindJudge, PullRequest, Role, candidate
from tests.helpers import approved, pull, said

JUDGE = KindJudge(Config()).judge
BUG = pull(7, labels=["bug"])
FEATURE = pull(7, labels=["story", "#g-mdm"])
HALF = pull(7, labels=["story", "#g-mdm"], remarks=[approved("georgekarrv"), said("sabrinabuckets", "Approved")])
WHOLE = pull(7, labels=["story", "#g-mdm"], remarks=[*HALF.remarks, said("lukeheath", "approved for the freeze")])
UNTOLD = pull(7)
WORD = pull(7, labels=["#g-mdm"], remarks=[approved("georgekarrv")])

MANAGER = Approval(Role.MANAGER, "georgekarrv", "review")
QA_LEAD = Approval(Role.QA_LEAD, "sabrinabuckets", "comment")
DRI = Approval(Role.RELEASE_DRI, "lukeheath", "comment")
DRI_BY_HAND = Approval(Role.RELEASE_DRI, "luke", "by hand")


def judged(of: PullRequest, phase: Phase = Phase.FREEZE) -> Candidate:
    return candidate(of, phase, Config(), JUDGE)


def everybody(name: str = "somebody") -> dict[Role, str]:
    """A name for every role."""
    return dict.fromkeys(Role, name)


@pytest.mark.parametrize(
    ("of", "phase", "by_hand", "typed", "expected"),
    [
        pytest.param(BUG, Phase.FREEZE, {}, "", Permission(), id="a bug fix needs nothing"),
        pytest.param(FEATURE, Phase.OPEN, {}, "", Permission(), id="on an open branch nothing is needed"),
        pytest.param(FEATURE, Phase.FREEZE, {}, "", None, id="a feature needs three"),
        pytest.param(HALF, Phase.FREEZE, {}, "", None, id="two of three are not enough"),
        pytest.param(HALF, Phase.FREEZE, {Role.RELEASE_DRI: "  "}, "", None, id="a blank is no name"),
        pytest.param(HALF, Phase.FREEZE, {Role.MANAGER: "x"}, "", None, id="not the role that is missing"),
        pytest.param(
            HALF,
            Phase.FREEZE,
            {Role.RELEASE_DRI: " luke "},
            "",
            Permission((MANAGER, QA_LEAD, DRI_BY_HAND)),
            id="the third by hand",
        ),
        pytest.param(WHOLE, Phase.FREEZE, {}, "", Permission((MANAGER, QA_LEAD, DRI)), id="all three stand there"),
        pytest.param(UNTOLD, Phase.FREEZE, {}, "", None, id="unknown needs a manager's word"),
        pytest.param(
            UNTOLD,
            Phase.FREEZE,
            {Role.MANAGER: "georgekarrv"},
            "",
            Permission((Approval(Role.MANAGER, "georgekarrv", "by hand"),)),
            id="a manager's word by hand",
        ),
        pytest.param(WORD, Phase.FREEZE, {}, "", Permission((MANAGER,)), id="a manager's word stands there"),
        pytest.param(FEATURE, Phase.FREEZE, {}, "7", Permission(override=True), id="the number overrides"),
        pytest.param(FEATURE, Phase.FREEZE, {}, " #7 ", Permission(override=True), id="with its sign too"),
        pytest.param(FEATURE, Phase.FREEZE, {}, "77", None, id="another number does not"),
        pytest.param(FEATURE, Phase.FREEZE, {}, "seven", None, id="words do not"),
        pytest.param(WHOLE, Phase.DEEP, {}, "", None, id="in the deep freeze no approval helps"),
        pytest.param(WHOLE, Phase.DEEP, everybody(), "", None, id="nor any by hand"),
        pytest.param(
            WHOLE, Phase.DEEP, {}, "7", Permission((MANAGER, QA_LEAD, DRI), override=True), id="but the number does"
        ),
        pytest.param(BUG, Phase.DEEP, {}, "", None, id="not even a bug fix may merge then"),
    ],
)
def test_leave_follows_from_the_rule(
    of: PullRequest, phase: Phase, by_hand: dict[Role, str], typed: str, expected: Permission | None
) -> None:
    assert permission(judged(of, phase), by_hand, typed=typed) == expected


@given(
    names=st.fixed_dictionaries({role: st.text(max_size=3) for role in Role}),
    typed=st.text(max_size=4).filter(lambda text: text.strip().lstrip("#") != "7"),
)
def test_without_the_number_a_feature_needs_a_name_for_every_role(names: dict[Role, str], typed: str) -> None:
    leave = permission(judged(FEATURE), names, typed=typed)
    assert (leave is not None) == all(name.strip() for name in names.values())


@given(typed=st.text(), names=st.dictionaries(st.sampled_from(Role), st.text(max_size=5)))
def test_what_the_rule_allows_is_never_an_override(typed: str, names: dict[Role, str]) -> None:
    assert permission(judged(BUG), names, typed=typed) == Permission()


def test_it_names_only_the_words_that_can_still_help() -> None:
    assert required(judged(HALF)) == (Role.RELEASE_DRI,)
    assert required(judged(UNTOLD)) == (Role.MANAGER,)
    assert required(judged(BUG)) == ()
    assert required(judged(FEATURE, Phase.DEEP)) == ()


@pytest.mark.parametrize(
    ("leave", "exception"),
    [(Permission(), False), (Permission((MANAGER,)), True), (Permission(override=True), True)],
    ids=["by the rule", "approved", "override"],
)
def test_only_an_exception_is_recorded_on_the_pull_request(leave: Permission, exception: bool) -> None:
    assert leave.is_exception is exception


def test_the_comment_names_who_approved_and_how_and_who_recorded_it() -> None:
    assert comment(judged(HALF), Permission((MANAGER, QA_LEAD, DRI_BY_HAND)), "mna") == (
        "**Freeze exception**\n"
        "\n"
        "- engineering manager: georgekarrv (review)\n"
        "- QA lead: sabrinabuckets (comment)\n"
        "- release DRI: luke (by hand)\n"
        "\n"
        "Recorded with fleet-tui by mna."
    )


def test_the_comment_on_an_override_names_the_rule_that_it_goes_against() -> None:
    assert comment(judged(FEATURE, Phase.DEEP), Permission(override=True), "mna") == (
        "**Unfrozen against the freeze rule**\n"
        "\n"
        "- rule: deep freeze: only release blockers and unreleased bugs merge\n"
        "\n"
        "Recorded with fleet-tui by mna."
    )


def test_a_recorded_exception_does_not_pass_for_an_approval_of_who_recorded_it() -> None:
    text = comment(judged(HALF), Permission((MANAGER, QA_LEAD, DRI_BY_HAND)), "lukeheath")
    again = pull(7, labels=["story", "#g-mdm"], remarks=[said("lukeheath", text)])
    assert judged(again).approvals == ()


@pytest.mark.parametrize(
    ("of", "leave", "expected"),
    [
        (BUG, Permission(), "bug fixes may merge during the freeze; labelled bug"),
        (HALF, Permission((MANAGER, DRI_BY_HAND)),
         "Exception: engineering manager georgekarrv (review), release DRI luke (by hand)"),
        (FEATURE, Permission((MANAGER,), override=True),
         "OVERRIDE, number typed. Rule: a feature with 0 of 3 approvals"),
    ],
    ids=["by the rule", "exception", "override"],
)  # fmt: skip
def test_the_journal_gets_the_reason(of: PullRequest, leave: Permission, expected: str) -> None:
    assert why(judged(of), leave) == expected
