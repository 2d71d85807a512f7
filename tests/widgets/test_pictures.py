"""How the widgets look together. Look at every picture before freezing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from textual.content import Content
from textual.pilot import Pilot

from fleet_tui.domain.freeze import Phase, Schedule
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT, Tone
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.freshness import FreshnessLine, Trouble
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.phase_line import PhaseLine, Timeline
from fleet_tui.widgets.rows import Kind, Row, gap, heading
from fleet_tui.widgets.status_line import Freshness, Status, StatusLine
from fleet_tui.widgets.tabs import ScreenTabs, Tab
from fleet_tui.widgets.too_small import TooSmall
from tests.widgets.host import Host

Compare = Callable[..., bool]
PT = ZoneInfo("America/Los_Angeles")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 11, day, hour, minute, tzinfo=PT).astimezone(UTC)


NOW = at(22, 14, 32)
STATUS = Status(
    repository="fleetdm/fleet",
    phase=Phase.FREEZE,
    next_change="deep freeze in 1 d 18 h",
    on_call="lucas → Wed",
    calls_left=4812,
    freshness=Freshness.STALE,
    since="5 min",
    clock="14:32 PT",
)
TABS = (
    Tab("1", "Today", "Day"),
    Tab("2", "Freeze", "Frz"),
    Tab("3", "Release QA", "QA"),
    Tab("4", "Bugs"),
    Tab("5", "On-call", "Call"),
    Tab("6", "Certificates", "Cert"),
    Tab("7", "Release", "Rel"),
    Tab("8", "Activity", "Log"),
)
TROUBLE = Trouble(
    Problem("Merge Freeze", Cause.OFFLINE, "Merge Freeze refused the connection."),
    since=at(22, 14, 27),
    last_good=at(22, 14, 26),
    next_try=at(22, 14, 33),
    now=NOW,
    zone=PT,
)
TIMELINE = Timeline(Schedule("4.60.0", at(19, 9), at(24, 9), at(25, 9)), Phase.FREEZE, NOW, PT)
COLUMNS = (
    Column("number", width=6),
    Column("title", width=16, flex=True),
    Column("verdict", width=20),
    Column("checks", width=4, drop_below=72),
    Column("age", width=5, align="right"),
    Column("author", width=12, drop_below=96),
    Column("block", width=8, drop_below=84),
)
ALLOWED, REFUSED, UNKNOWN, OFF = ("✔", Tone.DONE), ("✖", Tone.ACT), ("?", Tone.SOON), ("·", Tone.OLD)


def pull(
    number: int, title: str, sign: tuple[str, str], verdict: str, age: str, author: str, kind: Kind = Kind.PLAIN
) -> Row:
    mark, tone = sign
    checks = Content.assemble(("CI ", Tone.OLD), ("✔", Tone.DONE))
    cells = (Content.styled(f"#{number}", Tone.ACCENT), Content(title), Content.styled(f"{mark} {verdict}", tone))
    return Row(str(number), (*cells, checks, Content(age), Content(author), Content.styled("blocked", Tone.OLD)), kind)


PULLS = (
    heading("allowed", Content.assemble("May merge now", ("  3", Tone.OLD))),
    pull(16231, "Fix profile status after migration", ALLOWED, "bug fix", "2 h", "gillespi314"),
    pull(16240, "Docs: clarify ABM token renewal", ALLOWED, "docs", "5 h", "eashaw"),
    pull(16251, "[WIP] Show [/x] and $error as they are", ALLOWED, "bug fix", "1 d", "lukeheath", Kind.PENDING),
    gap("1"),
    heading("word", "Needs somebody's word"),
    pull(
        16219,
        "Add software self-service for macOS, Windows, Linux and ChromeOS",
        REFUSED,
        "feature: 1 of 3",
        "1 d",
        "mna",
    ),
    pull(16188, "Refactor host query", UNKNOWN, "no linked issue", "3 d", "juan-fdz-hawa"),
    gap("2"),
    heading("later", "Not now"),
    pull(16100, "Draft: vitals", OFF, "draft", "30 d", "juan-fdz-hawa", Kind.OLD),
)


def everything(theme: str) -> Host:
    """All widgets as on the freeze screen."""
    status, tabs, trouble = StatusLine(STATUS), ScreenTabs(TABS, "2"), FreshnessLine(TROUBLE)
    line, table = PhaseLine(TIMELINE), KeyedTable(COLUMNS)
    line.styles.margin = (1, 2)

    class Screenful(Host):
        """Filled before the first picture."""

        def on_ready(self) -> None:
            table.sync(PULLS)
            table.focus()

    return Screenful(status, tabs, trouble, line, table, theme=theme)


@pytest.mark.parametrize(
    ("theme", "size"),
    [
        (FLEET_DARK.name, (140, 40)),
        (FLEET_LIGHT.name, (80, 24)),
        (FLEET_DARK.name, (60, 20)),
        ("ansi-dark", (80, 24)),
    ],
    ids=["dark-140x40", "light-80x24", "dark-60x20", "ansi-80x24"],
)
def test_everything(snap_compare: Compare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(everything(theme), terminal_size=size)


def showing(*dialogs: Confirm | TooSmall, keys: str = "") -> Callable[[Pilot[object]], Awaitable[None]]:
    async def show(pilot: Pilot[object]) -> None:
        for dialog in dialogs:
            pilot.app.push_screen(dialog)
        await pilot.pause()
        await pilot.press(*keys.split())

    return show


def test_a_question(snap_compare: Compare) -> None:
    why = Content.assemble(("✔ bug fix", Tone.DONE), ": bug fixes may merge during the freeze.")
    question = Confirm("Unfreeze #16231?", ["Fix profile status after migration", "", why], yes="Unfreeze")
    assert snap_compare(everything(FLEET_DARK.name), terminal_size=(80, 24), run_before=showing(question))


@pytest.mark.parametrize("keys", ["", "y m a i n"], ids=["withheld", "typed"])
def test_a_grave_question(snap_compare: Compare, keys: str) -> None:
    lines = ["Everybody may merge into main from then on, whatever the rules say.", "", "It is frozen since Tue 9:00."]
    question = Confirm("Lift the freeze of main?", lines, yes="Lift the freeze", type_to_confirm="main")
    app = everything(FLEET_LIGHT.name)
    assert snap_compare(app, terminal_size=(60, 20), run_before=showing(question, keys=keys))


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(everything(FLEET_DARK.name), terminal_size=(40, 10), run_before=showing(TooSmall()))


def test_a_loose_cursor_and_titles(snap_compare: Compare) -> None:
    table = KeyedTable((Column("name", "Name", width=10), Column("age", "Age", width=5, align="right")))

    async def lose(pilot: Pilot[object]) -> None:
        rows = [Row(name, (Content(name), Content(f"{len(name)} d"))) for name in ("Rachael", "Jerry", "Zach")]
        table.sync(rows)
        table.sync(rows[1:])
        await pilot.pause()

    assert snap_compare(Host(table), terminal_size=(40, 6), run_before=lose)


def test_an_empty_table(snap_compare: Compare) -> None:
    assert snap_compare(Host(KeyedTable(COLUMNS, empty="No pull request is waiting.")), terminal_size=(60, 6))
