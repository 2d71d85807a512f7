"""docs/adding-a-screen.md: its code is what the program needs today."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from textual.widgets import Static

from fleet_tui.app import FleetApp
from fleet_tui.feed import Reading
from fleet_tui.keys import BY_SCREEN, SCREENS
from fleet_tui.screens import registry
from fleet_tui.services.github import GitHub
from fleet_tui.services.store import Store
from fleet_tui.simulator.world import World
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.wiring import KINDS
from tests.helpers import NOW, config
from tests.screens.app_factory import TOKENS, NeverAnswers

DOCUMENT = Path(__file__).parents[1] / "docs" / "adding-a-screen.md"
FILES = re.findall(r"^```python\n# (\S+)\.py\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The files of the example, loaded as if they were there, by their names."""
    modules = {}
    for place, code in FILES:
        module = ModuleType(place.replace("/", "."))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        package, _, name = module.__name__.rpartition(".")
        monkeypatch.setattr(sys.modules[package], name, module, raising=False)
        exec(compile(code, f"{DOCUMENT.name}: {place}.py", "exec", dont_inherit=True), module.__dict__)
        modules[name] = module
    return modules


def test_its_files_are_new_ones() -> None:
    root = DOCUMENT.parents[1]
    assert len(FILES) == 4
    assert [place for place, _ in FILES if (root / f"{place}.py").exists()] == []


async def test_the_feed_reads_the_simulated_repository(
    example: dict[str, ModuleType], github: GitHub, world: World
) -> None:
    labels = await example["github_repository_labels"].read_labels(github)
    assert {one.name for one in labels} == set(world.repo().labels)
    rule = example["repository_labels"].undescribed
    assert all(not one.description for one in rule(labels))


async def test_the_screen_shows_what_the_feed_said(
    example: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    label = example["repository_labels"].RepositoryLabel
    monkeypatch.setitem(SCREENS, "labels", ("9", "Labels"))
    monkeypatch.setitem(KINDS, "labels", ("Labels", tuple))
    monkeypatch.setitem(BY_SCREEN, "labels", ())
    monkeypatch.setitem(registry.CLASSES, "labels", "LabelsScreen")
    monkeypatch.setitem(registry.MODES, "labels", lambda: registry.build("labels"))
    app = FleetApp(config(), Store(None), TOKENS, now=lambda: NOW, connect=NeverAnswers, screen="labels")
    async with app.run_test() as pilot:
        app.take("labels", Reading((label("bug", "Something is wrong"), label("[red]odd", "")), NOW))
        await pilot.pause()
        rows = app.screen.query_one("#labels", KeyedTable).rows
        assert [[cell.plain for cell in row.cells] for row in rows] == [
            ["bug", "Something is wrong"],
            ["[red]odd", "nobody has said"],
        ]
        assert str(app.screen.query_one("#headline", Static).content) == "1 labels without an explanation"
