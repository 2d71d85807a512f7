"""How the bug board looks. Look at every picture before freezing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from fleet_tui.domain.bug_detail import BugDetail, LabelChange, LinkedPull
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bugs import Bug, History
from fleet_tui.domain.critical import Task, ticked
from fleet_tui.domain.qa import Remark
from fleet_tui.feed import Reading
from fleet_tui.screens.bug_detail import BugDialog
from fleet_tui.screens.bugs import BugsScreen
from fleet_tui.theme import FLEET_LIGHT
from tests.bugs import bug
from tests.helpers import until
from tests.screens.test_pictures import NOW, Compare, Run, app, failing, having, readings, values

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
MIDDLE = (120, 40)
MDM, OPS = "#g-mdm", "#g-endpoint-ops"
CRITICAL, BLOCKER, COMMENTED, ORPHAN = 16963, 16940, 16655, 16968


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


def made(number: int, title: str, age: float, *labels: str, by: str = "tux4ops", to: str = "", **fields: Any) -> Bug:
    """A bug that is so many days in its state, its timeline read."""
    at = days(age)
    past = History(at, tuple((label, at) for label in sorted(labels)), at if to else None)
    known: dict[str, Any] = {"assignees": (to,) if to else (), "history": past}
    return bug(*labels, number=number, title=title, author=by, created=at, updated=at, **known | fields)


REPRODUCE, RELEASE, PRODUCT = ":reproduce", ":release", ":product"
BUGS = (
    made(16736, "OS update deadline shows a spinner forever", 5.4, REPRODUCE),
    made(16745, "ABM sync duplicates live query results 🔥", 3.2, REPRODUCE, "customer-blanco"),
    made(16763, "[red]Fleetctl[/red] gitops ignores policy resolution on teams", 0.7, REPRODUCE, by="kiltzsec"),
    made(16769, "Wi-Fi profile fails to install on macOS 14", 0.1, REPRODUCE),
    made(CRITICAL, "Upgrade fails when a team name has a slash", 0.2, REPRODUCE, "~critical bug", "P0", MDM),
    made(COMMENTED, "Live query results show a spinner forever", 23, REPRODUCE, to="xpkoala", comments=2),
    made(16643, "API returns stale activity feed after a transfer", 32, REPRODUCE, to="xpkoala"),
    made(16703, "Profile Munki issues fails to install", 10, REPRODUCE, to="sabrinabuckets"),
    made(16742, "Policy resolution is not removed when the host leaves", 3, REPRODUCE, to="sabrinabuckets"),
    made(16601, "Wrong error when the software title is empty", 93, RELEASE, OPS, "~released bug", to="getvictor"),
    made(16610, "API returns stale label membership", 36, RELEASE, MDM, "~released bug", "P1", to="sgress454"),
    made(BLOCKER, "Migration drops scheduled query results", 1, RELEASE, OPS, "~unreleased bug", "~release blocker",
         to="getvictor", milestone="4.45.0-tentative"),
    made(16902, "Profiles stay pending after a host re-enrolls", 3, RELEASE, MDM, ":incoming", "P2", to="georgekarrv"),
    made(16634, "FileVault key shows a spinner forever", 28, RELEASE, OPS, "~released bug", to="lucasmrod"),
    made(16637, "ABM sync duplicates label membership", 27, PRODUCT, MDM, "~released bug", to="noahtalerman"),
    made(ORPHAN, "Disk encryption banner never goes away", 21),
    *(made(16500 + back, "Closed", 7.0 * back, RELEASE, closed=days(6.5 * back)) for back in range(1, 11)),
)  # fmt: skip
BOARD = readings(NOW, values(bugs=BUGS, columns={16634: "Awaiting QA"}))
DETAIL = BugDetail(
    16736,
    NOW,
    "**Fleet version**: 4.44.0\n\n---\n\n### Actual behavior\n\nOS update deadline shows a spinner.\n\n"
    "### Steps to reproduce\n\n1. Enroll a host\n2. Look at `Host details`\n\n> It worked in 4.43.0\n",
    (Remark("xpkoala", days(1), "Which version of the agent is it?\n", ""),),
    3,
    (
        LinkedPull(17201, "Fix the spinner", "https://github.com/fleetdm/fleet/pull/17201", "open", True),
        LinkedPull(17188, "Refactor host details", "https://github.com/fleetdm/fleet/pull/17188", "merged", False),
    ),
    (LabelChange("bug", True, "tux4ops", days(5.4)), LabelChange(REPRODUCE, True, "tux4ops", days(5.4))),
)
Heard = dict[str, Reading[Any]]


async def settled(screen: BugsScreen) -> None:
    """What is told of the bug under the cursor comes when the cursor rests; on a wide terminal, its text as well."""
    if key := screen._cards.selected_key:
        await until(lambda: f"#{key} " in str(screen.query_one("#about", Static).content))
        more = screen.query_one("#more")
        wide = screen.has_class("-wide")
        await until(lambda: not wide or (screen._shown_about == int(key) and more.region.height > 5))


def on_board(*keys: str, heard: Heard = BOARD, then: Callable[[Any], None] | None = None, at: int = 16736) -> Run:
    """Hear these readings, let something happen, put the cursor on a bug, press keys."""

    async def play(pilot: Pilot[Any]) -> None:
        program: Any = pilot.app

        async def read(_: Bug) -> BugDetail:
            return DETAIL

        await until(lambda: program.backend)
        program.backend.bugs.details.read = read
        await having(heard)(pilot)
        if then:
            then(program)
            program.beat += 1
        screen = program.screen
        assert isinstance(screen, BugsScreen)
        screen.reveal(str(at))
        await pilot.pause()
        await settled(screen)
        await pilot.press(*keys)
        await settled(screen)
        if isinstance(program.screen, BugDialog):
            await until(lambda: program.screen.query_one("#rest").region.height > 5)
        await pilot.pause()

    return play


@SIZES
def test_the_board(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app(NOW, screen="bugs"), terminal_size=size, run_before=on_board())


@pytest.mark.parametrize("theme", [FLEET_LIGHT.name, "ansi-dark"])
def test_other_themes(snap_compare: Compare, theme: str) -> None:
    run = on_board("space", "space", at=16745)
    assert snap_compare(app(NOW, theme=theme, screen="bugs"), terminal_size=MIDDLE, run_before=run)


def test_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(NOW, screen="bugs"), terminal_size=(80, 24), run_before=on_board("l", "l"))


def half_done(program: Any) -> None:
    """A move was cut off, another is under way."""
    desk = program.desks.bugs
    one = desk.board.by_number[BLOCKER].bug
    done, missing = (Step(Act.ADD_LABEL, PRODUCT),), (Step(Act.ASSIGN, "noahtalerman"), Step(Act.REMOVE_LABEL, RELEASE))
    desk.was_cut_off("Hand to product", one, done, missing)
    program.doing = "#16610: add :product (1 of 3) …"
    program.screen._show_pending(frozenset({"16610"}))


def alarmed(program: Any) -> None:
    """The alarm was raised two hours ago, and product says nothing."""
    desk = program.desks.bugs
    desk.keep_incident(ticked(desk.incident(CRITICAL), Task.ALARM, "xpkoala", NOW - timedelta(hours=2)))


AWAY = {name: failing(name, one) for name, one in BOARD.items()}


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(on_board(heard=readings(NOW, values(bugs=(), columns={}))), id="empty"),
        pytest.param(on_board(heard=AWAY), id="offline"),
        pytest.param(on_board("slash", *"is:late", "enter"), id="filter-that-means-nothing"),
        pytest.param(on_board("g", "slash", *"is:overdue", "enter"), id="filter-and-group"),
        pytest.param(on_board(then=half_done, at=BLOCKER), id="half-done-and-under-way"),
        pytest.param(on_board(then=alarmed, at=CRITICAL), id="critical-without-an-answer"),
        pytest.param(on_board("enter"), id="detail"),
        pytest.param(on_board("n", at=COMMENTED), id="nudge"),
        pytest.param(on_board("s", at=COMMENTED), id="close-as-stale"),
        pytest.param(on_board("v"), id="which-group"),
        pytest.param(on_board("p"), id="priority"),
        pytest.param(on_board("space", "space", "a", at=16745), id="several"),
        pytest.param(on_board("exclamation_mark"), id="mark-as-critical"),
        pytest.param(on_board("exclamation_mark", then=alarmed, at=CRITICAL), id="alarm"),
        pytest.param(on_board("T"), id="tidy"),
        pytest.param(on_board("b"), id="saved-filters"),
        pytest.param(on_board("question_mark"), id="help"),
    ],
)
def test_states_and_dialogs(snap_compare: Compare, run: Run) -> None:
    assert snap_compare(app(NOW, screen="bugs"), terminal_size=MIDDLE, run_before=run)


def test_the_first_load_says_how_far_it_is(snap_compare: Compare) -> None:
    async def reading(pilot: Pilot[Any]) -> None:
        program: Any = pilot.app
        await pilot.pause()
        program.backend.bugs.progress = "Reading open bugs: 300 of about 1,240 …"
        program.beat += 1
        await pilot.pause()

    assert snap_compare(app(NOW, screen="bugs"), terminal_size=MIDDLE, run_before=reading)
