"""The release screen against the simulated services: what the release DRI does, and what stands in the world then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.widgets import Checkbox, Input

from fleet_tui.domain.conclusion import Conclusion
from fleet_tui.domain.journal import Outcome
from fleet_tui.screens.release import DOGFOOD, MILESTONE, STORIES
from fleet_tui.screens.release_dialogs import (
    DeployDialog,
    FleetdDialog,
    GoOnDialog,
    LongConfirm,
    PushDialog,
    ReportDialog,
)
from fleet_tui.screens.why_not import READ_ONLY
from fleet_tui.services.conclusion_journal import ConclusionJournal, State
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed.milestone_world import KINDS, Right, open_milestone, standing_of
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.simulator.world.workflow import Workflow
from fleet_tui.widgets.dialog import Dialog
from tests.conclusions import ZENHUB_TOKEN
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN, NOW, small_world, until
from tests.screens.app_factory import LARGE, Stage, stage

FEEDS = ("release", "dependencies", "open_stories", "deployments", "milestones", "freeze", "me")
MINE = {
    "github": Secret(GITHUB_TOKEN),
    "merge-freeze": Secret(MERGE_FREEZE_TOKEN),
    "zenhub": Secret(ZENHUB_TOKEN),
}
TITLE = "4.45.0"


@asynccontextmanager
async def release(world: World | None = None, **given: Any) -> AsyncIterator[Stage]:
    """The program on the release screen, with everything read."""
    async with stage(world, size=LARGE, loaded=False, screen="release", **given) as on:
        await until(lambda: all(on.app.reading(name).at or on.app.reading(name).problem for name in FEEDS))
        await until(lambda: on.app.desks.release.deployments.tag or on.app.reading("deployments").problem)
        assert on.app.backend
        on.app.backend.writer._pause = 0
        await on.pilot.pause()
        yield on


def row(on: Stage, words: str) -> str:
    """The first line of the present table that holds `words`."""
    lines = (" ".join(cell.plain for cell in one.cells) for one in on.table.rows)
    return next((line for line in lines if words in line), "")


async def dialog(on: Stage, kind: type[Dialog[Any]]) -> None:
    """Wait for a dialog."""
    await until(lambda: isinstance(on.app.screen, kind))
    await on.pilot.pause()


# Dependencies --------------------------------------------------------------------------------------------------------


async def test_what_is_missing_is_said_and_each_dependency_is_filed_once() -> None:
    store = Store(None)
    async with release(store=store) as on:
        assert "4.45.0 is not ready: 1 open release blocker (#16940)" in on.text
        assert "Dependencies 5 " in on.line_of("Stories 10")
        await on.press("b")
        await dialog(on, LongConfirm)
        assert "Assigned to: lukeheath" in on.text
        await on.press("y")
        await on.finished()
        await on.read_again("dependencies")
        filed = next(issue for issue in on.world.repo().issues.values() if issue.title == "Update Go to 1.25.4")
        assert set(filed.label_names) == {"bug", ":reproduce", "~release blocker"}
        assert f"filed #{filed.number}" in row(on, "Go (patch)")
        assert on.keys["release.file"] is False
        assert on.table.select("NVD")
        await on.press("space")
        assert "looked at" in row(on, "NVD")
        assert "Dependencies 3 " in on.line_of("Stories 10")
        await on.press("space")
        assert "look by hand" in row(on, "NVD")
        await on.press("c")
        await dialog(on, FleetdDialog)
        assert on.find("#version", Input).value == "1.23.0"
        on.find("#version", Input).value = "1.23"
        await on.press("enter", "enter")
        assert on.why == "A version has three numbers, such as 1.23.0."
        on.find("#version", Input).value = "1.23.0"
        await on.press("enter")
        await on.finished()
        await on.read_again("dependencies")
        made = next(issue for issue in on.world.repo().issues.values() if issue.title == "Release QA: 1.23.0")
        assert "- Orbit: True\n- Desktop: True\n- Chrome extension: False" in made.body.replace("\r", "")
        assert "Orbit: wait longer before each new attempt" in made.body
        assert f"filed #{made.number}" in row(on, "Orbit")
        assert f"filed #{made.number}" in row(on, "Desktop")
        assert on.keys["release.fleetd"] is False


# Stories -------------------------------------------------------------------------------------------------------------


async def test_stories_are_pushed_one_or_all_after_a_preview() -> None:
    async with release() as on:
        await on.press("l")
        assert on.table.select("16305")
        await on.press("s")
        await dialog(on, PushDialog)
        assert "Push #16305 to 4.46.0-tentative?" in on.text
        await on.press("y")
        await on.finished()
        story = on.world.issue(16305)
        assert "~pushed" in story.label_names
        assert story.milestone
        assert story.milestone.title == "4.46.0-tentative"
        assert "@noahtalerman" in story.comments[-1].body
        await on.read_again("open_stories")
        assert row(on, "#16305") == ""
        await on.press("S")
        await dialog(on, PushDialog)
        assert "Push 9 stories to 4.46.0-tentative?" in on.text
        await on.press("n")
        assert on.world.issue(16301).milestone is not story.milestone
        assert len(on.written) == 1


# Dogfood -------------------------------------------------------------------------------------------------------------


async def test_the_releases_image_is_deployed_and_an_older_or_moving_one_refused() -> None:
    async with release() as on:
        await on.press("d")
        await dialog(on, DeployDialog)
        for tag, why in (("main", "changes with every push"), ("v4.43.1", "v4.43.1 is older")):
            on.find("#tag", Input).value = tag
            await on.sees(why)
            await on.press("y")
            assert isinstance(on.app.screen, DeployDialog)
        on.find("#tag", Input).value = "9f2c41d"
        await on.sees("Deploy it all the same")
        assert on.why == "Tick what you have decided on: Tab leads there."
        on.find("#fields Checkbox", Checkbox).value = True
        await on.pilot.pause()
        assert on.why == ""
        on.find("#tag", Input).value = "v4.45.0"
        await on.sees("nothing speaks against it")
        on.app.set_focus(None)
        await on.press("y")
        await until(lambda: "waits to begin" in on.app.doing)
        workflow: Workflow = on.world.repo().workflows["dogfood-deploy.yml"]
        assert [run.inputs["DOCKER_IMAGE"] for run in workflow.runs[3:]] == ["fleetdm/fleet:v4.45.0"]
        await until(lambda: "waits to begin" in row(on, "run #4"))  # while it goes, not only when it is over
        await on.press("w")
        assert on.table.selected_key == f"run {workflow.runs[3].id}"
        await on.press("2")
        await on.sees("waits to begin: https://github.com/")  # on another screen too
        on.clock.advance(seconds=120)
        await on.finished()
        assert on.written[0].outcome is Outcome.DONE
        await on.press("7", "h")
        await on.app.go("release", f"run {workflow.runs[0].id}")  # where an alert leads
        await on.sees("Run #1 ✔ succeeded")
        await on.press("w")
        await until(lambda: "on dogfood now" in row(on, "v4.45.0"))
        assert on.table.id == f"section-{DOGFOOD}"


# The milestone -------------------------------------------------------------------------------------------------------


def milestone_world() -> tuple[World, dict[int, Right]]:
    """A world with one issue of each kind."""
    world = small_world(FixedClock(NOW))
    world.limits.points_per_minute = world.limits.creations_per_minute = 100_000
    return world, open_milestone(world, [replace(kind, count=1) for kind in KINDS])


def assert_concluded(world: World, right: dict[int, Right]) -> None:
    titles = {one.title: one.state for one in world.repo().milestones.values()}
    assert titles == {TITLE: "closed", "4.44.1": "open", "4.46.0-tentative": "open"}
    names = {number: standing_of(world, number) for number in right}
    assert {number: (one.closed, one.labels) for number, one in names.items()} == {
        number: (one.after.closed, one.after.labels) for number, one in right.items()
    }
    assert not world.merge_freeze.branch().frozen


async def test_a_milestone_is_concluded_after_the_dry_run_and_announced() -> None:
    world, right = milestone_world()
    async with release(world, tokens=MINE) as on:
        await on.press("m")
        await dialog(on, LongConfirm)
        assert f"{TITLE} has not been published yet." in on.text
        assert f"{len(right)} issues, " in on.text
        await on.press("y", "4")  # Yes leads to the field
        assert isinstance(on.app.screen, LongConfirm)
        on.find("Input", Input).value = TITLE
        await on.press("enter")
        await dialog(on, ReportDialog)
        assert_concluded(world, right)
        await on.press("escape")
        await on.sees("Announce it in #help-engineering?")
        on.app.screen.query_one("#answer-y").focus()
        await on.press("enter")
        await until(lambda: not on.dialog)
        assert "*4.45.0* is released" in on.app.clipboard
        assert on.app.desks.release.to_announce is None
        assert on.table.id == f"section-{MILESTONE}"
        assert "1 left" not in row(on, "Announce")


async def test_one_that_was_cut_off_is_offered_and_gone_on_with(tmp_path: Path) -> None:
    world, right = milestone_world()
    store = Store(tmp_path / "state.db")
    async with release(world, tokens=MINE, store=store) as on:
        plan = await on.app.desks.release.read_plan()
        assert isinstance(plan, Conclusion)
    journal = ConclusionJournal(store, "fleetdm/fleet")
    journal.begin(plan.milestone.number, plan.title, plan.steps, NOW)
    journal.mark(plan.milestone.number, 0, State.STARTED, NOW - timedelta(minutes=1))
    journal.close()
    async with release(world, tokens=MINE, store=store) as on:
        await dialog(on, GoOnDialog)
        await on.press("escape")
        assert f"The conclusion of {TITLE} was cut off after 0 of" in on.text
        assert any("was cut off" in toast for toast in on.toasts)
        await on.press("m")
        await dialog(on, GoOnDialog)
        await on.press("y")
        await dialog(on, ReportDialog)
        assert_concluded(world, right)
    store.close()


async def test_read_only_takes_the_keys_that_write_away() -> None:
    async with release(read_only=True) as on:
        assert {"release.file", "release.deploy", "release.conclude"}.isdisjoint(on.keys)
        await on.press("d")
        assert on.toasts == [READ_ONLY]
        await on.press("m", "b", "l", "s", "S", "b")
        assert on.toasts == [READ_ONLY], "in another section, too"
        assert on.dialog is None
        assert on.table.id == f"section-{STORIES}"


async def test_a_key_of_another_section_names_the_section() -> None:
    async with release() as on:
        await on.press("s")
        assert on.toasts == ["This is for the section Stories: go there first."]
        await on.press("l", "space")
        assert on.toasts[1:] == ["This is for the section Dependencies or Milestone: go there first."]
