"""Pull requests: what kind of change one is, and whether it may merge now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config, Group
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.labels import named
from fleet_tui.domain.path_patterns import PathPatterns


class Checks(Enum):
    """The result of continuous integration on the head commit, Merge Freeze's own status left out."""

    PASSING = "passing"
    FAILING = "failing"
    RUNNING = "running"
    NONE = "none"


class ReviewState(Enum):
    """What the reviewers say."""

    APPROVED = "approved"
    CHANGES = "changes requested"
    AWAITED = "awaited"
    NONE = "none"


class Block(Enum):
    """What Merge Freeze's status on the head commit says."""

    BLOCKED = "blocked"
    FREE = "unfrozen"
    UNKNOWN = "unknown"


class Remark(Struct, frozen=True):
    """A comment or an approving review."""

    author: str
    text: str
    at: datetime
    approves: bool = False
    """True for an approving review that still stands."""


class Word(Struct, frozen=True):
    """That somebody spoke or pushed, and when."""

    author: str
    """Empty when GitHub cannot tell whose commit it is."""
    at: datetime


class LinkedIssue(Struct, frozen=True):
    """An issue that a pull request closes or mentions."""

    number: int
    labels: frozenset[str]
    closing: bool = False


class PullRequest(Struct, frozen=True):
    """An open pull request against the branch, as far as the freeze needs it."""

    number: int
    title: str
    author: str
    url: str
    head: str
    """SHA of the head commit."""
    created: datetime
    updated: datetime
    draft: bool = False
    labels: frozenset[str] = frozenset()
    issues: tuple[LinkedIssue, ...] = ()
    paths: tuple[str, ...] = ()
    all_paths_known: bool = True
    """False when the change has more files than GitHub listed."""
    checks: Checks = Checks.NONE
    review: ReviewState = ReviewState.NONE
    block: Block = Block.UNKNOWN
    block_since: datetime | None = None
    """When Merge Freeze set its status."""
    remarks: tuple[Remark, ...] = ()
    by_bot: bool = False
    """Whether a program opened it, such as one that updates dependencies."""
    reviewed: tuple[Word, ...] = ()
    """The reviews, whatever they say, and the replies in them."""
    pushed: Word | None = None
    """The head commit."""
    readied: datetime | None = None
    """When it was last taken out of draft; None when it never was one."""


class Kind(Enum):
    """What a change is, as far as the freeze rules tell changes apart."""

    BUG_FIX = "bug fix"
    DOCUMENTATION = "docs"
    WEBSITE = "website"
    FEATURE = "feature"
    UNKNOWN = "unknown"


class Judged(Struct, frozen=True):
    """A kind and why."""

    kind: Kind
    reason: str


class Role(Enum):
    """Who has to approve feature work during a freeze."""

    MANAGER = "engineering manager"
    QA_LEAD = "QA lead"
    RELEASE_DRI = "release DRI"


class Approval(Struct, frozen=True):
    """One person's word for a freeze exception."""

    role: Role
    by: str
    how: str
    """Where it stands: `review`, `comment`, `by hand`."""


class Answer(Enum):
    """May it merge now?"""

    ALLOWED = "may merge now"
    NEEDS_WORD = "needs a manager's word"
    NEEDS_APPROVALS = "needs three approvals"
    NOT_NOW = "not now"


class Verdict(Struct, frozen=True):
    """The answer, the rule behind it, and which approvals are missing."""

    answer: Answer
    reason: str
    missing: tuple[Role, ...] = ()
    by_exception: bool = False
    """Whether people's word allows it, and not the rule by itself."""


class KindJudge:
    """Tells what kind of change a pull request is. Holds the path patterns compiled; otherwise a pure function."""

    def __init__(self, config: Config) -> None:
        self._labels = config.labels
        self._documentation = PathPatterns(config.freeze.documentation_paths)
        self._website = PathPatterns(config.freeze.website_paths)

    def judge(self, pull: PullRequest) -> Judged:
        """The kind of `pull` and the reason. What cannot be told is unknown, never guessed to be allowed.

        Its own labels speak first, then what it changes, then the issues it closes, then those it mentions.
        A bug and a feature at the same rank do not agree: unknown.
        """
        return (
            self._by_labels(pull.labels, "labelled ")
            or self._by_paths(pull)
            or self._by_issues([issue for issue in pull.issues if issue.closing], "closes")
            or self._by_issues([issue for issue in pull.issues if not issue.closing], "mentions")
            or Judged(Kind.UNKNOWN, "no linked issue" if not pull.issues else "linked issues do not tell")
        )

    def _by_labels(self, labels: frozenset[str], how: str) -> Judged | None:
        names = self._labels
        bug = named(labels, names.bug) or named(labels, names.release_blocker) or named(labels, names.unreleased_bug)
        feature = named(labels, names.story)
        if bug and feature:
            return Judged(Kind.UNKNOWN, f"{how}both {bug} and {feature}")
        if bug:
            return Judged(Kind.BUG_FIX, f"{how}{bug}")
        if feature:
            return Judged(Kind.FEATURE, f"{how}{feature}")
        if documentation := named(labels, names.documentation):
            return Judged(Kind.DOCUMENTATION, f"{how}{documentation}")
        if website := named(labels, names.website):
            return Judged(Kind.WEBSITE, f"{how}{website}")
        return None

    def _by_paths(self, pull: PullRequest) -> Judged | None:
        if not pull.paths or not pull.all_paths_known:
            return None
        outside = [path for path in pull.paths if not self._documentation.match_file(path)]
        if not outside:
            return Judged(Kind.DOCUMENTATION, f"changes only {_top(pull.paths)}")
        if all(self._website.match_file(path) for path in outside):
            return Judged(Kind.WEBSITE, f"changes only {_top(pull.paths)}")
        return None

    def _by_issues(self, issues: Iterable[LinkedIssue], how: str) -> Judged | None:
        judged = [
            (issue.number, result)
            for issue in issues
            if (result := self._by_labels(issue.labels, "")) is not None
            and result.kind not in {Kind.DOCUMENTATION, Kind.WEBSITE}
        ]
        if not judged:
            return None
        kinds = {result.kind for _, result in judged}
        if len(kinds) > 1:
            return Judged(Kind.UNKNOWN, f"{how} issues that do not agree: {', '.join(f'#{n}' for n, _ in judged)}")
        number, result = judged[0]
        return Judged(result.kind, f"{how} #{number} ({result.reason})")


def _top(paths: tuple[str, ...]) -> str:
    tops = sorted({path.partition("/")[0] + "/" if "/" in path else path for path in paths})
    return ", ".join(tops) if len(tops) <= 2 else f"{tops[0]}, {tops[1]} and {len(tops) - 2} more"


def all_labels(pull: PullRequest) -> frozenset[str]:
    """The labels of the pull request and of the issues that it closes."""
    return pull.labels.union(*(issue.labels for issue in pull.issues if issue.closing))


def group_of(pull: PullRequest, config: Config) -> Group | None:
    """The product group the change belongs to; None when no label or more than one group's tells."""
    return config.group_for(all_labels(pull))


def approvals(pull: PullRequest, config: Config) -> tuple[Approval, ...]:
    """Approvals of a freeze exception that stand on the pull request: reviews and comments of the right people.

    One person who holds two roles gives both.
    """
    pattern = re.compile(config.freeze.approval_pattern, re.IGNORECASE)
    found: list[Approval] = []
    for role, login in who_approves(group_of(pull, config), config).items():
        words = [
            "review" if remark.approves else "comment"
            for remark in pull.remarks
            if login
            and remark.author.casefold() == login.casefold()
            and (remark.approves or _says_yes(remark.text, pattern))
        ]
        if words:
            found.append(Approval(role, login, words[0]))
    return tuple(found)


def _says_yes(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a line of `text` does, without what is quoted (`>`) or struck out (`~~`)."""
    lines = (line.strip() for line in text.splitlines())
    return any(pattern.search(line) for line in lines if not line.startswith((">", "~~")))


def who_approves(group: Group | None, config: Config) -> Mapping[Role, str]:
    """The login for each role; empty where nobody is known."""
    return {
        Role.MANAGER: group.manager if group else "",
        Role.QA_LEAD: group.qa_lead if group else "",
        Role.RELEASE_DRI: config.team.release_dri,
    }


def may_merge_in_deep_freeze(pull: PullRequest, config: Config) -> bool:
    """Whether it is for a bug labelled as release blocker or unreleased bug."""
    spellings = (*config.labels.release_blocker, *config.labels.unreleased_bug)
    return named(all_labels(pull), spellings) is not None


def verdict(phase: Phase, kind: Kind, *, deep_label: bool, given: Iterable[Role] = ()) -> Verdict:
    """Whether a change of `kind` may merge in `phase`: domain rules of the freeze and the deep freeze.

    `deep_label`: it is for a release blocker or an unreleased bug. `given`: the roles that approved an exception.
    """
    given = set(given)
    if not phase.restricts:
        return Verdict(Answer.ALLOWED, "the branch is open")
    if phase in {Phase.DEEP, Phase.RELEASE}:
        return _verdict_deep(kind, deep_label)
    if kind in {Kind.BUG_FIX, Kind.DOCUMENTATION, Kind.WEBSITE}:
        return Verdict(Answer.ALLOWED, FREE_KINDS[kind])
    missing = tuple(role for role in Role if role not in given)
    if not missing:
        return Verdict(Answer.ALLOWED, "all three approvals are there", by_exception=True)
    if kind is Kind.FEATURE:
        return Verdict(
            Answer.NEEDS_APPROVALS, f"a feature with {len(Role) - len(missing)} of {len(Role)} approvals", missing
        )
    if Role.MANAGER in given:
        return Verdict(Answer.ALLOWED, "the engineering manager said yes", by_exception=True)
    return Verdict(Answer.NEEDS_WORD, "its kind is not known", (Role.MANAGER,))


FREE_KINDS = {
    Kind.BUG_FIX: "bug fixes may merge during the freeze",
    Kind.DOCUMENTATION: "documentation may merge during the freeze",
    Kind.WEBSITE: "website updates may merge during the freeze",
}


def _verdict_deep(kind: Kind, deep_label: bool) -> Verdict:
    if deep_label and kind is Kind.BUG_FIX:
        return Verdict(Answer.ALLOWED, "a release blocker or unreleased bug may merge in the deep freeze")
    return Verdict(Answer.NOT_NOW, "deep freeze: only release blockers and unreleased bugs merge")


class Candidate(Struct, frozen=True):
    """A pull request with everything that the rules say of it."""

    pull: PullRequest
    judged: Judged
    verdict: Verdict
    approvals: tuple[Approval, ...]
    group: Group | None

    @property
    def unfrozen(self) -> bool:
        """Whether Merge Freeze lets it merge."""
        return self.pull.block is Block.FREE

    @property
    def by_exception(self) -> bool:
        """Whether it may merge only because the right people said yes."""
        return self.verdict.by_exception


def unfrozen_by_status(pulls: Iterable[PullRequest]) -> frozenset[int]:
    """The pull requests that Merge Freeze's statuses show as unfrozen.

    Right after a freeze, statuses of the open time still stand until Merge Freeze has come round to them: only one
    that was set after the first block counts.
    """
    pulls = tuple(pulls)
    blocked = [pull.block_since for pull in pulls if pull.block is Block.BLOCKED and pull.block_since]
    if not blocked:
        return frozenset()
    frozen_by = min(blocked)
    return frozenset(
        pull.number for pull in pulls if pull.block is Block.FREE and pull.block_since and pull.block_since > frozen_by
    )


RANK = {Answer.ALLOWED: 0, Answer.NEEDS_WORD: 1, Answer.NEEDS_APPROVALS: 2, Answer.NOT_NOW: 3}


def candidates(
    pulls: Iterable[PullRequest], phase: Phase, config: Config, judge: Callable[[PullRequest], Judged]
) -> tuple[Candidate, ...]:
    """All `pulls` judged: what may merge first, then what needs least; the longest waiting first, drafts last."""
    judged = [candidate(pull, phase, config, judge) for pull in pulls]
    return tuple(
        sorted(judged, key=lambda one: (RANK[one.verdict.answer], one.pull.draft, one.pull.created, one.pull.number))
    )


def candidate(pull: PullRequest, phase: Phase, config: Config, judge: Callable[[PullRequest], Judged]) -> Candidate:
    """`pull` with its kind, approvals and verdict in `phase`."""
    kind = judge(pull)
    given = approvals(pull, config)
    answer = verdict(
        phase,
        kind.kind,
        deep_label=may_merge_in_deep_freeze(pull, config),
        given=[approval.role for approval in given],
    )
    return Candidate(pull, kind, answer, given, group_of(pull, config))


class Story(Struct, frozen=True):
    """A story of the milestone that is open although some of it was merged: to be reverted or pushed."""

    number: int
    title: str
    url: str
    assignees: tuple[str, ...]
    merged: tuple[int, ...]
    """Merged pull requests."""
    open: tuple[int, ...]
    """Pull requests still open."""
