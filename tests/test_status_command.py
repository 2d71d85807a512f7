"""`fleet-tui status`: the figures of the first screen, from all sources asked at the same time."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fleet_tui.exits import Exit
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.pull import PullRequest
from fleet_tui.wiring import KINDS
from fleet_tui.wiring.kinds import NEEDS
from fleet_tui.wiring.once import USES
from tests.program import Program, program

JSON = Path(__file__).parents[1] / "docs" / "json.md"
DOCUMENT = Path(__file__).parents[1] / "docs" / "status.md"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    with program(tmp_path, monkeypatch, capsys) as running:
        yield running


def told(run: Program, code: Exit = Exit.OK) -> Any:
    """The JSON document."""
    ended, out, _ = run("status", "--json")
    assert ended == code
    return json.loads(out)


def open_bugs(world: World) -> list[int]:
    """The numbers of the open bugs as the simulator has them."""
    issues = (one for one in world.repo().issues.values() if not isinstance(one, PullRequest))
    return [one.number for one in issues if one.state == "open" and "bug" in one.label_names]


def test_the_first_call_knows_everything_and_all_of_it_is_described(run: Program) -> None:
    found = told(run)
    world = run.simulator.world
    assert (found["format"], found["repository"]) == (1, "fleetdm/fleet")
    assert (found["freeze"]["frozen"], found["freeze"]["version"]) == (True, "4.45.0")
    assert found["release_qa"]["title"] == "Release QA: 4.45.0", "the checklist is read after the list of issues"
    assert found["release_qa"]["tests"] == sum(group["tests"] for group in found["release_qa"]["groups"]) > 0
    assert found["bugs"]["open"] == sum(one["count"] for one in found["bugs"]["states"].values())
    assert found["bugs"]["open"] == run.simulator.call(lambda: len(open_bugs(world)))
    assert [one["number"] for one in found["bugs"]["critical"]]
    assert {one["rotation"] for one in found["on_call"]["now"]} == {"developer", "infrastructure"}
    assert {one["name"] for one in found["sources"]} == set(KINDS)
    assert all(one["age_seconds"] == 0 and one["problem"] is None for one in found["sources"])
    states = found["bugs"]["states"]
    assert sum(one["overdue"] for one in states.values()) > 0, "it follows from timelines, which are read in pieces"
    assert states == told(run)["bugs"]["states"]

    documented = set(re.findall(r"^\| `([\w.]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    shown = set(names(found))
    assert shown - documented == set()
    optional = {"sources.problem.sentence", "sources.problem.remedy", "certificates.unreadable.name"}
    optional |= {"certificates.unreadable.sentence", "certificates.unreadable.remedy"}
    assert {name for name in documented - shown if name.partition(".")[0] != "certificates"} <= optional


def test_people_read_the_same_figures_and_nothing_is_written_outside(run: Program) -> None:
    found, (_, text, words), (_, marked, _) = told(run), run("status"), run("status", "--format", "md")
    assert words == ""
    assert f"{found['bugs']['open']} open" in text
    assert f"{found['freeze']['pull_requests']['may_merge']} of {found['freeze']['pull_requests']['open']}" in text
    assert f"#{found['bugs']['critical'][0]['number']} " in text
    lines = {line.removeprefix("- ") for line in marked.splitlines() if line.startswith("- ")}
    assert lines == {re.split(" {2,}", line, maxsplit=1)[1] for line in text.splitlines()}
    headings, *rows = csv.reader(run("status", "--format", "csv")[1].splitlines())
    assert headings == ["area", "line"]
    assert {line for _, line in rows} == lines
    wrote = [one for one in run.simulator.requests if one.method in {"PATCH", "PUT", "DELETE"}]
    posted = {one.path for one in run.simulator.requests if one.method == "POST"}
    assert (wrote, {path for path in posted if "graphql" not in path}) == ([], set())


def test_a_source_that_fails_is_named_and_its_last_value_stays(run: Program) -> None:
    before = told(run)
    run.simulator.call(lambda: run.simulator.faults.add("status", service="mergefreeze"))
    code, out, err = run("status", "--json")
    after = json.loads(out)
    assert code == Exit.PROBLEM
    assert err.startswith("State of the freeze: Merge Freeze")
    assert after["freeze"]["frozen"] == before["freeze"]["frozen"] is True
    (failed,) = (one for one in after["sources"] if one["problem"])
    assert (failed["name"], failed["age_seconds"]) == ("freeze", 0)
    assert failed["problem"]["sentence"] in err
    assert "cannot be read now" in run("status")[1]


def test_of_a_token_in_a_variable_the_variable_is_named(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("unauthorized", service="mergefreeze"))
    assert "Change or unset FLEET_TUI_MERGE_FREEZE_TOKEN." in run("status")[2]


def test_what_was_never_read_is_not_known_rather_than_none(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("status", service="github"))
    found, (_, text, err) = told(run, Exit.PROBLEM), run("status")
    assert err.count("GitHub has a fault of its own") == 1
    assert err.startswith("Your GitHub account, Pull requests, Milestones, ")
    assert (found["freeze"]["frozen"], found["freeze"]["pull_requests"], found["freeze"]["ready"]) == (True, None, None)
    assert [found[area] for area in ("release_qa", "bugs")] == [None, None]
    assert found["on_call"]["now"], "the roster comes from the calendars"
    assert [found["on_call"][name] for name in ("is_me", "waiting", "community", "rituals")] == [None] * 4
    known = {area: line for area, line in (re.split(" {2,}", one, maxsplit=1) for one in text.splitlines()) if area}
    assert {known[area] for area in ("Release QA", "Bugs", "Community", "Rituals")} == {"Not known."}
    assert "The open pull requests are not known." in text
    assert " 0 " not in text.partition("Read  ")[0]


def test_without_the_calendars_nobody_is_said_to_be_missing(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("status", service="calendar"))
    found = told(run, Exit.PROBLEM)["on_call"]
    assert (found["now"], found["coming"], found["is_me"]) == (None, None, None)
    assert "On call       Not known." in run("status")[1]


def test_a_certificate_that_cannot_be_read_is_no_certificate_that_is_fine(run: Program) -> None:
    run.simulator.call(lambda: run.simulator.faults.add("status", service="fleet"))
    code, out, err = run("status")
    assert (code, err.partition(":")[0]) == (Exit.PROBLEM, "Fleet server")
    assert err.strip() in out
    assert "ends soon" not in out


def test_all_sources_are_asked_at_the_same_time(run: Program) -> None:
    delay = 0.4
    run("status")  # whatever is imported, or read for the first time
    run.simulator.call(run.simulator.requests.clear)
    run.simulator.call(lambda: run.simulator.faults.latency.update({"*": (delay * 1000, delay * 1000)}))
    began = time.monotonic()
    assert run("status")[0] == Exit.OK
    took, asked = time.monotonic() - began, len(run.simulator.requests)
    assert asked >= len(KINDS)
    assert took < asked * delay / 3, f"{asked} requests of {delay} s took {took:.1f} s"


ENTRIES = {
    "freeze status": "pulls",
    "qa list": "tests",
    "bugs list": "bugs",
    "oncall": "on_call",
    "certs": "certificates",
    "release dependencies": "dependencies",
    "doctor": "checks",
    "auth status": "tokens",
}
"""What of a command's JSON is in its sheet."""


def test_a_sheet_says_what_the_json_says(run: Program) -> None:
    for command, entries in ENTRIES.items():
        sheet = list(csv.DictReader(run(*command.split(), "--format", "csv")[1].splitlines()))
        found = json.loads(run(*command.split(), "--format", "json")[1])[entries]
        assert len(sheet) == len(found) > 0, command
        for row, entry in zip(sheet, found, strict=True):
            assert row.keys() <= entry.keys(), command
            moments = {name: text for name, text in row.items() if re.match(r"\d{4}-\d\d-\d\d", text)}
            with_zone = {name: datetime.fromisoformat(text).tzinfo is not None for name, text in moments.items()}
            assert with_zone == dict.fromkeys(moments, True), command
            assert "–" not in row.values(), f"{command}: what there is not is an empty cell"


READ = {
    **dict.fromkeys(("status", "freeze status", "qa list", "bugs list", "kpi", "oncall", "export journal"), Exit.OK),
    "certs": Exit.EXPIRED,
    **dict.fromkeys(("release status", "release dependencies"), Exit.PROBLEM),
    "release plan": Exit.OK,
}
"""The commands that print what they read from outside, and how each ends in the demo's world."""
OF_THIS_MACHINE = {"doctor": Exit.OK, "auth status": Exit.OK}
"""Those that look whether all is in place, the keyring too."""


def test_what_reads_loads_no_screen_no_writer_and_no_keyring(run: Program) -> None:
    code = (
        f"import sys; from fleet_tui.__main__ import main; codes = [main(line.split()) for line in {list(READ)!r}]\n"
        "print(*map(int, codes), *{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = done.stderr.splitlines()[-1].split()
    codes, loaded = told[: len(READ)], told[len(READ) :]
    assert (codes, "httpx" in loaded) == ([str(int(code)) for code in READ.values()], True), done.stderr
    assert set(loaded) & {"textual", "github", "keyring"} == set()


def test_status_loads_what_it_asks_and_figures_with_and_no_more(run: Program) -> None:
    code = (
        "import sys; from fleet_tui.__main__ import main; code = main(['status', '--json'])\nprint(code, *sys.modules)"
    )
    for _ in ("before", "now"):  # what is unchanged between them is not worked out again
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ended, *names = done.stdout.splitlines()[-1].split()
    loaded = {name for name in names if name != "httpx._main"}
    assert (ended, "fleet_tui.desks.today" in loaded) == ("0", True), done.stderr
    never = {"textual", "rich", "pygments", "github", "keyring", "cryptography", "aiohttp", "icalendar", "yaml"}
    assert {name.partition(".")[0] for name in loaded} & never == set()


def test_the_version_is_said_without_settings_and_services() -> None:
    code = "import sys; from fleet_tui.__main__ import main; main(['--version'])\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "fleet_tui.cli" in loaded
    heavy = {"fleet_tui.config.schema", "fleet_tui.services", "fleet_tui.wiring", "asyncio", "httpx", "tomllib", "ssl"}
    assert loaded & heavy == set()


def test_a_feed_that_needs_another_is_named_with_what_it_needs() -> None:
    for others in (NEEDS, USES):
        assert others.keys() | {name for names in others.values() for name in names} <= KINDS.keys()


def names(value: Any, path: str = "") -> Iterator[str]:
    """The fields of a document; those that are named by what they count are none."""
    if isinstance(value, list):
        for one in value:
            yield from names(one, path)
    elif isinstance(value, dict) and not path.endswith("s.states"):
        for name, below in value.items():
            inner = f"{path}.{name}".strip(".")
            yield inner
            yield from names(below, inner)


SECTIONS = dict(
    re.findall(r"^## `fleet-tui (.+?)`$(.*?)(?=^## |\Z)", JSON.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
"""What the document says of the JSON of each command."""


def test_the_json_of_every_command_is_described() -> None:
    assert set(SECTIONS) == (READ | OF_THIS_MACHINE).keys() - {"status"}


def test_every_field_of_a_command_is_described(run: Program) -> None:
    run("qa", "set", "Scripts", "pass", "--yes")  # a line for the journal
    for command, section in SECTIONS.items():
        documented = set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))
        code, out, _ = run(*command.split(), "--format", "json")
        found = json.loads(out)
        assert (command, code, found.pop("format")) == (command, (READ | OF_THIS_MACHINE)[command], 1)
        if command == "freeze status":  # the rest is described with `status`
            elsewhere = told(run)["freeze"]
            found = {name: value for name, value in found.items() if name not in elsewhere}
        shown = set(names(found))
        assert (command, shown - documented) == (command, set())
        never_in_the_demo = {name for name in documented - shown if name.startswith(("unreadable.", "failing_checks."))}
        assert (command, documented - shown) == (command, never_in_the_demo)
