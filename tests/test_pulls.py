"""What kind of change a pull request is, and whether it may merge now: `domain.md` as tables."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.config.schema import FLEET_GROUPS, Config
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.pulls import (
    RANK,
    Answer,
    Approval,
    Block,
    Judged,
    Kind,
    KindJudge,
    PullRequest,
    Remark,
    Role,
    approvals,
    candidate,
    candidates,
    group_of,
    may_merge_in_deep_freeze,
    unfrozen_by_status,
    verdict,
)
from tests.helpers import NOW, ago, approved, config, issue, pull, said

MDM = FLEET_GROUPS[0]
MANAGER, QA_LEAD, DRI = MDM.manager, MDM.qa_lead, Config().team.release_dri
ALL_ROLES = frozenset(Role)
EVERY_SET_OF_ROLES = [frozenset(some) for some in chain(*(combinations(Role, size) for size in range(4)))]


def judge(one: PullRequest, rules: Config | None = None) -> Judged:
    return KindJudge(rules or config()).judge(one)


# The verdict ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A line of the specification: whichever phase, kind, label and approvals it is for, this is the answer."""

    phases: Collection[Phase]
    kinds: Collection[Kind]
    deep_label: Collection[bool]
    given: Callable[[frozenset[Role]], bool]
    answer: Answer
    missing: Callable[[frozenset[Role]], frozenset[Role]] = lambda given: frozenset()
    by_exception: bool = False

    def covers(self, phase: Phase, kind: Kind, deep_label: bool, given: frozenset[Role]) -> bool:
        return phase in self.phases and kind in self.kinds and deep_label in self.deep_label and self.given(given)


ANY_LABEL = (True, False)
UNRESTRICTED, DEEP = {Phase.OPEN, Phase.AHEAD}, {Phase.DEEP, Phase.RELEASE}
FREE = {Kind.BUG_FIX, Kind.DOCUMENTATION, Kind.WEBSITE}


def whoever(given: frozenset[Role]) -> bool:
    return True


def all_three(given: frozenset[Role]) -> bool:
    return given == ALL_ROLES


def fewer(given: frozenset[Role]) -> bool:
    return given < ALL_ROLES


def the_manager(given: frozenset[Role]) -> bool:
    return Role.MANAGER in given


def not_the_manager(given: frozenset[Role]) -> bool:
    return Role.MANAGER not in given


def only_the_manager(given: frozenset[Role]) -> frozenset[Role]:
    return frozenset({Role.MANAGER})


SPECIFICATION = [
    # "While the branch is open anything merges."
    Rule(UNRESTRICTED, set(Kind), ANY_LABEL, whoever, Answer.ALLOWED),
    # "What may merge while frozen: bug fixes, documentation changes, website updates."
    Rule({Phase.FREEZE}, FREE, ANY_LABEL, whoever, Answer.ALLOWED),
    # "Exception (business-critical feature work): three approvals, all of them."
    Rule({Phase.FREEZE}, {Kind.FEATURE}, ANY_LABEL, all_three, Answer.ALLOWED, by_exception=True),
    Rule({Phase.FREEZE}, {Kind.FEATURE}, ANY_LABEL, fewer, Answer.NEEDS_APPROVALS, lambda given: ALL_ROLES - given),
    # "Any other change needs the manager's word first."
    Rule({Phase.FREEZE}, {Kind.UNKNOWN}, ANY_LABEL, the_manager, Answer.ALLOWED, by_exception=True),
    Rule(
        {Phase.FREEZE},
        {Kind.UNKNOWN},
        ANY_LABEL,
        not_the_manager,
        Answer.NEEDS_WORD,
        lambda _: frozenset({Role.MANAGER}),
    ),
    # "Deep freeze: only bugs labelled as release blocker or unreleased bug merge", whoever says otherwise.
    Rule(DEEP, {Kind.BUG_FIX}, {True}, whoever, Answer.ALLOWED),
    Rule(DEEP, {Kind.BUG_FIX}, {False}, whoever, Answer.NOT_NOW),
    Rule(DEEP, set(Kind) - {Kind.BUG_FIX}, ANY_LABEL, whoever, Answer.NOT_NOW),
]


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
def test_the_verdict_is_what_the_specification_says(phase: Phase, kind: Kind) -> None:
    for deep_label, roles in product(ANY_LABEL, EVERY_SET_OF_ROLES):
        (rule,) = [rule for rule in SPECIFICATION if rule.covers(phase, kind, deep_label, roles)]
        found = verdict(phase, kind, deep_label=deep_label, given=roles)
        assert found.answer is rule.answer
        assert frozenset(found.missing) == rule.missing(roles)
        assert found.by_exception is rule.by_exception
        assert found.reason


@pytest.mark.parametrize(
    ("phase", "kind", "given", "reason"),
    [
        (Phase.OPEN, Kind.FEATURE, [], "the branch is open"),
        (Phase.FREEZE, Kind.BUG_FIX, [], "bug fixes may merge during the freeze"),
        (Phase.FREEZE, Kind.DOCUMENTATION, [], "documentation may merge during the freeze"),
        (Phase.FREEZE, Kind.WEBSITE, [], "website updates may merge during the freeze"),
        (Phase.FREEZE, Kind.FEATURE, [], "a feature with 0 of 3 approvals"),
        (Phase.FREEZE, Kind.FEATURE, [Role.QA_LEAD, Role.RELEASE_DRI], "a feature with 2 of 3 approvals"),
        (Phase.FREEZE, Kind.FEATURE, list(Role), "all three approvals are there"),
        (Phase.FREEZE, Kind.UNKNOWN, [], "its kind is not known"),
        (Phase.DEEP, Kind.FEATURE, list(Role), "deep freeze: only release blockers and unreleased bugs merge"),
    ],
)
def test_the_verdict_gives_the_rule_behind_it(phase: Phase, kind: Kind, given: list[Role], reason: str) -> None:
    assert verdict(phase, kind, deep_label=False, given=given).reason == reason


def test_missing_approvals_come_in_the_order_of_asking() -> None:
    found = verdict(Phase.FREEZE, Kind.FEATURE, deep_label=False)
    assert found.missing == (Role.MANAGER, Role.QA_LEAD, Role.RELEASE_DRI)


# The kind of a change ------------------------------------------------------------------------------------------------

DOCS, SITE, CODE = "docs/Deploy/guide.md", "website/views/pages/home.ejs", "server/service/hosts.go"


@pytest.mark.parametrize(
    ("one", "kind", "reason"),
    [
        pytest.param(pull(labels=["bug"]), Kind.BUG_FIX, "labelled bug", id="bug label"),
        pytest.param(pull(labels=["Bug"]), Kind.BUG_FIX, "labelled bug", id="capitals do not matter"),
        pytest.param(
            pull(labels=["~release blocker"]), Kind.BUG_FIX, "labelled ~release blocker", id="release blocker"
        ),
        pytest.param(pull(labels=["~release-blocker"]), Kind.BUG_FIX, "labelled ~release-blocker", id="with a hyphen"),
        pytest.param(pull(labels=["~unreleased bug"]), Kind.BUG_FIX, "labelled ~unreleased bug", id="unreleased bug"),
        pytest.param(
            pull(labels=["~unreleased-bug"]), Kind.BUG_FIX, "labelled ~unreleased-bug", id="unreleased bug, hyphen"
        ),
        pytest.param(pull(labels=["story"]), Kind.FEATURE, "labelled story", id="story label"),
        pytest.param(
            pull(labels=["~engineering-initiated"]),
            Kind.FEATURE,
            "labelled ~engineering-initiated",
            id="by engineering",
        ),
        pytest.param(
            pull(labels=["documentation"]), Kind.DOCUMENTATION, "labelled documentation", id="documentation label"
        ),
        pytest.param(pull(labels=["#g-website"]), Kind.WEBSITE, "labelled #g-website", id="website label"),
        pytest.param(
            pull(labels=["bug", "story"]), Kind.UNKNOWN, "labelled both bug and story", id="bug and story: unknown"
        ),
        pytest.param(
            pull(labels=["story", "documentation"]),
            Kind.FEATURE,
            "labelled story",
            id="story goes before docs",
        ),
        pytest.param(pull(labels=["bug", "#g-website"]), Kind.BUG_FIX, "labelled bug", id="bug goes before website"),
        pytest.param(pull(labels=["debug", "bugs"]), Kind.UNKNOWN, "no linked issue", id="whole names only"),
        pytest.param(pull(labels=["story"], paths=[DOCS]), Kind.FEATURE, "labelled story", id="labels go before paths"),
        pytest.param(pull(paths=[DOCS]), Kind.DOCUMENTATION, "changes only docs/", id="documentation alone"),
        pytest.param(
            pull(paths=["README.md", "handbook/engineering/x.yml"]),
            Kind.DOCUMENTATION,
            "changes only README.md, handbook/",
            id="documentation in two places",
        ),
        pytest.param(pull(paths=[SITE]), Kind.WEBSITE, "changes only website/", id="website alone"),
        pytest.param(
            pull(paths=[SITE, DOCS]), Kind.WEBSITE, "changes only docs/, website/", id="website with documentation"
        ),
        pytest.param(pull(paths=[DOCS, CODE]), Kind.UNKNOWN, "no linked issue", id="documentation and code: unknown"),
        pytest.param(pull(paths=[CODE]), Kind.UNKNOWN, "no linked issue", id="code alone does not tell"),
        pytest.param(
            pull(paths=[DOCS], all_paths_known=False), Kind.UNKNOWN, "no linked issue", id="more files than were listed"
        ),
        pytest.param(
            pull(paths=["a.md", "b.md", "c.md", "d/e.md"]),
            Kind.DOCUMENTATION,
            "changes only a.md, b.md and 2 more",
            id="many places in short",
        ),
        pytest.param(
            pull(paths=[DOCS], issues=[issue(7, "story")]),
            Kind.DOCUMENTATION,
            "changes only docs/",
            id="paths go before issues",
        ),
        pytest.param(pull(issues=[issue(7, "bug")]), Kind.BUG_FIX, "closes #7 (bug)", id="closes a bug"),
        pytest.param(pull(issues=[issue(7, "story")]), Kind.FEATURE, "closes #7 (story)", id="closes a story"),
        pytest.param(
            pull(issues=[issue(7, "bug", closing=False)]),
            Kind.BUG_FIX,
            "mentions #7 (bug)",
            id="mentions a bug",
        ),
        pytest.param(
            pull(issues=[issue(8, "bug", closing=False), issue(7, "story")]),
            Kind.FEATURE,
            "closes #7 (story)",
            id="what it closes goes before what it mentions",
        ),
        pytest.param(
            pull(issues=[issue(7, "bug"), issue(8, "story")]),
            Kind.UNKNOWN,
            "closes issues that do not agree: #7, #8",
            id="closes a bug and a story: unknown",
        ),
        pytest.param(
            pull(issues=[issue(7, "bug", closing=False), issue(8, "story", closing=False)]),
            Kind.UNKNOWN,
            "mentions issues that do not agree: #7, #8",
            id="mentions a bug and a story: unknown",
        ),
        pytest.param(
            pull(issues=[issue(7, "bug", "story")]),
            Kind.UNKNOWN,
            "closes #7 (both bug and story)",
            id="closes an issue that is both: unknown",
        ),
        pytest.param(
            pull(issues=[issue(7, "bug", "story"), issue(8, "bug")]),
            Kind.UNKNOWN,
            "closes issues that do not agree: #7, #8",
            id="one of them is both: unknown",
        ),
        pytest.param(
            pull(issues=[issue(7, "bug"), issue(9)]),
            Kind.BUG_FIX,
            "closes #7 (bug)",
            id="an issue without labels says nothing",
        ),
        pytest.param(
            pull(issues=[issue(7, "documentation")]),
            Kind.UNKNOWN,
            "linked issues do not tell",
            id="an issue on documentation may need code",
        ),
        pytest.param(pull(issues=[issue(7, "P1")]), Kind.UNKNOWN, "linked issues do not tell", id="other labels"),
        pytest.param(pull(), Kind.UNKNOWN, "no linked issue", id="nothing to go by"),
    ],
)
def test_the_kind_follows_from_labels_paths_and_issues(one: PullRequest, kind: Kind, reason: str) -> None:
    assert judge(one) == Judged(kind, reason)


def test_label_names_and_paths_are_settings() -> None:
    rules = config(
        labels={"bug": ("type/bug",), "website": ()},
        freeze={"documentation_paths": ("/man/", "!/man/*.py"), "website_paths": ()},
    )
    assert judge(pull(labels=["type/bug"]), rules).kind is Kind.BUG_FIX
    assert judge(pull(labels=["bug"]), rules).kind is Kind.UNKNOWN
    assert judge(pull(paths=["man/one.txt"]), rules).kind is Kind.DOCUMENTATION
    assert judge(pull(paths=["man/build.py"]), rules).kind is Kind.UNKNOWN
    assert judge(pull(paths=["lib/man/one.txt"]), rules).kind is Kind.UNKNOWN
    assert judge(pull(paths=[SITE]), rules).kind is Kind.UNKNOWN


LABELS = st.frozensets(st.sampled_from(["bug", "story", "documentation", "#g-website", "~release blocker", "P1"]))
LINKED = st.lists(st.builds(issue, st.integers(1, 9), st.sampled_from(["bug", "story", "P1"]), closing=st.booleans()))
PATHS = st.lists(st.sampled_from([DOCS, SITE, CODE]))
PULLS = st.builds(pull, st.integers(1, 999), labels=LABELS, issues=LINKED, paths=PATHS)


@given(PULLS, st.randoms(use_true_random=False))
def test_the_kind_does_not_depend_on_the_order_of_what_is_known(one: PullRequest, chance: Random) -> None:
    other = replace(
        one,
        issues=tuple(chance.sample(one.issues, len(one.issues))),
        paths=tuple(chance.sample(one.paths, len(one.paths))),
    )
    assert judge(other).kind is judge(one).kind


@given(PULLS)
def test_a_story_is_never_taken_for_something_that_may_merge(one: PullRequest) -> None:
    storied = replace(one, labels=one.labels | {"story"})
    assert judge(storied).kind in {Kind.FEATURE, Kind.UNKNOWN}


# Groups and approvals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "group"),
    [
        pytest.param(pull(labels=["#g-mdm"]), "#g-mdm", id="its own label"),
        pytest.param(pull(issues=[issue(7, "#g-endpoint-ops")]), "#g-endpoint-ops", id="of the issue it closes"),
        pytest.param(pull(issues=[issue(7, "#g-mdm", closing=False)]), None, id="of an issue it only mentions"),
        pytest.param(pull(labels=["#g-mdm", "#g-endpoint-ops"]), None, id="two groups"),
        pytest.param(pull(labels=["#g-unheard-of"]), None, id="a group that is not configured"),
        pytest.param(pull(), None, id="none"),
    ],
)
def test_the_group_follows_from_the_labels(one: PullRequest, group: str | None) -> None:
    found = group_of(one, config())
    assert (found.label if found else None) == group


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("Approved", True, id="the word"),
        pytest.param("approved for the freeze", True, id="with more behind it"),
        pytest.param("Freeze exception approved.", True, id="the whole formula"),
        pytest.param("**Approved** ✅", True, id="bold"),
        pytest.param("✅ approved", True, id="with a tick"),
        pytest.param("Talked to sales.\n\nApproved, go ahead", True, id="on a later line"),
        pytest.param("   approve", True, id="the imperative"),
        pytest.param("not approved", False, id="a refusal"),
        pytest.param("I have not approved this", False, id="in a sentence"),
        pytest.param("Approved?", False, id="a question"),
        pytest.param("approved by whom?", False, id="a longer question"),
        pytest.param("> Approved\n\nI do not agree.", False, id="someone else's words"),
        pytest.param(" > > Approved", False, id="a quotation in a quotation"),
        pytest.param("~~Approved~~", False, id="taken back"),
        pytest.param("approvedly", False, id="part of a word"),
        pytest.param("LGTM", False, id="another word"),
        pytest.param("", False, id="nothing"),
        pytest.param(" \n" * 2000, False, id="a screen of blank lines"),
        pytest.param(" " * 4000, False, id="a line of blanks"),
    ],
)
def test_a_comment_approves_when_a_line_of_it_says_so(text: str, counts: bool) -> None:
    found = approvals(pull(remarks=[said(DRI, text)]), config())
    assert found == ((Approval(Role.RELEASE_DRI, DRI, "comment"),) if counts else ())


@pytest.mark.parametrize(
    ("remarks", "given"),
    [
        pytest.param([], {}, id="nobody spoke"),
        pytest.param([approved(MANAGER)], {Role.MANAGER: "review"}, id="a review of the manager"),
        pytest.param([said(QA_LEAD, "approved")], {Role.QA_LEAD: "comment"}, id="a comment of the QA lead"),
        pytest.param([approved(DRI)], {Role.RELEASE_DRI: "review"}, id="a review of the release DRI"),
        pytest.param(
            [approved(MANAGER), said(QA_LEAD, "Approved"), approved(DRI)],
            {Role.MANAGER: "review", Role.QA_LEAD: "comment", Role.RELEASE_DRI: "review"},
            id="all three",
        ),
        pytest.param([approved(MANAGER.upper())], {Role.MANAGER: "review"}, id="logins know no capitals"),
        pytest.param(
            [said(MANAGER, "approved"), approved(MANAGER)], {Role.MANAGER: "comment"}, id="twice counts once, the first"
        ),
        pytest.param([approved("getvictor"), said("outsider", "Approved")], {}, id="people without a role"),
        pytest.param([approved("sharon-fdm")], {}, id="the manager of another group"),
        pytest.param([approved("")], {}, id="nobody's review"),
        pytest.param([said(MANAGER, "I will have a look")], {}, id="a comment about something else"),
    ],
)
def test_approvals_are_those_of_the_right_people(remarks: list[Remark], given: dict[Role, str]) -> None:
    found = approvals(pull(labels=[MDM.label], remarks=remarks), config())
    assert {approval.role: approval.how for approval in found} == given


def test_one_person_with_two_roles_gives_both() -> None:
    rules = config(team={"release_dri": MANAGER})
    found = approvals(pull(labels=[MDM.label], remarks=[approved(MANAGER)]), rules)
    assert [approval.role for approval in found] == [Role.MANAGER, Role.RELEASE_DRI]


def test_without_a_known_group_only_the_release_dri_can_approve() -> None:
    everybody = [approved(login) for login in (MANAGER, QA_LEAD, DRI, "")]
    found = approvals(pull(remarks=everybody), config())
    assert [approval.role for approval in found] == [Role.RELEASE_DRI]


def test_the_words_of_an_approval_are_a_setting() -> None:
    rules = config(freeze={"approval_pattern": "^ship it"})
    assert approvals(pull(remarks=[said(DRI, "Hm.\nSHIP IT!")]), rules)
    assert not approvals(pull(remarks=[said(DRI, "Approved")]), rules)


# The deep freeze -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "may"),
    [
        pytest.param(pull(labels=["~release blocker"]), True, id="release blocker"),
        pytest.param(pull(labels=["~release-blocker"]), True, id="release blocker, hyphen"),
        pytest.param(pull(labels=["~unreleased bug"]), True, id="unreleased bug"),
        pytest.param(pull(labels=["~UNRELEASED-bug"]), True, id="unreleased bug, hyphen and capitals"),
        pytest.param(pull(issues=[issue(7, "~release blocker")]), True, id="closes a release blocker"),
        pytest.param(pull(issues=[issue(7, "~release blocker", closing=False)]), False, id="only mentions one"),
        pytest.param(pull(labels=["bug", "~released bug"]), False, id="a released bug"),
        pytest.param(pull(), False, id="no label"),
    ],
)
def test_only_labelled_bugs_merge_in_the_deep_freeze(one: PullRequest, may: bool) -> None:
    assert may_merge_in_deep_freeze(one, config()) is may


# Candidates ----------------------------------------------------------------------------------------------------------


def numbers_of(pulls: Collection[PullRequest], phase: Phase) -> list[int]:
    return [one.pull.number for one in candidates(pulls, phase, config(), judge)]


def test_what_may_merge_comes_first_then_what_needs_least() -> None:
    feature, unknown, bug = pull(1, labels=["story"]), pull(2), pull(3, labels=["bug"])
    assert numbers_of([feature, unknown, bug], Phase.FREEZE) == [3, 2, 1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(pull(9, created=ago(days=2)), pull(1, created=ago(days=1)), id="the longest waiting first"),
        pytest.param(pull(9, created=ago(days=1)), pull(1, created=ago(days=2), draft=True), id="drafts last"),
        pytest.param(pull(1), pull(9), id="the lower number first"),
    ],
)
def test_equals_wait_in_line(first: PullRequest, second: PullRequest) -> None:
    assert numbers_of([second, first], Phase.OPEN) == [first.number, second.number]


@given(st.lists(PULLS, unique_by=lambda one: one.number), st.sampled_from(Phase), st.randoms(use_true_random=False))
def test_candidates_are_all_pull_requests_in_one_order(pulls: list[PullRequest], phase: Phase, chance: Random) -> None:
    found = candidates(pulls, phase, config(), judge)
    assert sorted(one.pull.number for one in found) == sorted(one.number for one in pulls)
    assert [RANK[one.verdict.answer] for one in found] == sorted(RANK[one.verdict.answer] for one in found)
    chance.shuffle(pulls)
    assert candidates(pulls, phase, config(), judge) == found


def test_a_candidate_knows_everything_that_the_rules_say_of_it() -> None:
    feature = pull(
        labels=["story", MDM.label], remarks=[approved(MANAGER), approved(QA_LEAD), approved(DRI)], block=Block.FREE
    )
    found = candidate(feature, Phase.FREEZE, config(), judge)
    assert (found.judged.kind, found.verdict.answer, found.group) == (Kind.FEATURE, Answer.ALLOWED, MDM)
    assert [approval.role for approval in found.approvals] == list(Role)
    assert found.by_exception
    assert found.unfrozen


@pytest.mark.parametrize("block", Block)
def test_a_candidate_is_unfrozen_when_merge_freeze_says_so(block: Block) -> None:
    found = candidate(pull(block=block), Phase.FREEZE, config(), judge)
    assert found.unfrozen is (block is Block.FREE)


# What the statuses tell of the list of unfrozen pull requests --------------------------------------------------------


def marked(number: int, block: Block, minutes: float | None) -> PullRequest:
    """A pull request whose status was set so many minutes after the freeze began."""
    since = None if minutes is None else NOW + timedelta(minutes=minutes)
    return pull(number, block=block, block_since=since)


@pytest.mark.parametrize(
    ("pulls", "unfrozen"),
    [
        pytest.param([], set(), id="no pull requests"),
        pytest.param([marked(1, Block.FREE, -60), marked(2, Block.FREE, 5)], set(), id="nothing is blocked: open time"),
        pytest.param(
            [marked(1, Block.FREE, -60), marked(2, Block.BLOCKED, 0)], set(), id="its status is still of the open time"
        ),
        pytest.param([marked(1, Block.FREE, 5), marked(2, Block.BLOCKED, 0)], {1}, id="unfrozen after the freeze"),
        pytest.param(
            [marked(1, Block.FREE, 5), marked(2, Block.BLOCKED, 0), marked(3, Block.BLOCKED, 30)],
            {1},
            id="a later push is blocked later",
        ),
        pytest.param([marked(1, Block.FREE, 0), marked(2, Block.BLOCKED, 0)], set(), id="in the same second: not told"),
        pytest.param([marked(1, Block.FREE, None), marked(2, Block.BLOCKED, 0)], set(), id="without a time: not told"),
        pytest.param([marked(1, Block.FREE, 5), marked(2, Block.BLOCKED, None)], set(), id="a block without a time"),
        pytest.param([marked(1, Block.UNKNOWN, 5), marked(2, Block.BLOCKED, 0)], set(), id="no status at all"),
    ],
)
def test_statuses_tell_what_was_unfrozen_since_the_freeze(pulls: list[PullRequest], unfrozen: set[int]) -> None:
    assert unfrozen_by_status(pulls) == unfrozen
