"""Community pull requests: whose they are, whose turn it is, and what has to be so before one is merged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.community import CommunityPull, People, community_pulls, conversation, is_community, people
from fleet_tui.domain.community import comment as written
from fleet_tui.domain.freeze import Phase, Situation
from fleet_tui.domain.merge_conditions import Condition, ConditionJudge, Stand, why_not_merge
from fleet_tui.domain.pulls import Block, Candidate, Checks, KindJudge, PullRequest, Remark, Word, candidate
from tests.helpers import config, moment, pull

CONFIG = config(team={"holidays": (moment("2025-06-19 00:00").date(),)})
WHO = people(["Lucasmrod", "getvictor"], CONFIG)
TEAM, GUEST = "lucasmrod", "kiltzsec"
JUDGE, KINDS = ConditionJudge(CONFIG), KindJudge(CONFIG).judge
WHOLE = ("server/a.go", "server/a_test.go", "docs/a.md", "changes/17-a")
EVERY = frozenset(Condition)


def comment(author: str, at: datetime) -> Remark:
    return Remark(author, "…", at)


def guest_pull(**fields: object) -> PullRequest:
    return pull(7, **{"author": GUEST, "created": moment("2025-06-03 16:00"), **fields})


def judged(of: PullRequest, phase: Phase = Phase.OPEN) -> Candidate:
    return candidate(of, phase, CONFIG, KINDS)


def found(*pulls: PullRequest, who: People = WHO) -> tuple[CommunityPull, ...]:
    return community_pulls(map(judged, pulls), who, CONFIG, JUDGE, lambda _: frozenset())


# Whose it is ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "by_bot", "expected"),
    [
        ("kiltzsec", False, True),
        ("lucasmrod", False, False),
        ("GetVictor", False, False),
        ("georgekarrv", False, False),
        ("dependabot", True, False),
        ("Fleet-Release", False, False),
        ("ghost", False, True),
    ],
    ids=["a stranger", "a member", "capitals", "a manager", "a bot", "a program's account", "somebody who left GitHub"],
)
def test_who_is_of_the_community(author: str, by_bot: bool, expected: bool) -> None:
    assert is_community(pull(author=author, by_bot=by_bot), WHO) is expected


def test_without_members_the_settings_tell_the_team() -> None:
    named = config(on_call={"team_members": ("KiltzSec",)})
    assert not is_community(guest_pull(), people([], named))
    assert is_community(guest_pull(), people([], Config()))
    assert "" not in people([], named).team


def test_a_bot_among_the_members_gives_no_answer() -> None:
    said = conversation(
        guest_pull(remarks=[comment("fleet-release", moment("2025-06-04 16:00"))]), people(["fleet-release"], CONFIG)
    )
    assert said.answered is None


# Whose turn it is ----------------------------------------------------------------------------------------------------

OPENED = moment("2025-06-03 16:00")
T1, T2, T3 = (OPENED + timedelta(hours=hours) for hours in (1, 2, 3))


@pytest.mark.parametrize(
    ("fields", "since", "answered"),
    [
        pytest.param({}, OPENED, None, id="nobody has said anything"),
        pytest.param({"remarks": [comment(TEAM, T1)]}, None, T1, id="answered by a comment"),
        pytest.param({"reviewed": (Word(TEAM, T1),)}, None, T1, id="answered by a review"),
        pytest.param({"remarks": [comment("LucasMRod", T1)]}, None, T1, id="in capitals"),
        pytest.param({"remarks": [comment("passer-by", T1)]}, OPENED, None, id="a stranger is no answer"),
        pytest.param({"remarks": [comment(TEAM, T1), comment("passer-by", T2)]}, None, T1, id="nor asks for one"),
        pytest.param({"remarks": [comment(GUEST, T1), comment(GUEST, T2)]}, OPENED, None, id="asking does not reset"),
        pytest.param({"remarks": [comment(TEAM, T1), comment(GUEST, T2)]}, T2, T1, id="a word after ours"),
        pytest.param(
            {"remarks": [comment(TEAM, T1), comment(GUEST, T2), comment(GUEST, T3)]}, T2, T1, id="the first of them"
        ),
        pytest.param(
            {"remarks": [comment(GUEST, T2)], "reviewed": (Word(TEAM, T1), Word(TEAM, T3))}, None, T3, id="two answers"
        ),
        pytest.param({"remarks": [comment(TEAM, T1)], "pushed": Word(GUEST, T2)}, T2, T1, id="a push is a word"),
        pytest.param({"remarks": [comment(TEAM, T1)], "pushed": Word("", T2)}, T2, T1, id="of a commit nobody claims"),
        pytest.param({"remarks": [comment(TEAM, T1)], "pushed": Word(TEAM, T2)}, None, T1, id="our own push is none"),
        pytest.param({"pushed": Word(GUEST, OPENED - timedelta(days=2))}, OPENED, None, id="committed before opened"),
        pytest.param({"readied": T2}, T2, None, id="out of draft later"),
        pytest.param({"readied": T2, "remarks": [comment(TEAM, T1)]}, T2, T1, id="a word on the draft is no answer"),
        pytest.param({"remarks": [comment(TEAM, T1), comment(GUEST, T1)]}, None, T1, id="in the same second"),
    ],
)  # fmt: skip
def test_the_clock_runs_from_the_first_word_without_an_answer(
    fields: dict[str, object], since: datetime | None, answered: datetime | None
) -> None:
    said = conversation(guest_pull(**fields), WHO)
    assert (said.waiting_since, said.answered) == (since, answered)


@given(st.lists(st.tuples(st.sampled_from([TEAM, GUEST, "passer-by"]), st.integers(1, 500))))
def test_it_is_our_turn_exactly_when_the_contributor_spoke_last(words: list[tuple[str, int]]) -> None:
    remarks = [comment(author, OPENED + timedelta(minutes=minutes)) for author, minutes in words]
    said = conversation(guest_pull(remarks=remarks), WHO)
    ours = max((minutes for author, minutes in words if author == TEAM), default=-1)
    theirs = max((minutes for author, minutes in words if author == GUEST), default=0)
    assert (said.waiting_since is not None) is (theirs > ours)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        pytest.param("2025-06-03 16:30", "2025-06-04 16:30", id="Tuesday 9:30 to Wednesday 9:30"),
        pytest.param("2025-06-06 22:00", "2025-06-09 22:00", id="over a weekend"),
        pytest.param("2025-06-07 12:00", "2025-06-10 00:00", id="on a Saturday: until the end of Monday"),
        pytest.param("2025-06-18 20:00", "2025-06-20 20:00", id="over a holiday"),
    ],
)
def test_an_answer_is_due_after_a_business_day(opened: str, due: str) -> None:
    assert [one.due for one in found(guest_pull(created=moment(opened)))] == [moment(due)]


def test_what_is_due_first_comes_first_and_drafts_last() -> None:
    answered = guest_pull(remarks=[comment(TEAM, T1)])
    pulls = [
        pull(1, author=GUEST, draft=True, created=moment("2025-05-01 16:00")),
        pull(2, author=GUEST, created=answered.created, remarks=answered.remarks),
        pull(3, author=GUEST, created=moment("2025-06-04 16:00")),
        pull(4, author=GUEST, created=moment("2025-06-03 16:00")),
        pull(5, author=TEAM),
        pull(6, author="dependabot", by_bot=True),
    ]
    rows = found(*pulls)
    assert [one.pull.number for one in rows] == [4, 3, 2, 1]
    assert [one.due is None for one in rows] == [False, False, True, True]


def test_the_days_for_an_answer_are_a_setting() -> None:
    longer = config(on_call={"answer_business_days": 3})
    (one,) = community_pulls([judged(guest_pull(created=T1))], WHO, longer, JUDGE, lambda _: frozenset())
    assert one.due == moment("2025-06-06 17:00")


@pytest.mark.parametrize("template", ["thanks", "not_now", "needs_tests"])
def test_the_templates_address_who_opened_it(template: str) -> None:
    words = written(getattr(Config().on_call, template), guest_pull())
    assert "@kiltzsec!" in words
    assert "{" not in words
    assert written("{author} {0} {x}", guest_pull()) == "kiltzsec {0} {x}"


# The conditions ------------------------------------------------------------------------------------------------------


SIGNS = {Stand.HOLDS: "+", Stand.BY_HAND: "*", Stand.UNTOLD: "?", Stand.LACKING: "-"}


def stands(of: PullRequest, *marked: Condition, judge: ConditionJudge = JUDGE) -> str:
    """A sign for each condition: useful, checks, tests, documentation, changes file."""
    return "".join(SIGNS[one.stand] for one in judge.judge(of, marked))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"paths": WHOLE, "checks": Checks.PASSING}, "?++++", id="all there"),
        pytest.param({"paths": ["a.go"]}, "??-?-", id="code alone"),
        pytest.param({"paths": ["a.go"], "checks": Checks.RUNNING}, "?--?-", id="running"),
        pytest.param({"paths": ["a.go"], "checks": Checks.FAILING}, "?--?-", id="red"),
        pytest.param({"paths": ["docs/a.md", "b.md"]}, "??+++", id="documentation alone"),
        pytest.param({"paths": ["frontend/A.tests.tsx"]}, "??+?-", id="a test of the UI"),
        pytest.param({"paths": ["orbit/changes/x"]}, "??-?+", id="of Orbit"),
        pytest.param({"paths": ["server/changes/x"]}, "??-?-", id="not that folder"),
        pytest.param({"paths": ["docs/a.md"], "all_paths_known": False}, "???+?", id="cut off"),
        pytest.param({}, "??-?-", id="no files"),
    ],
)  # fmt: skip
def test_the_conditions_as_far_as_files_and_checks_tell(fields: dict[str, object], expected: str) -> None:
    assert stands(guest_pull(**fields)) == expected


def test_marks_fill_what_cannot_be_told_but_never_what_has_failed() -> None:
    red = guest_pull(paths=["a.go"], checks=Checks.FAILING)
    assert stands(red, *EVERY) == "*-***"
    assert stands(guest_pull(paths=["a.go"]), Condition.CHECKS) == "?*-?-"
    assert stands(guest_pull(paths=WHOLE, checks=Checks.PASSING), *EVERY) == "*++++"


def test_the_patterns_are_settings() -> None:
    judge = ConditionJudge(config(on_call={"test_paths": ("*.spec",), "changes_paths": ("/NEWS",)}))
    assert stands(guest_pull(paths=["a.spec", "NEWS"]), judge=judge) == "??+?+"


def test_what_holds_says_by_which_file() -> None:
    reasons = {one.condition: one.reason for one in JUDGE.judge(guest_pull(paths=WHOLE), [Condition.USEFUL])}
    assert reasons[Condition.TESTS] == "server/a_test.go"
    assert reasons[Condition.CHANGES] == "changes/17-a"
    assert reasons[Condition.USEFUL] == "by hand; a person has to say so"


# Merging -------------------------------------------------------------------------------------------------------------

READY = {"paths": WHOLE, "checks": Checks.PASSING, "labels": ["story"]}


def refusal(of: PullRequest, phase: Phase = Phase.OPEN, *, frozen: bool | None = None, marked: bool = True) -> str:
    frozen = phase.restricts if frozen is None else frozen
    conditions = JUDGE.judge(of, EVERY if marked else ())
    return why_not_merge(judged(of, phase), conditions, Situation(phase, frozen, None, None))


def test_it_may_merge_when_all_conditions_hold_on_an_open_branch() -> None:
    assert refusal(guest_pull(**READY)) == ""
    assert refusal(guest_pull(**READY), marked=False) == ("Not all conditions hold: useful (a person has to say so).")


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.restricts])
@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("label", ["story", "~engineering-initiated"])
def test_a_feature_is_refused_while_the_freeze_holds_whatever_is_marked(phase: Phase, frozen: bool, label: str) -> None:
    words = refusal(guest_pull(**{**READY, "labels": [label], "block": Block.FREE}), phase, frozen=frozen)
    assert words.startswith("The freeze does not let it merge (")


def test_an_unknown_kind_is_refused_as_well() -> None:
    assert refusal(guest_pull(**{**READY, "labels": []}), Phase.FREEZE) == (
        "The freeze does not let it merge (needs a manager's word): its kind is not known."
    )


def test_a_bug_fix_merges_in_the_freeze_once_it_is_unfrozen() -> None:
    fix = {**READY, "labels": ["bug"]}
    assert refusal(guest_pull(**fix, block=Block.BLOCKED), Phase.FREEZE) == (
        "Merge Freeze blocks it: unfreeze it first."
    )
    assert refusal(guest_pull(**fix, block=Block.FREE), Phase.FREEZE) == ""
    assert refusal(guest_pull(**fix, block=Block.FREE), Phase.DEEP).startswith("The freeze does not let it merge")


def test_before_merge_freeze_was_heard_nothing_merges() -> None:
    of = guest_pull(**READY)
    words = why_not_merge(judged(of), JUDGE.judge(of, EVERY), Situation(Phase.OPEN, None, None, None))
    assert words == "Merge Freeze has not been heard yet, so whether it may merge is not known."


@pytest.mark.parametrize("checks", [Checks.FAILING, Checks.RUNNING])
def test_checks_cannot_be_marked_away(checks: Checks) -> None:
    assert refusal(guest_pull(**{**READY, "checks": checks})).startswith("Not all conditions hold: CI green (")


def test_a_draft_does_not_merge() -> None:
    assert refusal(guest_pull(**READY, draft=True)) == "It is a draft."
