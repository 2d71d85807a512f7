"""Release readiness: one line, a table, JSON; and the commands with their exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet_tui.__main__ import main
from fleet_tui.cli.demo import demo_config
from fleet_tui.config.reference import show
from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.checklist import read
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.pulls import Checks
from fleet_tui.domain.release_state import BranchCheck, QaState, Seen, as_json, release_state
from fleet_tui.exits import Exit
from fleet_tui.services.github import GitHub
from fleet_tui.services.release_status import ReleaseStatus
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.model import CheckRun
from tests.helpers import NOW, config

PROBLEM = Problem("GitHub", Cause.SERVER, "GitHub has a fault of its own (502).")
ROW = "<tr><td>{0}</td><td>1.</td><td>x</td><td>{1}</td></tr>"
BODY = (
    "<table><tr><th>Test name</th><th>Steps</th><th>Expected</th><th>pass/fail</th></tr>"
    + ROW.format("MDM flow", "pass") + ROW.format("Query flow", "fail") + ROW.format("Login flow", "pass/fail")
    + "</table>"
)  # fmt: skip
QA = QaState(9, read(BODY), {"#g-mdm": "sabrinabuckets", "#g-endpoint-ops": "xpkoala"})


def bug(number: int) -> Bug:
    return Bug(number, f"Bug {number}", f"https://x/{number}", "mna", NOW, NOW)


READY = Seen("4.45.0", (), (), (BranchCheck("test-go", Checks.PASSING), BranchCheck("e2e", Checks.RUNNING)), QA)


def test_ready() -> None:
    state = release_state(READY, config())
    assert (state.is_ready, state.line, state.running) == (True, "4.45.0 is ready.", 1)
    assert [(one.label, one.progress.total, one.ready_by) for one in state.groups] == [
        ("#g-mdm", 1, "sabrinabuckets"),
        ("#g-endpoint-ops", 2, "xpkoala"),
    ]


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"blockers": (bug(1),)}, "1 open release blocker (#1)"),
        ({"blockers": tuple(map(bug, range(1, 8)))}, "7 open release blockers (#1, #2, #3, #4, #5 and 2 more)"),
        ({"blockers": PROBLEM}, "the open release blockers cannot be read (GitHub has a fault of its own (502))"),
        ({"unreleased": (bug(1), bug(2))}, "2 open unreleased bugs (#1, #2)"),
        ({"unreleased": PROBLEM}, "the open unreleased bugs cannot be read (GitHub has a fault of its own (502))"),
        ({"checks": (BranchCheck("lint", Checks.FAILING),)}, "1 check of main fails (lint)"),
        ({"checks": PROBLEM}, "the checks of main cannot be read (GitHub has a fault of its own (502))"),
        ({"qa": None}, "there is no open release QA issue for 4.45.0"),
        ({"qa": PROBLEM}, "the release QA issue cannot be read (GitHub has a fault of its own (502))"),
        (
            {"qa": replace(QA, ready={"#g-mdm": "x"})},
            "#g-endpoint-ops has not said that it is ready (0 of 2 tests passed, 1 failed)",
        ),
    ],
)
def test_each_thing_that_is_missing_is_named(changed: dict[str, object], missing: str) -> None:
    state = release_state(replace(READY, **changed), config())
    assert state.missing == (missing,)
    assert (state.is_ready, state.line) == (False, f"4.45.0 is not ready: {missing}.")


def test_json_keeps_what_is_not_known_apart_from_what_is_not_there() -> None:
    seen = replace(READY, blockers=PROBLEM, unreleased=(bug(3),), checks=PROBLEM)
    told = as_json(release_state(seen, config()))
    assert json.loads(json.dumps(told)) == told
    assert (told["format"], told["release"], told["ready"], told["qa_issue"]) == (1, "4.45.0", False, 9)
    assert (told["blockers"], told["failing_checks"], told["running_checks"]) == (None, None, None)
    assert told["unreleased_bugs"] == [{"number": 3, "title": "Bug 3", "url": "https://x/3"}]
    assert told["groups"][1] == {
        "label": "#g-endpoint-ops", "ready": True, "said_by": "xpkoala", "tests": 2, "passed": 0, "failed": 1,
        "untested": 1,
    }  # fmt: skip


# Against the simulator -----------------------------------------------------------------------------------------------


@pytest.fixture
def status(github: GitHub, settings_there: Config, world: World) -> ReleaseStatus:
    repo = world.repo()
    repo.add_milestone("4.45.0-tentative", by="mna")
    labels = ("#g-mdm", "#g-endpoint-ops", ":release")
    issue = repo.open_issue("Release QA: 4.45.0", BODY, by="lukeheath", labels=labels, number=50)
    issue.comment("@lukeheath #g-mdm is ready for 4.45.0: 1 of 1 tests passed.", by="sabrinabuckets")
    issue.comment("@lukeheath #g-endpoint-ops is ready for 4.45.0: 0 of 2 tests passed.", by="xpkoala")
    settings = config(
        addresses={"github": settings_there.addresses.github}, release={"known_date": NOW.date()}
    )  # no due date stands in the milestone
    return ReleaseStatus(github, settings)


async def test_a_release_that_is_ready(status: ReleaseStatus, world: World) -> None:
    world.repo().open_issue("Fixed", by="mna", labels=("~release blocker",)).close(by="mna")
    world.repo().open_pull("A pull request is no bug", by="mna", labels=("~release blocker",))
    state = await status.read(NOW)
    assert state.line == "4.45.0 is ready."


async def test_both_spellings_of_a_label_count_and_each_issue_once(status: ReleaseStatus, world: World) -> None:
    for number, labels in ((101, ["~release blocker", "~release-blocker"]), (102, ["~release-blocker"])):
        world.repo().open_issue("Bug", by="mna", labels=labels, number=number)
    assert (await status.read(NOW)).missing == ("2 open release blockers (#101, #102)",)


async def test_checks_of_the_branch(status: ReleaseStatus, world: World) -> None:
    head = world.repo().branch_head("main")
    head.checks = [CheckRun(number, f"job {number}", NOW, "success", NOW) for number in range(120)]
    head.checks += [CheckRun(200, "test-go", NOW, "timed_out", NOW), CheckRun(201, "e2e", NOW)]
    state = await status.read(NOW)
    assert (state.missing, state.running) == (("1 check of main fails (test-go)",), 1)


async def test_a_source_that_fails_is_missing(status: ReleaseStatus, simulator: Simulator) -> None:
    simulator.faults.add("status", service="github", path="/check-runs")
    assert len((await status.read(NOW)).missing) == 1
    simulator.faults.add("status", service="github", path="/milestones")
    with pytest.raises(Failure):
        await status.read(NOW)


# The commands --------------------------------------------------------------------------------------------------------


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SimulatorThread, str]]:
    """The demo's world in a thread, and a configuration that leads there."""
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", "sim-lucasmrod")
    with SimulatorThread(demo_world(NOW)) as simulator:
        path = tmp_path / "config.toml"
        path.write_text(show(demo_config(simulator.url)), encoding="utf-8")
        yield simulator, str(path)


def test_status_is_a_failure_until_it_is_ready(
    configured: tuple[SimulatorThread, str], capsys: pytest.CaptureFixture[str]
) -> None:
    simulator, path = configured
    assert main(["--config", path, "release", "status"]) == Exit.PROBLEM
    assert capsys.readouterr().out.startswith("4.45.0 is not ready.\n  ✖ ")
    assert main(["--config", path, "release", "status", "--format", "md"]) == Exit.PROBLEM
    assert capsys.readouterr().out.startswith("## 4.45.0 is not ready.\n\n- ✖ ")

    def finish() -> None:
        for issue in list(simulator.world.repo().issues.values()):
            if {"~unreleased bug", "~release blocker"} & set(issue.label_names) and issue.state == "open":
                issue.close(by="mna")
        for group in ("#g-mdm", "#g-endpoint-ops"):
            simulator.world.issue(17270).comment(f"@lukeheath {group} is ready for 4.45.0.", by="xpkoala")

    simulator.call(finish)
    assert main(["--config", path, "release", "status", "--format", "json"]) == Exit.PROBLEM
    told = json.loads(capsys.readouterr().out)
    assert told["missing"] == ["Go (patch) is behind, and no bug is filed for it"]

    def bring_up_to_date() -> None:
        files = simulator.world.repo().files
        files["go.mod"] = files["go.mod"].replace("go 1.25.3", "go 1.25.4")

    simulator.call(bring_up_to_date)
    assert main(["--config", path, "release", "status", "--format", "json"]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["ready"], told["line"]) == (True, "4.45.0 is ready.")


def test_dependencies_in_three_forms(
    configured: tuple[SimulatorThread, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, path = configured
    arguments = ["--config", path, "release", "dependencies"]
    assert main(arguments) == Exit.PROBLEM
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert {line.index(word) for line, word in zip(lines, ("verdict", "behind", "current"), strict=False)} == {
        lines[0].index("verdict")
    }
    assert main([*arguments, "--format", "md"]) == Exit.PROBLEM
    assert capsys.readouterr().out.startswith("| dependency | in the product | latest | verdict | action |\n| --- |")
    assert main([*arguments, "--format", "json"]) == Exit.PROBLEM
    told = json.loads(capsys.readouterr().out)
    behind = [(one["name"], one["blocks"]) for one in told["dependencies"] if one["verdict"] == "behind"]
    assert (told["format"], told["settled"], behind) == (1, False, [("Go (patch)", True), ("osquery", False)])


def test_without_a_token_the_person_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("FLEET_TUI_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert main(["--config", str(tmp_path / "none.toml"), "release", "status"]) == Exit.NOT_CONFIGURED
    assert "fleet-tui auth set github" in capsys.readouterr().err
