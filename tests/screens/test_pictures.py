"""How the screens look. Look at every picture before freezing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from fleet_tui.app import FleetApp
from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.pulls import Block, Checks, PullRequest, ReviewState, Story
from fleet_tui.domain.releases import Milestone
from fleet_tui.feed import Reading
from fleet_tui.services.http import Limit
from fleet_tui.services.store import Store
from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT
from tests import helpers
from tests.helpers import approved, issue, said
from tests.screens.app_factory import TOKENS, NeverAnswers

Compare = Callable[..., bool]
Run = Callable[[Pilot[Any]], Awaitable[None]]
SMALL, LARGE = (80, 24), (140, 40)
BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


def pacific(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2025 on the team's clock. The freeze begins on Tuesday the 3rd at 9:00."""
    return datetime(2025, 6, day, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)


NOW = pacific(5, 14, 32)
DEEP = pacific(8, 11, 5)
FROZEN = BranchState(
    "main", True, "lukeheath", "Release freeze for 4.45.0", since=pacific(3, 9), unfrozen=frozenset({17266})
)
OPEN = BranchState("main", False)
MILESTONES = (Milestone(1, "4.45.0-tentative", date(2025, 6, 9), 14),)
LATER = (Milestone(2, "4.46.0-tentative", date(2025, 6, 30), 3),)


def pull(number: int, title: str, author: str, hours: float, **fields: Any) -> PullRequest:
    """A pull request that is blocked and so many hours old, by the clock of the pictures."""
    created = NOW - timedelta(hours=hours)
    given: dict[str, Any] = {"block": Block.BLOCKED, "checks": Checks.PASSING, "review": ReviewState.APPROVED}
    return helpers.pull(number, title=title, author=author, created=created, **(given | fields))


PULLS = (
    pull(17201, "Fix duplicate software inventory rows on Windows hosts", "lucasmrod", 52, labels=["bug"]),
    pull(
        17209,
        "Return 404 instead of 500 for an unknown policy id, also on the endpoints of teams and of the free tier",
        "mna",
        98,
        issues=[issue(16923, "bug")],
        review=ReviewState.CHANGES,
    ),
    pull(
        17212,
        "[WIP] [red]Fix[/red] 🔥 osquery flags",
        "getvictor",
        12,
        labels=["bug"],
        draft=True,
        checks=Checks.FAILING,
        review=ReviewState.NONE,
    ),
    pull(
        17215,
        "Fix migration that drops scheduled query results",
        "lucasmrod",
        9,
        issues=[issue(16940, "bug", "~release blocker", "#g-endpoint-ops")],
        paths=["server/datastore/mysql/migrations/20240305.go"],
    ),
    pull(17226, "Handbook: clarify the duties of the on-call engineer", "lukeheath", 44, paths=["handbook/README.md"]),
    pull(17233, "Website: update the pricing page", "eashaw", 18, paths=["website/pricing.ejs"], checks=Checks.RUNNING),
    pull(
        17241,
        "Renew Apple Business Manager tokens automatically",
        "jahzielv",
        66,
        labels=["#g-mdm"],
        issues=[issue(16305, "story", "#g-mdm", "customer-blanco")],
        paths=["server/mdm/apple/renewal.go", "server/cron/renewal.go"],
        remarks=[approved("georgekarrv"), said("sabrinabuckets", "Looks fine?")],
    ),
    pull(17260, "Refactor transactions of the MySQL datastore", "lucasmrod", 120, review=ReviewState.AWAITED),
    pull(17264, "Add table for systemd timers, with docs", "tux4ops", 172, checks=Checks.NONE),
    pull(17266, "Fix wrong host count in the policy list", "jacobshandling", 26, labels=["bug"], block=Block.FREE),
)
STORIES = (
    Story(16321, "Query reports", "https://github.com/x", ("jacobshandling",), (17118, 17122), (17251,)),
    Story(16324, "Software titles by team", "https://github.com/y", ("sgress454",), (17125,), ()),
)


def values(**changed: Any) -> dict[str, Any]:
    """What the feeds say in the middle of a freeze, but for some."""
    usual = {"freeze": FROZEN, "pulls": PULLS, "milestones": MILESTONES, "stories": STORIES, "me": "lucasmrod"}
    return usual | changed


def readings(at: datetime, said_: Mapping[str, Any]) -> dict[str, Reading[Any]]:
    """Readings of these values, all read at one moment."""
    return {name: Reading(value, at, next_try=at + timedelta(minutes=1)) for name, value in said_.items()}


def failing(name: str, reading: Reading[Any]) -> Reading[Any]:
    """A reading whose source has gone away."""
    source = "Merge Freeze" if name == "freeze" else "GitHub"
    problem = Problem(source, Cause.OFFLINE, f"{source} cannot be reached.", "Check the network or the VPN.")
    failed_at = NOW - timedelta(minutes=4)
    return replace(reading, problem=problem, failing_since=failed_at, next_try=NOW + timedelta(seconds=40))


FRESH = readings(NOW, values())
STATES: dict[str, tuple[datetime, dict[str, Reading[Any]]]] = {
    "first load": (NOW, {}),
    "fresh": (NOW, FRESH),
    "stale": (NOW, readings(NOW - timedelta(minutes=25), values())),
    "offline": (
        NOW,
        {name: failing(name, one) for name, one in readings(NOW - timedelta(minutes=5), values()).items()},
    ),
    "empty": (NOW, readings(NOW, values(pulls=(), stories=()))),
    "open": (NOW, readings(NOW, values(freeze=OPEN, milestones=LATER))),
    "freeze ahead": (pacific(2, 16, 10), readings(pacific(2, 16, 10), values(freeze=OPEN))),
    "deep freeze": (DEEP, readings(DEEP, values())),
    "should be frozen": (NOW, readings(NOW, values(freeze=OPEN))),
}


def app(
    at: datetime,
    *,
    theme: str = FLEET_DARK.name,
    store: Store | None = None,
    screen: str = "freeze",
    settings: Config | None = None,
) -> FleetApp:
    """The program at a moment, connected to services that say nothing."""
    kept = store or Store(None)
    kept.remember("theme", theme)
    made = FleetApp(settings or helpers.config(), kept, TOKENS, now=lambda: at, connect=NeverAnswers, screen=screen)
    made.animation_level = "none"
    return made


def having(heard: Mapping[str, Reading[Any]], *keys: str, select: int | None = None) -> Run:
    """Hear these readings, put the cursor somewhere, press keys."""

    async def play(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        program: Any = pilot.app
        if heard:
            program.backend.http.limits["GitHub core"] = Limit(4812, 5000, NOW)
        for name, reading in heard.items():
            program.take(name, reading)
        await pilot.pause()
        if select is not None:
            program.screen.query_one("#pulls").select(str(select))
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    return play


@BOTH
@pytest.mark.parametrize("state", STATES, ids=[name.replace(" ", "-") for name in STATES])
def test_freeze(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    at, heard = STATES[state]
    assert snap_compare(app(at), terminal_size=size, run_before=having(heard))


@pytest.mark.parametrize(
    ("theme", "size"),
    [
        (FLEET_DARK.name, (60, 20)),
        (FLEET_DARK.name, (200, 60)),
        (FLEET_LIGHT.name, (120, 40)),
        ("ansi-dark", SMALL),
    ],
    ids=["dark-60x20", "dark-200x60", "light-120x40", "ansi-80x24"],
)
def test_freeze_elsewhere(snap_compare: Compare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(app(NOW, theme=theme), terminal_size=size, run_before=having(FRESH, select=17241))


def test_freeze_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(NOW), terminal_size=SMALL, run_before=having(FRESH, select=17241))


@pytest.mark.parametrize(
    ("number", "at"), [(17201, NOW), (17241, NOW), (17241, DEEP)], ids=["allowed", "feature", "deep"]
)
def test_unfreeze(snap_compare: Compare, number: int, at: datetime) -> None:
    heard = readings(at, values())
    assert snap_compare(app(at), terminal_size=SMALL, run_before=having(heard, "u", select=number))


def test_lift_the_freeze(snap_compare: Compare) -> None:
    assert snap_compare(app(NOW), terminal_size=SMALL, run_before=having(FRESH, "f"))


def test_filter(snap_compare: Compare) -> None:
    assert snap_compare(app(NOW), terminal_size=SMALL, run_before=having(FRESH, "slash", "b", "u", "g"))


@BOTH
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = having(FRESH, "question_mark", select=17266)
    assert snap_compare(app(NOW), terminal_size=size, run_before=run)


@contextmanager
def written() -> Iterator[Store]:
    """A journal with writes of all outcomes."""
    store = Store(None)
    for minutes, title, outcome, after, why in (
        (90, "Freeze main", Outcome.DONE, "main is frozen.", "Release freeze for 4.45.0"),
        (40, "Unfreeze #17266", Outcome.DONE, "#17266 may merge now.", "bug fixes may merge during the freeze"),
        (
            9,
            "Unfreeze #17241 against the rule",
            Outcome.UNCONFIRMED,
            "Merge Freeze took #17241, but GitHub does not show it as unfrozen yet. Its row will show when it is.",
            "OVERRIDE, number typed. Rule: a feature with 1 of 3 approvals",
        ),
        (3, "Unfreeze #17201", Outcome.FAILED, "Merge Freeze refused the token.", "closes #16881 (bug)"),
    ):
        at = NOW - timedelta(minutes=minutes)
        number = store.begin(
            Entry(0, at, "lucasmrod", "freeze.unfreeze", title, "fleetdm/fleet#1", "blocked", "", Outcome.STARTED)
        )
        store.finish(number, outcome, after, why)
    yield store
    store.close()


@BOTH
def test_activity(snap_compare: Compare, size: tuple[int, int]) -> None:
    heard = FRESH | {"freeze": failing("freeze", FRESH["freeze"])}
    with written() as store:
        made = app(NOW, store=store, screen="activity")
        assert snap_compare(made, terminal_size=size, run_before=having(heard, "j"))
