"""How the release screen looks. Look at every picture before freezing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from fleet_tui.desks.release import Concluding
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.conclusion import Conclusion, Fate, Outcome
from fleet_tui.domain.conclusion_steps import Do, MilestoneState, Step, Ticket
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.dogfood import Deployments, Run, RunState
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.domain.release_standing import Standing
from fleet_tui.domain.release_state import GroupState
from fleet_tui.feed import Reading
from fleet_tui.screens import conclusion_view
from fleet_tui.screens.release_dialogs import LongConfirm
from fleet_tui.services.conclusion_journal import Begun, Row, State
from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT
from tests.screens.test_pictures import FROZEN, NOW, OPEN, Compare, app, having, readings, values
from tests.screens.test_pictures import Run as Play

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
MIDDLE = (120, 40)
V = "4.45.0"
WEB = "https://github.com/fleetdm/fleet"
GO = NewIssue("Update Go to 1.24.4", ("bug", ":reproduce", "~release blocker"), ("lukeheath",), "The product has …")
DEPENDENCIES = (
    Dependency("Go (patch)", "1.24.3", "1.24.4", Verdict.BEHIND, "File a bug: it blocks the release.",
               "https://go.dev/doc/devel/release", GO, blocks=True),
    Dependency("Go (minor)", "1.24.3", "1.24.4", Verdict.CURRENT),
    Dependency("macadmins extension", "1.2.6", "1.2.7", Verdict.BEHIND, "Filed: #17301.", filing=GO, filed=17301),
    Dependency("osquery", "5.16.0", "", Verdict.UNKNOWN, "GitHub cannot be reached."),
    Dependency("Orbit", "orbit-v1.43.0", "4 commits since", Verdict.CHANGED, "Open a fleetd release QA issue."),
    Dependency("Desktop", "orbit-v1.43.0", "4 commits since", Verdict.CHANGED, "Open a fleetd release QA issue."),
    Dependency("Chrome extension", "fleetd-chrome-v1.3.2", "no commit since", Verdict.CURRENT),
    Dependency("CISA", "", "CISA retires the CSV [red]feed[/red]", Verdict.NEWS, "Tell @lucasmrod.", "https://x"),
    Dependency("NVD", "", "", Verdict.BY_HAND, "Look at its announcements.", "https://nvd.nist.gov/general/news"),
)  # fmt: skip
GROUPS = (
    GroupState("#g-mdm", Progress(8, 8, 0, 0, 0), "sabrinabuckets"),
    GroupState("#g-endpoint-ops", Progress(10, 6, 1, 3, 0), ""),
)
MISSING = (
    "2 open release blockers (#16930, #16941)",
    "#g-endpoint-ops has not said that it is ready (6 of 10 tests passed, 1 failed)",
)
BLOCKERS = {16930: "Hosts page is blank after an upgrade", 16941: "Agents crash while they enroll"}
NOT_READY = Standing(V, MISSING, GROUPS, tuple(BLOCKERS), BLOCKERS, 17270, is_published=False)
READY = Standing(V, (), GROUPS, (), {}, 17270, is_published=False)
OUT = replace(READY, is_published=True, published=NOW - timedelta(hours=3), url=f"{WEB}/releases")
STORIES = (
    OpenStory(Story(16305, "Renew ABM tokens without the console", WEB, ("jahzielv",), (), (17241,)), "noahtalerman",
              frozenset({"story", "#g-mdm", "customer-blanco"})),
    OpenStory(Story(16321, "Query reports", WEB, ("jacobshandling",), (17118, 17122), (17251,)), "noahtalerman",
              frozenset({"story", "#g-endpoint-ops"})),
)  # fmt: skip


def run(number: int, image: str, state: RunState, started: datetime) -> Run:
    title = f"Deploy Dogfood Environment: fleetdm/fleet:{image}"
    return Run(number, number, title, state, started, f"{WEB}/actions/runs/{number}", "lukeheath", image)


RUNS = (
    run(12, "v4.45.0", RunState.RUNNING, NOW - timedelta(minutes=3)),
    run(11, "v4.44.1", RunState.SUCCEEDED, NOW - timedelta(days=9)),
    run(10, "v4.44.0", RunState.FAILED, NOW - timedelta(days=20)),
)


def steps() -> tuple[tuple[Fate, ...], tuple[Step, ...]]:
    """Four issues of four fates, and the steps around them."""

    def ticket(number: int, title: str) -> Ticket:
        return Ticket(number, title, f"{WEB}/issues/{number}")

    fates = (
        Fate(ticket(16289, "Host vitals: show the disk encryption state"), Outcome.STORY, "Ready on #g-mdm.",
             (Step(Do.LABEL, ":product", 16289), Step(Do.UNLABEL, ":release", 16289))),
        Fate(ticket(16940, "Migration drops scheduled query results"), Outcome.CLOSES, "Ready for release on #g-mdm.",
             (Step(Do.CLOSE, issue=16940),)),
        Fate(ticket(16321, "Query reports"), Outcome.LEAVES, "In progress on #g-endpoint-ops.",
             (Step(Do.LEAVE, issue=16321),)),
        Fate(ticket(16700, "Closed long ago"), Outcome.STAYS, "It is closed."),
    )  # fmt: skip
    own = [step for fate in fates for step in fate.steps]
    text = "*4.45.0* is released and its milestone is concluded. `main` is open again.\nNext is 4.46.0."
    around = (
        Step(Do.RENAME, V), *own, Step(Do.BY_HAND, "On the drafting board, move to “Confirm and celebrate”: #16289."),
        Step(Do.END), Step(Do.LIFT, "main"), Step(Do.ANNOUNCE, text, place="#help-engineering"),
    )  # fmt: skip
    return fates, around


FATES, STEPS = steps()
PLAN = Conclusion(MilestoneState(1, f"{V}-tentative"), V, "4.46.0-tentative", None, FATES, STEPS)


def begun(over: int) -> Concluding:
    """The conclusion after so many of the program's steps."""
    rows, taken = [], 0
    for place, step in enumerate(STEPS):
        done = not step.do.is_a_persons and taken < over
        taken += done
        rows.append(Row(place, step, State.DONE if done else State.PLANNED, NOW))
    return Concluding(Begun(1, V, NOW), tuple(rows))


def heard(standing: Standing, **changed: Any) -> dict[str, Reading[Any]]:
    """Readings with this standing."""
    usual = {"release": standing, "dependencies": DEPENDENCIES, "open_stories": STORIES,
             "deployments": Deployments(RUNS, "v4.45.0")}  # fmt: skip
    return readings(NOW, values(**(usual | changed)))


def on_release(standing: Standing, *keys: str, plan: Conclusion | None = None, over: int = 0, **changed: Any) -> Play:
    """Hear these readings, stand at some point of the conclusion, press keys."""

    async def play(pilot: Pilot[Any]) -> None:
        program: Any = pilot.app
        await pilot.pause()
        program.desks.release.plan = plan
        if over:
            program.desks.release.is_concluding = changed.pop("running", False)
            program.desks.release._concluding = begun(over)
            program.desks.release._looked = True
            program.screen._asked_to_go_on = True
        await having(heard(standing, **changed))(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    return play


def picture(theme: str = FLEET_DARK.name) -> Any:
    return app(NOW, theme=theme, screen="release")


@SIZES
def test_not_ready(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(picture(), terminal_size=size, run_before=on_release(NOT_READY, "j"))


@SIZES
def test_stories(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(picture(), terminal_size=size, run_before=on_release(READY, "l", "j"))


@SIZES
def test_a_conclusion_under_way(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = on_release(OUT, "h", "j", over=4, running=True, dependencies=DEPENDENCIES[1:2], open_stories=())
    assert snap_compare(picture(), terminal_size=size, run_before=run)


@pytest.mark.parametrize(
    ("standing", "keys", "given"),
    [
        pytest.param(OUT, ("l", "l", "j"), {"freeze": FROZEN}, id="dogfood"),
        pytest.param(OUT, ("h",), {"over": 3, "freeze": OPEN}, id="cut-off"),
        pytest.param(READY, ("h", "j"), {"plan": PLAN}, id="fates"),
        pytest.param(READY, ("h",), {"open_stories": ()}, id="nothing-planned"),
        pytest.param(NOT_READY, ("l", "S"), {}, id="push-all"),
        pytest.param(NOT_READY, ("j", "b"), {}, id="file"),
        pytest.param(NOT_READY, ("question_mark",), {}, id="help"),
        pytest.param(NOT_READY, ("slash", *"orbit"), {}, id="filter"),
    ],
)
def test_states_and_dialogs(snap_compare: Compare, standing: Standing, keys: tuple[str, ...], given: Any) -> None:
    run = on_release(standing, *keys, **given)
    assert snap_compare(picture(), terminal_size=MIDDLE, run_before=run)


@pytest.mark.parametrize("size", [(80, 24), MIDDLE], ids=["80x24", "120x40"])
def test_the_dry_run(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[Any]) -> None:
        await on_release(READY)(pilot)
        text = conclusion_view.dry_run(PLAN, [f"{V} has not been published yet."])
        question = LongConfirm(f"Conclude {V}-tentative?", [text], yes="Conclude it", type_to_confirm=V)
        pilot.app.push_screen(question)
        await pilot.pause()

    assert snap_compare(picture(), terminal_size=size, run_before=play)


def test_before_anything_is_known(snap_compare: Compare) -> None:
    assert snap_compare(picture(), terminal_size=MIDDLE, run_before=having({}))


def test_light(snap_compare: Compare) -> None:
    assert snap_compare(picture(FLEET_LIGHT.name), terminal_size=MIDDLE, run_before=on_release(NOT_READY, "j"))
