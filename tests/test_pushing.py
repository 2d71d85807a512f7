"""Stories that missed the freeze: which they are, what pushing them says, and pushing them once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.pushing import OpenStory, Push, push, requesters, to_push
from fleet_tui.domain.releases import Milestone
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_stories import PartlyMerged
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.secret import Secret
from fleet_tui.services.story_pushes import StoryPushes
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Issue, World
from tests.helpers import GITHUB_TOKEN, config

COMING = Milestone(1, "4.45.0-tentative", None)
CONFIG = config(release={"vp_customer_success": "zayhanlon"})
BODY = "## Goal\n\n**Requestor(s)**: @AllenHouchins, @mna\n\n<!-- Requestor(s): @nobody -->\n"


def story(
    *labels: str, merged: tuple[int, ...] = (), waiting: tuple[int, ...] = (), number: int = 7, **fields: Any
) -> OpenStory:
    url = f"https://github.com/fleetdm/fleet/issues/{number}"
    given = {"author": "noahtalerman", "labels": frozenset(labels), **fields}
    return OpenStory(Story(number, f"Story {number}", url, ("mna",), merged, waiting), **given)


# Which they are ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("merged", "waiting", "pushed"),
    [((), (), True), ((), (9,), True), ((8,), (9,), True), ((8,), (), False)],
    ids=["nothing begun", "nothing merged", "partly merged", "merged"],
)
def test_what_has_not_made_it_is_pushed(merged: tuple[int, ...], waiting: tuple[int, ...], pushed: bool) -> None:
    one = story(merged=merged, waiting=waiting)
    assert to_push([one]) == ((one,) if pushed else ())
    assert one.is_partly_merged is (bool(merged) and bool(waiting))


@given(st.lists(st.tuples(st.integers(1, 99), st.booleans(), st.booleans()), unique_by=lambda row: row[0]))
def test_each_open_story_has_either_made_it_or_is_pushed(rows: list[tuple[int, bool, bool]]) -> None:
    stories = [story(number=n, merged=(1,) * merged, waiting=(2,) * waiting) for n, merged, waiting in rows]
    pushed = to_push(stories)
    assert [one.story.number for one in pushed] == sorted(one.story.number for one in stories if not one.is_merged)


# Requesters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BODY, ("AllenHouchins", "mna")),
        ("- Requestor(s): @mna\r\n- Requester: @MNA @lukeheath", ("mna", "lukeheath")),
        ("Requestor(s): me@example.com, fleetdm/@x", ()),
        ("Requestor(s): _____", ()),
        ("Requestor(s): `@mna`", ()),
        ("@mna is a Requestor", ()),
        ("", ()),
    ],
)
def test_requesters_stand_on_a_line_of_the_text(text: str, found: tuple[str, ...]) -> None:
    assert requesters(text, CONFIG.release) == found


def test_the_names_of_the_line_are_a_setting() -> None:
    rules = config(release={"requester_fields": ("Asked for by",)}).release
    assert requesters("Asked for by: @mna\nRequestor(s): @lukeheath", rules) == ("mna",)
    assert requesters("Requestor(s): @mna", config(release={"requester_fields": ()}).release) == ()


# What is said --------------------------------------------------------------------------------------------------------


def test_the_product_manager_and_the_requesters_are_told() -> None:
    made = push(story("story", "#g-mdm", requesters=("mna", "NoahTalerman")), COMING, CONFIG, is_frozen=True)
    assert made.comment == (
        "@noahtalerman @mna this story was not merged when the freeze of 4.45.0 began, so it is pushed to 4.46.0."
    )
    assert (made.label, made.milestone, made.told) == ("~pushed", "4.46.0-tentative", ("noahtalerman", "mna"))
    assert made.warnings == ()


def test_before_the_freeze_nobody_is_told_that_it_has_begun() -> None:
    made = push(story("#g-mdm", "customer-blanco"), COMING, CONFIG, is_frozen=False)
    assert made.comment == (
        "@noahtalerman @zayhanlon this story will not make the freeze of 4.45.0, so it is pushed to 4.46.0.\n\n"
        "@zayhanlon customer-blanco waits for it."
    )


def test_without_requesters_the_author_is_told() -> None:
    assert push(story("story", "#g-mdm", author="mna"), COMING, CONFIG, is_frozen=True).told == ("noahtalerman", "mna")


def test_a_customers_story_is_told_to_customer_success_and_what_is_merged_is_named() -> None:
    made = push(
        story("#g-mdm", "customer-blanco", "customer-rosner", merged=(3, 5), waiting=(9,)),
        COMING,
        CONFIG,
        is_frozen=True,
    )
    assert made.told == ("noahtalerman", "zayhanlon")
    assert made.comment.splitlines()[2:] == [
        "Merged of it so far, and to be reverted: #3, #5.",
        "",
        "@zayhanlon customer-blanco and customer-rosner wait for it.",
    ]
    assert "- not done from here: revert #3, #5" in made.preview


def test_nobody_is_called_by_a_label_and_what_cannot_be_told_is_warned_of() -> None:
    made = push(story("customer-@lukeheath", author=""), COMING, config(), is_frozen=True)
    assert made.told == ()
    assert "@lukeheath" not in made.comment
    assert len(made.warnings) == 2
    assert made.preview.count("- ! ") == 2


def test_the_preview_shows_everything() -> None:
    assert push(story("#g-mdm"), COMING, CONFIG, is_frozen=True).preview == (
        "**#7 Story 7**\n\n- add the label \\~pushed\n- move it to the milestone 4.46.0-tentative\n- comment:\n\n"
        "> @noahtalerman this story was not merged when the freeze of 4.45.0 began, so it is pushed to 4.46.0."
    )


def test_out_of_a_milestone_that_is_no_releases_nothing_is_pushed() -> None:
    with pytest.raises(Failure, match="does not name a release"):
        push(story(), Milestone(1, "Backlog", None), CONFIG, is_frozen=True)


# Pushing -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def issue(world: World) -> Issue:
    repo = world.repo()
    coming = repo.add_milestone(COMING.title, by="mna")
    labels = ["story", "#g-mdm", ":release"]
    return repo.open_issue("Story 7", BODY, by="noahtalerman", number=7, labels=labels, milestone=coming)


@pytest.fixture
def pushes(github: GitHub, settings_there: Config) -> StoryPushes:
    base = settings_there.addresses.github
    writer = GitHubWriter(base, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0.0)
    return StoryPushes(github, writer, settings_there)


@pytest.fixture
def stories(github: GitHub, settings_there: Config, clock: FixedClock) -> PartlyMerged:
    return PartlyMerged(github, settings_there, lambda: COMING, clock)


async def planned(stories: PartlyMerged) -> Push:
    return push(to_push(await stories.read_all())[0], COMING, CONFIG, is_frozen=True)


def standing(issue: Issue) -> tuple[str, bool, int]:
    assert issue.milestone is not None
    return issue.milestone.title, "~pushed" in issue.label_names, len(issue.comments)


async def test_a_story_is_pushed_once(
    pushes: StoryPushes, stories: PartlyMerged, issue: Issue, simulator: Simulator
) -> None:
    made, told = await planned(stories), list[str]()
    assert made.told == ("noahtalerman", "AllenHouchins", "mna")
    assert await pushes.push(made, told.append) == "#7 is pushed to 4.46.0-tentative."
    assert standing(issue) == ("4.46.0-tentative", True, 1)
    assert (issue.comments[0].body, ":release" in issue.label_names) == (made.comment, True)
    assert told[1:] == [
        "Creating the milestone 4.46.0-tentative …", "Labelling #7 …", "Telling noahtalerman, AllenHouchins, mna …",
        "Moving #7 to 4.46.0-tentative …",
    ]  # fmt: skip
    simulator.requests.clear()
    await pushes.push(made, told.append)
    assert {entry.method for entry in simulator.requests} == {"GET"}


@pytest.mark.parametrize("path", ["/milestones$", "/labels$", "/comments$", "/issues/7$"])
@pytest.mark.parametrize("after", [False, True], ids=["not carried out", "carried out"])
async def test_stopped_anywhere_it_is_gone_on_with_and_nothing_is_done_twice(
    pushes: StoryPushes, stories: PartlyMerged, issue: Issue, simulator: Simulator, path: str, after: bool
) -> None:
    made = await planned(stories)
    simulator.faults.add("drop", method="POST|PATCH", path=path, times=1, after=after)
    with suppress(Failure):
        await pushes.push(made, print)
    if standing(issue)[0] == COMING.title:
        assert await planned(stories) == made  # it is still among those to be pushed
    await pushes.push(made, print)
    assert standing(issue) == ("4.46.0-tentative", True, 1)
    writes = Counter(
        (entry.path, entry.body)
        for entry in simulator.requests.select("github")
        if entry.method in {"POST", "PATCH"} and "/graphql" not in entry.path and (after or not entry.fault)
    )
    assert set(writes.values()) == {1}


async def test_a_milestone_that_is_there_is_used(pushes: StoryPushes, stories: PartlyMerged, issue: Issue) -> None:
    issue.repository.add_milestone("4.46.0-tentative", by="mna")
    await pushes.push(await planned(stories), print)
    assert len(issue.repository.milestones) == 2
    assert standing(issue)[0] == "4.46.0-tentative"


async def test_all_open_stories_are_known_and_only_the_partly_merged_are_listed(
    stories: PartlyMerged, issue: Issue, world: World
) -> None:
    part = world.repo().open_pull("Part", "For #7", by="mna")
    assert await stories.read() == ()
    assert [(one.story.number, one.author, one.requesters) for one in await stories.read_all()] == [
        (7, "noahtalerman", ("AllenHouchins", "mna"))
    ]
    part.merge(by="mna")
    stories.read_anew_next_time()
    assert [one.number for one in await stories.read()] == [7]
