"""How the on-call screen looks. Look at every picture before freezing it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from fleet_tui.config.on_call import Person, Swap
from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.community import Members
from fleet_tui.domain.on_call_waiting import Assigned
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.pulls import Block, Checks, ReviewState
from fleet_tui.domain.rituals import Fault, Ritual, Rituals
from fleet_tui.domain.roster import Roster
from fleet_tui.domain.turns import roster_of, window
from fleet_tui.feed import Reading
from fleet_tui.screens import on_call_view as view
from fleet_tui.theme import FLEET_LIGHT
from tests.helpers import config, said
from tests.screens.test_pictures import NOW, OPEN, PULLS, Compare, Run, app, failing, having, pull, readings, values

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
MIDDLE = (120, 40)
PEOPLE = (
    Person(name="Lucas", login="lucasmrod", group="#g-endpoint-ops"),
    Person(name="Victor", login="getvictor", group="#g-endpoint-ops"),
    Person(name="Roberto", login="roperzh", group="#g-mdm"),
    Person(name="Robert", login="rfairburn", rotation="infrastructure"),
    Person(name="Luke", login="lukeheath", rotation="infrastructure"),
)
SETTINGS = config(
    on_call={
        "people": PEOPLE,
        "first_week": date(2025, 6, 4),
        "swaps": (Swap(start=date(2025, 7, 2), days=3, login="lucasmrod"),),
    }
)
TEAM = Members(frozenset(one.author for one in PULLS) - {"tux4ops"})
NOTE = "The GitHub token sees public members of fleetdm alone. Name the team in `on_call.team_members`."
WHOLE = ("server/a.go", "server/a_test.go", "docs/a.md", "changes/17-a")
GUESTS = (
    pull(
        17221,
        "Fix policy automations for hosts with an empty hostname",
        "kiltzsec",
        20,
        labels=["bug"],
        paths=WHOLE,
        block=Block.FREE,
    ),
    pull(
        17229,
        "[link=https://example.com]Fix[/link] typos in the software installers guide, and those that it leads to",
        "nordic-mac-admin",
        61,
        paths=["docs/guide.md"],
        checks=Checks.NONE,
        review=ReviewState.NONE,
        remarks=[said("lukeheath", "Thank you!")],
    ),
    pull(17240, "A new table", "osq-tables", 30, draft=True, checks=Checks.RUNNING, paths=["orbit/table.go"]),
)
BUGS = (
    Bug(
        16963, "Upgrade fails when a team name has a slash", "https://x/1", "mna", assignees=("sharon-fdm",),
        labels=frozenset({"bug", ":release", "~critical bug"}), created=NOW - timedelta(hours=9), updated=NOW,
    ),
    Bug(
        16736, "OS update deadline shows a spinner forever", "https://x/2", "kiltzsec",
        labels=frozenset({"bug", ":reproduce"}), created=NOW - timedelta(days=4), updated=NOW,
    ),
)  # fmt: skip
ASSIGNED = (Assigned(16881, "Software is listed twice", "https://x/3", NOW, NOW - timedelta(days=3), is_pull=False),)
RITUALS = Rituals(
    (
        Ritual("Hand over on-call", "Weekly", date(2024, 1, 3), "lukeheath"),
        Ritual("Look through the inbox of bugs", "Daily", date(2024, 1, 1), "lucasmrod", "No bug stays for long."),
        Ritual("Create the branch of a patch release", "Every patch release", None, "lukeheath"),
    ),
    (Fault(31, "`startedOn` is missing"),),
)


def roster(settings: Config = SETTINGS, at: datetime = NOW) -> Roster:
    return roster_of(settings, (), *window(at, settings))


def heard(**changed: Any) -> dict[str, Reading[Any]]:
    """What the feeds say of a usual week."""
    usual: dict[str, Any] = {
        "roster": roster(), "members": TEAM, "pulls": (*PULLS, *GUESTS), "bugs": BUGS, "assigned": ASSIGNED,
        "rituals": RITUALS,
    }  # fmt: skip
    return readings(NOW, values(**usual | changed))


def on(number: int | str, *keys: str, said_: dict[str, Reading[Any]] | None = None) -> Run:
    """Hear that, put the cursor on a row, press keys."""

    async def play(pilot: Pilot[Any]) -> None:
        await having(said_ or heard())(pilot)
        pilot.app.screen.query_one("#waiting").select(str(number))  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    return play


@SIZES
def test_a_week_on_call(snap_compare: Compare, size: tuple[int, int]) -> None:
    program = app(NOW, screen="oncall", settings=SETTINGS)
    assert snap_compare(program, terminal_size=size, run_before=on(17221))


def test_in_the_light(snap_compare: Compare) -> None:
    program = app(NOW, screen="oncall", settings=SETTINGS, theme=FLEET_LIGHT.name)
    assert snap_compare(program, terminal_size=MIDDLE, run_before=on(17221))


QUIET: dict[str, Any] = {
    "pulls": PULLS[:2], "bugs": (), "assigned": (), "rituals": Rituals(()),
}  # fmt: skip
AWAY = heard() | {
    "roster": Reading(
        roster(),
        NOW - timedelta(hours=2),
        Problem("The calendar developer", Cause.UNREADABLE, "The calendar developer cannot be understood.", ""),
        NOW - timedelta(hours=1),
        NOW + timedelta(minutes=3),
    )
}


@pytest.mark.parametrize(
    ("settings", "said_"),
    [
        pytest.param(SETTINGS, {}, id="first-load"),
        pytest.param(SETTINGS, heard(**QUIET), id="nobody-waits"),
        pytest.param(SETTINGS, AWAY, id="calendar-broken"),
        pytest.param(SETTINGS, {name: failing(name, one) for name, one in heard().items()}, id="offline"),
        pytest.param(config(), heard(roster=Roster((), ()), rituals=Rituals(())), id="no-roster"),
        pytest.param(SETTINGS, heard(me="mna"), id="somebody-else"),
        pytest.param(SETTINGS, heard(members=Members(TEAM.logins, NOTE)), id="team-unknown"),
        pytest.param(SETTINGS, heard(roster=Roster(roster().of("developer")[6:], ("developer",))), id="nobody"),
    ],
)
def test_states(snap_compare: Compare, settings: Config, said_: dict[str, Reading[Any]]) -> None:
    program = app(NOW, screen="oncall", settings=settings)
    assert snap_compare(program, terminal_size=MIDDLE, run_before=having(said_))


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        pytest.param(f"{view.RITUAL}Look through the inbox of bugs", ("d",), id="ritual-done"),
        pytest.param(17221, ("space",), id="mark"),
        pytest.param(17229, ("c", "1"), id="comment"),
        pytest.param(17221, ("space", "1", "m"), id="merge"),
        pytest.param(17229, ("v",), id="reviewer"),
        pytest.param(17229, ("h", *"Calm", "tab", *"None"), id="handoff"),
    ],
)
def test_deeds_and_dialogs(snap_compare: Compare, row: str | int, keys: tuple[str, ...]) -> None:
    program = app(NOW, screen="oncall", settings=SETTINGS)
    assert snap_compare(program, terminal_size=MIDDLE, run_before=on(row, *keys, said_=heard(freeze=OPEN)))


def test_the_handoff_on_a_small_terminal(snap_compare: Compare) -> None:
    program = app(NOW, screen="oncall", settings=SETTINGS)
    assert snap_compare(program, terminal_size=(80, 24), run_before=on(17221, "h"))
