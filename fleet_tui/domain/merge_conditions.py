"""The five conditions for merging a community pull request, and whether it may be merged now.

"Mergeable when: useful, CI green, tests in place, docs updated, changes file present" (domain rules, on-call). What
files and checks cannot tell, a person marks by hand, for the commit that was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import Situation
from fleet_tui.domain.path_patterns import PathPatterns
from fleet_tui.domain.pulls import Answer, Block, Candidate, Checks, PullRequest


class Condition(Enum):
    """What has to be so before it is merged."""

    USEFUL = "useful"
    CHECKS = "CI green"
    TESTS = "tests in place"
    DOCS = "docs updated"
    CHANGES = "changes file present"


class Stand(Enum):
    """How a condition stands."""

    HOLDS = "holds"
    BY_HAND = "marked by hand"
    UNTOLD = "cannot be told"
    LACKING = "does not hold"


class Standing(Struct, frozen=True):
    """One condition, how it stands, and why."""

    condition: Condition
    stand: Stand
    reason: str

    @property
    def is_met(self) -> bool:
        """Whether it is no obstacle to merging."""
        return self.stand in {Stand.HOLDS, Stand.BY_HAND}

    @property
    def can_be_marked(self) -> bool:
        """Whether a mark by hand can help: not against checks that have failed or still run."""
        return not (self.condition is Condition.CHECKS and self.stand is Stand.LACKING)


CHECKED = {
    Checks.PASSING: (Stand.HOLDS, "all checks have passed"),
    Checks.FAILING: (Stand.LACKING, "a check has failed"),
    Checks.RUNNING: (Stand.LACKING, "checks are still running"),
    # GitHub starts none for a first contribution until somebody of the team allows it.
    Checks.NONE: (Stand.UNTOLD, "no check has run"),
}


class ConditionJudge:
    """Tells how the conditions stand. Holds the path patterns compiled; otherwise a pure function."""

    def __init__(self, config: Config) -> None:
        self._tests = PathPatterns(config.on_call.test_paths)
        self._changes = PathPatterns(config.on_call.changes_paths)
        self._docs = PathPatterns(config.freeze.documentation_paths)

    def judge(self, pull: PullRequest, marked: Iterable[Condition] = ()) -> tuple[Standing, ...]:
        """All five, in order; `marked` are those that a person marked for this head commit."""
        found = (
            Standing(Condition.USEFUL, Stand.UNTOLD, "a person has to say so"),
            Standing(Condition.CHECKS, *CHECKED[pull.checks]),
            self._by_files(pull, Condition.TESTS, self._tests, "no test is touched"),
            self._docs_standing(pull),
            self._by_files(pull, Condition.CHANGES, self._changes, "no changes file is added"),
        )
        by_hand = frozenset(marked)
        return tuple(
            Standing(one.condition, Stand.BY_HAND, f"by hand; {one.reason}")
            if one.condition in by_hand and one.can_be_marked and not one.is_met
            else one
            for one in found
        )

    def _by_files(self, pull: PullRequest, condition: Condition, patterns: PathPatterns, lacking: str) -> Standing:
        if touched := next(filter(patterns.match_file, pull.paths), None):
            return Standing(condition, Stand.HOLDS, touched)
        if not pull.all_paths_known:
            return Standing(condition, Stand.UNTOLD, "not all of its files are known")
        if pull.paths and all(map(self._docs.match_file, pull.paths)):
            return Standing(condition, Stand.HOLDS, "it changes documentation alone")
        return Standing(condition, Stand.LACKING, lacking)

    def _docs_standing(self, pull: PullRequest) -> Standing:
        if touched := next(filter(self._docs.match_file, pull.paths), None):
            return Standing(Condition.DOCS, Stand.HOLDS, touched)
        return Standing(Condition.DOCS, Stand.UNTOLD, "none is touched; it may not be needed")


def why_not_merge(candidate: Candidate, conditions: Iterable[Standing], at: Situation) -> str:
    """What forbids merging it now, as a sentence; empty when nothing does.

    The freeze decides first, by the same verdict as everywhere (`pulls.verdict`); no mark helps against it.
    """
    pull, verdict = candidate.pull, candidate.verdict
    if pull.draft:
        return "It is a draft."
    if at.frozen is None:
        return "Merge Freeze has not been heard yet, so whether it may merge is not known."
    if verdict.answer is not Answer.ALLOWED:
        return f"The freeze does not let it merge ({verdict.answer.value}): {verdict.reason}."
    if pull.block is Block.BLOCKED:
        return "Merge Freeze blocks it: unfreeze it first."
    unmet = [f"{one.condition.value} ({one.reason})" for one in conditions if not one.is_met]
    return f"Not all conditions hold: {', '.join(unmet)}." if unmet else ""
