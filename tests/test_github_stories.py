"""Stories of the coming release that are only partly merged: to be reverted or pushed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.releases import Milestone
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_stories import PartlyMerged
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Issue, PullRequest, Repository, World
from tests.helpers import NOW

COMING = Milestone(1, "4.70.0-tentative", date(2025, 6, 9))


@pytest.fixture
def repo(world: World) -> Repository:
    world.repo().add_milestone(COMING.title, by="mna")
    world.repo().add_milestone("4.71.0-tentative", by="mna")
    return world.repo()


@pytest.fixture
def milestones() -> list[Milestone | None]:
    """The coming milestone: its last entry."""
    return [COMING]


@pytest.fixture
def partly_merged(
    github: GitHub, settings_there: Config, milestones: list[Milestone | None], clock: FixedClock
) -> PartlyMerged:
    return PartlyMerged(github, settings_there, lambda: milestones[-1], clock)


def story(repo: Repository, number: int, **fields: Any) -> Issue:
    fields = {"labels": ["story"], "milestone": repo.milestones[1], **fields}
    return repo.open_issue(f"Story {number}", by="noahtalerman", number=number, **fields)


def part(repo: Repository, body: str, *, merged: bool = True, **fields: Any) -> PullRequest:
    pull = repo.open_pull("Part of it", body, by="getvictor", **fields)
    if merged:
        pull.merged_at = NOW
        pull.close(by="getvictor")  # what it would close stays open: the story is only partly done
    return pull


async def found(partly_merged: PartlyMerged) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The merged and the open pull requests of each story."""
    return {one.number: (one.merged, one.open) for one in await partly_merged.read()}


async def requests(simulator: Simulator, partly_merged: PartlyMerged) -> list[str]:
    simulator.requests.clear()
    await partly_merged.read()
    return [f"{entry.method} {entry.status}" for entry in simulator.requests]


async def test_a_story_with_a_merged_part_is_listed_with_all_its_parts(
    repo: Repository, partly_merged: PartlyMerged
) -> None:
    story(repo, 7, assignees=["getvictor", "mna"])
    merged = part(repo, "For #7")
    waiting = part(repo, "For #7", merged=False)
    part(repo, "For #7", merged=False).close(by="mna")
    assert await partly_merged.read() == (
        Story(
            7,
            "Story 7",
            "https://github.com/fleetdm/fleet/issues/7",
            ("getvictor", "mna"),
            merged=(merged.number,),
            open=(waiting.number,),
        ),
    )


@pytest.mark.parametrize("how", ["For #7", "Fixes #7"])
async def test_a_part_is_counted_once_however_it_refers_to_the_story(
    repo: Repository, partly_merged: PartlyMerged, how: str
) -> None:
    story(repo, 7)
    merged = part(repo, how)
    merged.comment("See #7", by="mna")
    assert await found(partly_merged) == {7: ((merged.number,), ())}


async def test_stories_come_by_number_from_all_pages(repo: Repository, partly_merged: PartlyMerged) -> None:
    for number in range(160, 100, -1):
        story(repo, number)
    for number in (160, 101, 130):
        part(repo, f"For #{number}")
    assert list(await found(partly_merged)) == [101, 130, 160]


async def test_labels_of_stories_are_a_setting(repo: Repository, partly_merged: PartlyMerged) -> None:
    story(repo, 7, labels=["~engineering-initiated"])
    part(repo, "For #7")
    assert list(await found(partly_merged)) == [7]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"labels": ["bug"]}, id="a bug"),
        pytest.param({"milestone": None}, id="in no milestone"),
    ],
)
async def test_other_issues_are_left_out(repo: Repository, partly_merged: PartlyMerged, fields: dict[str, Any]) -> None:
    story(repo, 7, **fields)
    part(repo, "For #7")
    assert await found(partly_merged) == {}


async def test_a_story_of_another_release_is_left_out(repo: Repository, partly_merged: PartlyMerged) -> None:
    story(repo, 7, milestone=repo.milestones[2])
    part(repo, "For #7")
    assert await found(partly_merged) == {}


async def test_a_closed_story_is_left_out(repo: Repository, partly_merged: PartlyMerged) -> None:
    one = story(repo, 7)
    part(repo, "For #7")
    one.close(by="mna")
    assert await found(partly_merged) == {}


async def test_a_story_without_a_merged_part_is_left_out(repo: Repository, partly_merged: PartlyMerged) -> None:
    story(repo, 7)
    part(repo, "For #7", merged=False)
    story(repo, 8)
    assert await found(partly_merged) == {}


async def test_what_went_to_another_branch_is_no_part(repo: Repository, partly_merged: PartlyMerged) -> None:
    story(repo, 7)
    part(repo, "For #7", base="release/4.69")
    assert await found(partly_merged) == {}


async def test_what_was_merged_in_another_repository_is_no_part(
    repo: Repository, partly_merged: PartlyMerged, world: World
) -> None:
    one = story(repo, 7)
    elsewhere = part(world.add_repo("fleetdm/confidential"), "For https://github.com/fleetdm/fleet/issues/7")
    one.referenced_from(elsewhere, by="mna", at=NOW)
    assert await found(partly_merged) == {}


async def test_an_issue_that_mentions_the_story_is_no_part(repo: Repository, partly_merged: PartlyMerged) -> None:
    story(repo, 7)
    repo.open_issue("A bug", "Since #7", by="mna")
    assert await found(partly_merged) == {}


async def test_without_a_milestone_nothing_is_asked(
    simulator: Simulator, partly_merged: PartlyMerged, milestones: list[Milestone | None]
) -> None:
    milestones.append(None)
    assert await requests(simulator, partly_merged) == []
    assert await partly_merged.read() == ()


async def test_a_milestone_that_is_gone_has_no_stories(
    repo: Repository, partly_merged: PartlyMerged, milestones: list[Milestone | None]
) -> None:
    milestones.append(Milestone(99, "4.99.0-tentative", None))
    assert await partly_merged.read() == ()


async def test_an_unchanged_milestone_costs_one_free_request(
    simulator: Simulator, repo: Repository, partly_merged: PartlyMerged, clock: FixedClock
) -> None:
    one = story(repo, 7)
    part(repo, "For #7")
    assert await requests(simulator, partly_merged) == ["GET 200", "POST 200"]
    for _ in range(2):
        clock.advance(minutes=10)
        assert await requests(simulator, partly_merged) == ["GET 304"]
    one.rename("Another name", by="mna")
    assert await requests(simulator, partly_merged) == ["GET 200", "POST 200"]


async def test_a_merge_that_does_not_touch_the_story_is_seen_when_asked_for_or_after_a_while(
    repo: Repository, partly_merged: PartlyMerged, clock: FixedClock
) -> None:
    story(repo, 7)
    first, second = (part(repo, "For #7", merged=False) for _ in range(2))
    assert await found(partly_merged) == {}
    first.merged_at, first.state = NOW, "closed"
    assert await found(partly_merged) == {}
    partly_merged.read_anew_next_time()
    assert await found(partly_merged) == {7: ((first.number,), (second.number,))}
    second.merged_at, second.state = NOW, "closed"
    clock.advance(minutes=31)
    assert await found(partly_merged) == {7: ((first.number, second.number), ())}


async def test_with_the_next_milestone_come_its_stories(
    repo: Repository, partly_merged: PartlyMerged, milestones: list[Milestone | None]
) -> None:
    for number in (1, 2):
        story(repo, 6 + number, milestone=repo.milestones[number])
        part(repo, f"For #{6 + number}")
    assert list(await found(partly_merged)) == [7]
    milestones.append(Milestone(2, "4.71.0-tentative", None))
    assert list(await found(partly_merged)) == [8]


async def test_a_failure_is_made_good_by_the_next_read(
    simulator: Simulator, repo: Repository, partly_merged: PartlyMerged
) -> None:
    story(repo, 7)
    part(repo, "For #7")
    simulator.faults.add("status", path="/graphql", times=1)
    with pytest.raises(Failure):
        await partly_merged.read()
    assert list(await found(partly_merged)) == [7]
