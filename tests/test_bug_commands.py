"""`fleet-tui kpi` and `fleet-tui bugs list`, against the simulator."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fleet_tui.domain.kpi_text import HEADER
from fleet_tui.exits import Exit
from fleet_tui.simulator.world.pull import PullRequest
from tests.helpers import NOW
from tests.program import Program, program


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    with program(tmp_path, monkeypatch, capsys) as running:
        yield running


def open_bugs(run: Program) -> set[int]:
    """As the simulator has them."""

    def numbers() -> set[int]:
        issues = (one for one in run.simulator.world.repo().issues.values() if not isinstance(one, PullRequest))
        return {one.number for one in issues if one.state == "open" and "bug" in one.label_names}

    return run.simulator.call(numbers)


def test_the_row_of_the_week_under_way(run: Program) -> None:
    code, out, err = run("kpi", "--format", "csv")
    heading, row = csv.reader(io.StringIO(out))
    found = dict(zip(heading, row, strict=True))
    assert (code, err, tuple(heading)) == (Exit.OK, "", HEADER)
    assert found["week"] == "2025-W23"
    assert int(found["open"]) == len(open_bugs(run)) == sum(int(found[name]) for name in HEADER[4:])
    assert int(found["awaiting QA"]) > 0
    assert run("kpi", "--format", "json", "--week", "2025-w23")[1].count('"2025-W23"') == 1


def test_a_past_week_and_one_that_nobody_knows(run: Program) -> None:
    (past,) = json.loads(run("kpi", "--week", "2025-W22", "--format", "json")[1])["weeks"]
    assert past["opened"] > 0
    assert past["states"] is None
    assert run("kpi", "--week", "2025-W24")[0] == Exit.REFUSED
    code, out, err = run("kpi", "--week", "2020-W01")
    assert (code, out) == (Exit.REFUSED, "")
    assert "Nothing is known of 2020-W01" in err


def test_what_was_seen_in_a_week_is_known_later(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = json.loads(run("kpi", "--format", "json")[1])["weeks"][0]
    later = NOW + timedelta(weeks=40)
    monkeypatch.setattr("fleet_tui.cli.session.utc_now", lambda: later)
    told = json.loads(run("kpi", "--week", "2025-W23", "--format", "json")[1])["weeks"][0]
    assert told == seen


def test_what_is_no_week_is_a_fault_of_the_command_line(run: Program) -> None:
    for week in ("last", ""):  # empty: somebody's variable is, and this week is not what they asked for
        code, _, err = run("kpi", "--week", week)
        assert code == Exit.USAGE
        assert f"'{week}' is no week; write it as 2026-W47." in err


def test_without_github_there_is_no_row_that_is_wrong(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("status", service="github"))
    code, out, err = run("kpi")
    assert (code, out) == (Exit.UNAVAILABLE, "")
    assert "GitHub" in err


def test_all_open_bugs_are_listed_as_the_board_has_them(run: Program) -> None:
    code, out, err = run("bugs", "list", "--format", "json")
    found = json.loads(out)["bugs"]
    assert (code, err) == (Exit.OK, "")
    assert {one["number"] for one in found} == open_bugs(run)
    states = list(dict.fromkeys(one["state"] for one in found))
    assert states == ["inbox", "acknowledged", "in product drafting", "in engineering", "awaiting QA", "orphan"]
    assert [one["is_overdue"] for one in found if one["state"] == "inbox"] == [True] * 5 + [False] * 3
    assert all(one["since_is_known"] for one in found if one["state"] == "in engineering"), "timelines were read"


def test_the_filter_of_the_board(run: Program) -> None:
    everything = json.loads(run("bugs", "list", "--format", "json")[1])["bugs"]
    some = json.loads(run("bugs", "list", "--filter", "is:overdue group:mdm", "--format", "json")[1])["bugs"]
    assert some == [one for one in everything if one["is_overdue"] and "#g-mdm" in one["labels"]] != []
    table = run("bugs", "list", "--filter", "is:critical")[1].splitlines()
    assert table[0].split() == ["number", "state", "clock", "labels", "assignees", "title"]
    assert len(table) == 2
    assert table[1].split()[0] == "16963"
    assert run("bugs", "list", "--filter", "no such bug") == (Exit.OK, "", "The filter fits no open bug.\n")
    code, _, err = run("bugs", "list", "--filter", "is:late")
    assert code == Exit.USAGE
    assert "is:late means nothing" in err


@pytest.mark.parametrize("name", ["kpi", "bugs"])
def test_textual_is_not_loaded(name: str) -> None:
    code = f"import sys; import fleet_tui.cli.{name}, fleet_tui.cli.session; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
