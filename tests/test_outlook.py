"""Everything that follows from the readings at one moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState, Phase
from fleet_tui.domain.outlook import Outlook, outlook
from fleet_tui.domain.pulls import Answer, Block, KindJudge, PullRequest
from fleet_tui.domain.releases import Milestone
from tests.helpers import pull

FREEZE_DAY = datetime(2026, 11, 18, 20, tzinfo=UTC)
MILESTONE = Milestone(2, "4.45.0-tentative", date(2026, 11, 23))


def at(branch: BranchState | None, *pulls: PullRequest, now: datetime = FREEZE_DAY) -> Outlook:
    config = Config()
    return outlook(branch, (MILESTONE,), pulls, now, config, KindJudge(config).judge)


def test_nothing_read_yet_is_an_open_branch_without_a_release() -> None:
    config = Config()
    empty = outlook(None, (), (), FREEZE_DAY, config, KindJudge(config).judge)
    assert (empty.at.phase, empty.at.frozen, empty.release, empty.candidates) == (Phase.OPEN, None, None, ())


def test_the_pull_requests_are_judged_by_the_phase_of_the_milestones_release() -> None:
    seen = at(BranchState("main", True), pull(1, labels={"bug"}), pull(2, labels={"story"}))
    assert seen.release is not None
    assert (seen.at.phase, seen.release.version) == (Phase.FREEZE, "4.45.0")
    assert [one.verdict.answer for one in seen.candidates] == [Answer.ALLOWED, Answer.NEEDS_APPROVALS]


@pytest.mark.parametrize(
    ("branch", "shown", "expected"),
    [
        pytest.param(BranchState("main", True, unfrozen=frozenset({1})), Block.UNKNOWN, Block.FREE, id="listed"),
        pytest.param(BranchState("main", True, unfrozen=frozenset()), Block.UNKNOWN, Block.BLOCKED, id="not listed"),
        pytest.param(BranchState("main", True), Block.UNKNOWN, Block.UNKNOWN, id="no list"),
        pytest.param(BranchState("main", False), Block.UNKNOWN, Block.UNKNOWN, id="open branch"),
        pytest.param(BranchState("main", True, unfrozen=frozenset({1})), Block.BLOCKED, Block.BLOCKED, id="a status"),
        pytest.param(None, Block.UNKNOWN, Block.UNKNOWN, id="not read yet"),
    ],
)
def test_where_github_shows_no_status_the_list_of_merge_freeze_tells(
    branch: BranchState | None, shown: Block, expected: Block
) -> None:
    assert [one.pull.block for one in at(branch, pull(1, block=shown)).candidates] == [expected]
