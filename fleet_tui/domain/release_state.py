"""Can the release start? One line: "ready", or what is missing (handbook: "Indicate … is release-ready").

It can when no blocker and no unreleased bug is open, no check of the branch fails, and each group has said that it is
ready. What could not be read is missing too: a release is never called ready because nobody could look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.checklist import Checklist, Item, Progress, count
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.pulls import Checks
from fleet_tui.domain.release_qa import group_of

FORMAT = 1
"""Of `as_json`: raised when a field changes its meaning or goes."""
MOST_NAMED = 5


class BranchCheck(Struct, frozen=True):
    """A check run or commit status of the branch's newest commit."""

    name: str
    state: Checks
    url: str = ""


class QaState(Struct, frozen=True):
    """The release QA issue of this version, and which groups are ready by whose word."""

    number: int
    checklist: Checklist
    ready: Mapping[str, str]


class Seen(Struct, frozen=True):
    """What the systems say: each a value, or why it could not be read."""

    version: str
    blockers: tuple[Bug, ...] | Problem
    unreleased: tuple[Bug, ...] | Problem
    checks: tuple[BranchCheck, ...] | Problem
    qa: QaState | Problem | None
    """None when there is no release QA issue for this version."""


class GroupState(Struct, frozen=True):
    """How far a product group is."""

    label: str
    progress: Progress
    ready_by: str
    """Who said that it is ready; empty while nobody has."""


class ReleaseState(Struct, frozen=True):
    """Whether the release can start."""

    seen: Seen
    groups: tuple[GroupState, ...]
    missing: tuple[str, ...]
    """What is missing, each without a full stop; empty when it is ready."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def line(self) -> str:
        """All of it in one sentence."""
        if self.is_ready:
            return f"{self.seen.version} is ready."
        return f"{self.seen.version} is not ready: {'; '.join(self.missing)}."

    @property
    def failing(self) -> tuple[BranchCheck, ...]:
        """The checks of the branch that fail."""
        return _failing(self.seen.checks)

    @property
    def running(self) -> int:
        """How many checks of the branch still run; 0 when they could not be read."""
        checks = self.seen.checks
        return 0 if isinstance(checks, Problem) else sum(one.state is Checks.RUNNING for one in checks)


def release_state(seen: Seen, config: Config) -> ReleaseState:
    """The state that follows from what was seen."""
    groups = _groups(seen.qa, config) if isinstance(seen.qa, QaState) else ()
    missing = (
        *_open(seen.blockers, "open release blocker", "the open release blockers"),
        *_open(seen.unreleased, "open unreleased bug", "the open unreleased bugs"),
        *_checks(seen.checks, config.team.branch),
        *_qa(seen.qa, seen.version),
        *(_not_ready(group) for group in groups if not group.ready_by),
    )
    return ReleaseState(seen, groups, missing)


def as_json(state: ReleaseState) -> dict[str, Any]:
    """The state for other programs; a list that could not be read is null."""
    seen = state.seen
    known = None if isinstance(seen.checks, Problem) else seen.checks
    return {
        "format": FORMAT,
        "release": seen.version,
        "ready": state.is_ready,
        "line": state.line,
        "missing": list(state.missing),
        "blockers": _bugs_as_json(seen.blockers),
        "unreleased_bugs": _bugs_as_json(seen.unreleased),
        "failing_checks": None if known is None else [{"name": one.name, "url": one.url} for one in _failing(known)],
        "running_checks": None if known is None else state.running,
        "qa_issue": seen.qa.number if isinstance(seen.qa, QaState) else None,
        "groups": [
            {
                "label": group.label,
                "ready": bool(group.ready_by),
                "said_by": group.ready_by or None,
                "tests": group.progress.total,
                "passed": group.progress.passed,
                "failed": group.progress.failed,
                "untested": group.progress.untested,
            }
            for group in state.groups
        ],
    }


def _groups(qa: QaState, config: Config) -> tuple[GroupState, ...]:
    tests: dict[str, list[Item]] = {group.label: [] for group in config.groups}
    for item in qa.checklist.items:
        if label := group_of(item, config.groups):
            tests[label].append(item)
    return tuple(GroupState(label, count(tuple(items)), qa.ready.get(label, "")) for label, items in tests.items())


def _open(bugs: tuple[Bug, ...] | Problem, one: str, all_of_them: str) -> Iterable[str]:
    if isinstance(bugs, Problem):
        yield f"{all_of_them} cannot be read ({_reason(bugs)})"
    elif bugs:
        yield f"{len(bugs)} {one}{'s' * (len(bugs) > 1)} ({_named([f'#{bug.number}' for bug in bugs])})"


def _checks(checks: tuple[BranchCheck, ...] | Problem, branch: str) -> Iterable[str]:
    if isinstance(checks, Problem):
        yield f"the checks of {branch} cannot be read ({_reason(checks)})"
    elif failing := _failing(checks):
        plural = "check of {0} fails" if len(failing) == 1 else "checks of {0} fail"
        yield f"{len(failing)} {plural.format(branch)} ({_named([one.name for one in failing])})"


def _qa(qa: QaState | Problem | None, version: str) -> Iterable[str]:
    if isinstance(qa, Problem):
        yield f"the release QA issue cannot be read ({_reason(qa)})"
    elif qa is None:
        yield f"there is no open release QA issue for {version}"


def _not_ready(group: GroupState) -> str:
    figures = group.progress
    of_tests = f"{figures.passed} of {figures.total} tests passed"
    if figures.failed:
        of_tests += f", {figures.failed} failed"
    return f"{group.label} has not said that it is ready ({of_tests})"


def _failing(checks: tuple[BranchCheck, ...] | Problem) -> tuple[BranchCheck, ...]:
    return () if isinstance(checks, Problem) else tuple(one for one in checks if one.state is Checks.FAILING)


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _reason(problem: Problem) -> str:
    return problem.sentence.rstrip(".")


def _bugs_as_json(bugs: tuple[Bug, ...] | Problem) -> list[dict[str, Any]] | None:
    if isinstance(bugs, Problem):
        return None
    return [{"number": bug.number, "title": bug.title, "url": bug.url} for bug in bugs]
