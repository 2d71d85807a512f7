"""`fleet-tui release plan`: the dry run on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from fleet_tui.cli.release_plan import command
from fleet_tui.cli.start import Start
from fleet_tui.domain.conclusion_steps import Do, Step
from fleet_tui.exits import Stop
from fleet_tui.paths import Paths
from fleet_tui.services.conclusion_journal import ConclusionJournal, State
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed.milestone_world import KINDS, open_milestone
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World
from tests.helpers import GITHUB_TOKEN, NOW, addresses

Plan = Callable[..., Result]


@pytest.fixture
def plan(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Runs the command against the simulated world."""
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", GITHUB_TOKEN)
    monkeypatch.setenv("FLEET_TUI_ZENHUB_TOKEN", "sim-zenhub")
    monkeypatch.setenv("FLEET_TUI_STATE", str(tmp_path))

    def run(*arguments: str) -> Result:
        with SimulatorThread(world) as there:
            file = tmp_path / "config.toml"
            lines = [f'{name} = "{address}"' for name, address in addresses(there.url).items()]
            file.write_text("\n".join(["[addresses]", *lines]))
            start = Start(Paths.of_user(file, {"FLEET_TUI_STATE": str(tmp_path)}))
            result = CliRunner().invoke(command, arguments, obj=start, standalone_mode=False)
            methods = {entry.method for entry in there.requests.select("github")}
        assert methods <= {"GET"}
        return result

    return run


def test_json_lists_each_fate(plan: Plan, world: World) -> None:
    right = open_milestone(world, KINDS)
    shown = msgspec.json.decode(plan("--format", "json").stdout)
    assert {one["number"]: one["fate"] for one in shown["issues"]} == {n: one.fate for n, one in right.items()}
    assert shown["steps"][0]["id"] == "rename 4.45.0"


def test_markdown_is_for_people_and_boards_that_cannot_be_read_are_said(
    plan: Plan, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_milestone(world, KINDS[:1])
    monkeypatch.delenv("FLEET_TUI_ZENHUB_TOKEN")
    result = plan()
    assert result.stdout.startswith("# 4.45.0-tentative is concluded\n")
    assert "14 × to be decided by hand" in result.stdout
    assert result.stderr == "There is no ZenHub token: what the boards would tell is left to be done by hand.\n"


def test_one_that_was_begun_is_shown_and_not_the_plan_of_another(plan: Plan, world: World, tmp_path: Path) -> None:
    open_milestone(world, KINDS[:1])
    store = Store(Paths(tmp_path / "config.toml", tmp_path).store("fleetdm/fleet"))
    journal = ConclusionJournal(store, "fleetdm/fleet")
    journal.begin(7, "4.44.0", [Step(Do.RENAME, "4.44.0"), Step(Do.END), Step(Do.BY_HAND, "Wave.")], NOW)
    journal.mark(7, 0, State.DONE, NOW)
    journal.close()
    assert "# Milestone 4.44.0" in plan().stdout
    shown = msgspec.json.decode(plan("--format", "json").stdout)
    assert {one["id"]: one["state"] for one in shown["steps"]} == {
        "rename 4.44.0": "done", "end": "left", "by hand Wave.": "left",
    }  # fmt: skip
    journal = ConclusionJournal(store, "fleetdm/fleet")
    journal.mark(7, 1, State.DONE, NOW)  # what is left now is a person's
    journal.close()
    store.close()
    assert plan().stdout.startswith("# 4.45.0-tentative is concluded")


def test_without_a_milestone_there_is_nothing_to_conclude(plan: Plan) -> None:
    exception = plan().exception
    assert isinstance(exception, Stop)
    assert exception.sentence == "fleetdm/fleet has no open milestone of a minor release."
