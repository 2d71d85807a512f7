"""`fleet-tui freeze`, `qa` and `export`: the same rules and refusals as the screens, asked for by words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleet_tui.cli import qa_set
from fleet_tui.exits import Exit
from fleet_tui.simulator.world import FrozenBranch
from tests.helpers import NOW
from tests.program import Program, program
from tests.screens.app_factory import BUG_FIX, FEATURE, UNFROZEN_BEFORE

ISSUE = 17270
APPROVED = ("--manager", "georgekarrv", "--qa-lead", "xpkoala", "--release-dri", "lukeheath")
WRITES = (
    ("freeze", "unfreeze", str(BUG_FIX)),
    ("freeze", "freeze"),
    ("freeze", "lift"),
    ("qa", "set", "Scripts", "pass"),
)


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    with program(tmp_path, monkeypatch, capsys) as running:
        yield running


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sits at the terminal and types lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Typed("".join(f"{line}\n" for line in lines)))


def branch(run: Program) -> FrozenBranch:
    return run.simulator.world.merge_freeze.branch()


def body(run: Program) -> str:
    return run.simulator.call(lambda: run.simulator.world.issue(ISSUE).body)


def row(run: Program, test: str) -> Any:
    """A test as `qa list` has it."""
    code, out, _ = run("qa", "list", "--format", "json")
    assert code == Exit.OK
    return next(one for one in json.loads(out)["tests"] if one["test"] == test)


def wrote(run: Program) -> list[str]:
    """The paths that something was written to."""
    requests = run.simulator.requests
    return [one.path for one in requests if one.method not in {"GET", "HEAD"} and "graphql" not in one.path]


# Asking and refusing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", WRITES, ids=" ".join)
def test_read_only_refuses_before_anything_is_asked(run: Program, arguments: tuple[str, ...]) -> None:
    code, out, err = run("--read-only", *arguments, "--yes")
    assert (code, out, err) == (Exit.REFUSED, "", "Nothing is written: the program runs with --read-only.\n")
    assert len(run.simulator.requests) == 0


@pytest.mark.parametrize("arguments", [write for write in WRITES if write != ("freeze", "freeze")], ids=" ".join)
def test_without_somebody_to_ask_nothing_is_written(
    run: Program, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\nmain\n"))
    code, _, err = run(*arguments)
    assert (code, "Add --yes" in err, wrote(run)) == (Exit.REFUSED, True, [])


@pytest.mark.parametrize("arguments", [write for write in WRITES if write != ("freeze", "freeze")], ids=" ".join)
def test_another_answer_than_yes_changes_nothing(run: Program, types: Any, arguments: tuple[str, ...]) -> None:
    types("n")
    code, _, err = run(*arguments)
    assert (code, "Nothing was changed." in err, wrote(run)) == (Exit.REFUSED, True, [])


# Freeze --------------------------------------------------------------------------------------------------------------


def test_how_the_branch_stands(run: Program) -> None:
    code, out, _ = run("freeze", "status", "--format", "json")
    found = json.loads(out)
    assert (code, found["frozen"], found["by"]) == (Exit.OK, True, "lukeheath")
    one = next(one for one in found["pulls"] if one["number"] == FEATURE)
    assert (one["kind"], one["verdict"]) == ("feature", "needs three approvals")
    assert [given["role"] for given in one["approved"]] == ["QA lead"]
    assert one["missing"] == ["engineering manager", "release DRI"]
    listed = list(csv.DictReader(io.StringIO(run("freeze", "status", "--format", "csv")[1])))
    assert [int(line["number"]) for line in listed] == [one["number"] for one in found["pulls"]]
    assert run("freeze", "status")[1].startswith("main is frozen")


def test_a_bug_fix_is_unfrozen_after_a_question_and_nothing_is_lost(run: Program, types: Any) -> None:
    types("y")
    code, out, err = run("freeze", "unfreeze", f"#{BUG_FIX}")
    assert (code, out) == (Exit.OK, "")
    assert err.splitlines()[-1].endswith(f"#{BUG_FIX} may merge now.")
    assert set(branch(run).unblocked) == {*UNFROZEN_BEFORE, BUG_FIX}
    again = run("freeze", "unfreeze", str(BUG_FIX), "--yes")
    assert (again[0], again[2]) == (Exit.REFUSED, f"#{BUG_FIX} is unfrozen already.\n")


def test_a_feature_needs_what_the_screen_asks_for(run: Program, types: Any) -> None:
    code, _, err = run("freeze", "unfreeze", str(FEATURE), "--yes", *APPROVED[:4])
    assert (code, "Still missing: release DRI." in err, wrote(run)) == (Exit.REFUSED, True, [])
    assert run("freeze", "unfreeze", str(FEATURE), "--yes", "--override", "1")[0] == Exit.REFUSED
    types("georgekarrv", "lukeheath", "y")  # the QA lead has approved in a comment
    assert run("freeze", "unfreeze", str(FEATURE))[0] == Exit.OK
    assert FEATURE in branch(run).unblocked
    said = run.simulator.call(lambda: run.simulator.world.repo().issues[FEATURE].comments[-1].body)
    assert "**Freeze exception**" in said
    assert "release DRI: lukeheath (by hand)" in said


def test_against_the_rule_the_number_is_given_again(run: Program) -> None:
    assert run("freeze", "unfreeze", str(FEATURE), "--yes", "--override", str(FEATURE))[0] == Exit.OK
    (line,) = csv.DictReader(io.StringIO(run("export", "journal", "--format", "csv")[1]))
    assert (line["action"], line["outcome"], line["who"]) == ("freeze.unfreeze", "done", "lucasmrod")
    assert line["detail"].startswith("OVERRIDE")


@pytest.mark.parametrize(("number", "said"), [("1", "no open pull request"), ("x", "no number")])
def test_what_is_no_open_pull_request_is_refused(run: Program, number: str, said: str) -> None:
    code, _, err = run("freeze", "unfreeze", number, "--yes")
    assert code in {Exit.REFUSED, Exit.USAGE}
    assert said in err


def test_the_branch_is_lifted_and_frozen_by_its_name(run: Program, types: Any) -> None:
    types("main")
    code, _, err = run("freeze", "lift")
    assert (code, branch(run).frozen) == (Exit.OK, False)
    assert "4.45.0 has not been released yet." in err
    assert f"The list of {len(UNFROZEN_BEFORE)} unfrozen pull requests is lost." in err
    code, _, err = run("freeze", "lift", "--yes")
    assert (code, err) == (Exit.REFUSED, "main is open already.\n")
    assert "not frozen" in run("freeze", "unfreeze", str(BUG_FIX), "--yes")[2]
    assert run("freeze", "freeze", "--yes", "--note", "  For 4.45.0 ")[0] == Exit.OK
    assert (branch(run).frozen, branch(run).note) == (True, "For 4.45.0")


def test_another_name_lifts_nothing(run: Program, types: Any) -> None:
    types("master")
    assert run("freeze", "lift")[0] == Exit.REFUSED
    assert branch(run).frozen


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_freeze_that_got_lost_is_offered_to_be_restored(run: Program, types: Any, answer: str) -> None:
    run.simulator.world.merge_freeze.loses_freeze_on_next_post = True
    types("y", answer)
    code, _, err = run("freeze", "unfreeze", str(BUG_FIX))
    assert "main came out OPEN" in err
    assert code == Exit.REFUSED
    restored = {*UNFROZEN_BEFORE, BUG_FIX} if answer == "y" else None
    assert (set(branch(run).unblocked) if branch(run).frozen else None) == restored


def test_a_source_that_cannot_be_read_stops_it(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("status", service="mergefreeze"))
    code, out, err = run("freeze", "unfreeze", str(BUG_FIX), "--yes")
    assert (code, out, wrote(run)) == (Exit.UNAVAILABLE, "", [])
    assert "Merge Freeze" in err


# Release QA ----------------------------------------------------------------------------------------------------------


def test_a_verdict_is_set_and_nothing_else(run: Program, types: Any) -> None:
    before = body(run)
    types("y")
    code, out, err = run("qa", "set", "scripts", "fail")
    assert (code, out) == (Exit.OK, "")
    assert err.endswith(f"Set “Scripts” to fail in Release QA: 4.45.0 #{ISSUE}.\n")
    at = before.index("pass/fail", before.index("Scripts"))
    assert body(run) == before[:at] + "fail" + before[at + len("pass/fail") :]
    assert row(run, "Scripts")["verdict"] == "fail"
    assert row(run, "Scripts")["who"] == "lucasmrod"
    assert run("qa", "set", "Scripts", "untested", "--yes")[0] == Exit.OK
    assert body(run) == before


def test_a_verdict_that_stands_there_is_no_write(run: Program) -> None:
    code, _, err = run("qa", "set", "Login flow", "pass", "--yes")
    assert (code, "Nothing to do" in err, wrote(run)) == (Exit.OK, True, [])


def test_a_test_that_is_not_there_is_refused_with_suggestions(run: Program) -> None:
    code, _, err = run("qa", "set", "login", "pass", "--yes")
    assert (code, wrote(run)) == (Exit.REFUSED, [])
    assert err == "There is no test “login”. Did you mean “Login flow”?\n"


def test_offline_the_verdict_is_kept_and_sent_by_the_next_program(run: Program) -> None:
    run("qa", "list")
    run.simulator.call(lambda: run.simulator.faults.add("status", service="github"))
    code, _, err = run("qa", "set", "Scripts", "pass", "--yes")
    assert code == Exit.UNCONFIRMED
    assert err.splitlines()[-1].endswith("It is kept, and sent when fleet-tui starts next.")
    run.simulator.call(run.simulator.faults.clear)
    assert row(run, "Scripts")["verdict"] == "untested", "a command that reads sends nothing"
    run("status")
    assert row(run, "Scripts")["verdict"] == "untested"
    assert run("qa", "set", "OS settings", "pass", "--yes")[0] == Exit.OK
    assert (row(run, "Scripts")["verdict"], row(run, "OS settings")["verdict"]) == ("pass", "pass")


def test_somebody_elses_verdict_in_the_same_moment_is_a_conflict(run: Program) -> None:
    run("qa", "list")
    run.simulator.call(lambda: run.simulator.faults.add("status", service="github"))
    run("qa", "set", "Scripts", "pass", "--yes")
    run.simulator.call(run.simulator.faults.clear)

    def other() -> None:
        issue = run.simulator.world.issue(ISSUE)
        at = issue.body.index("pass/fail", issue.body.index("Scripts"))
        issue.edit(body=f"{issue.body[:at]}fail{issue.body[at + 9 :]}", by="xpkoala", at=NOW)

    run.simulator.call(other)
    code, _, err = run("qa", "set", "Scripts", "pass", "--yes")
    assert code == Exit.REFUSED
    assert "lucasmrod: pass. xpkoala: fail. Decide on the screen Release QA." in err
    assert row(run, "Scripts")["verdict"] == "fail"


def test_when_others_keep_saving_in_between_it_gives_up_in_time(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa_set, "settle", lambda sync, item: _settle(sync, item))
    code, _, err = run("qa", "set", "Scripts", "pass", "--yes")
    assert (code, "Others keep saving in between." in err) == (Exit.UNCONFIRMED, True)


_original = qa_set.settle


async def _settle(sync: Any, item: Any) -> None:
    await _original(sync, item, patience=0.0)


# The journal ---------------------------------------------------------------------------------------------------------


def test_the_journal_holds_every_write_by_time(run: Program) -> None:
    assert run("export", "journal", "--format", "json")[1] == '{\n  "format": 1,\n  "entries": []\n}\n'
    assert run("export", "journal") == (Exit.OK, "", "Nothing has been written yet.\n")
    run("freeze", "unfreeze", str(BUG_FIX), "--yes")
    run("qa", "set", "Scripts", "pass", "--yes")
    found = json.loads(run("export", "journal", "--format", "json")[1])["entries"]
    assert {(one["action"], one["target"], one["outcome"]) for one in found} == {
        ("freeze.unfreeze", f"fleetdm/fleet#{BUG_FIX}", "done"),
        ("qa.verdict", f"fleetdm/fleet#{ISSUE}", "done"),
    }
    assert "Unfreeze" in run("export", "journal")[1]
    assert "| " in run("export", "journal", "--format", "md")[1]


def test_only_what_is_new_enough(run: Program) -> None:
    run("freeze", "unfreeze", str(BUG_FIX), "--yes")
    day = NOW.date().isoformat()
    for since, count in ((day, 1), (f"{NOW.year + 1}-01-01", 0), ("1h", 0)):  # the machine's clock is years ahead
        found = json.loads(run("export", "journal", "--since", since, "--format", "json")[1])["entries"]
        assert len(found) == count, since
    assert [run("export", "journal", "--since", since)[0] for since in ("soon", "")] == [Exit.USAGE] * 2
