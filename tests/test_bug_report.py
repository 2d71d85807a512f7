"""The report of a bug that was met while testing a release."""

from __future__ import annotations

from importlib.resources import files

import pytest

from fleet_tui.domain.bug_report import bug_report
from fleet_tui.domain.checklist import Item, read
from fleet_tui.domain.release_qa import NewIssue
from tests.helpers import config

TEMPLATE = files("fleet_tui.simulator").joinpath("data", "bug-report.md").read_text("utf-8")
TABLE = """# Core

<table>
<tr><td>Test name</td><td>Steps</td><td>Expected result</td><td>pass/fail</td></tr>
<tr><td>Scripts</td><td>run a script</td><td>it runs</td><td>pass/fail</td></tr>
</table>

- [ ] Login
"""
SCRIPTS, LOGIN = read(TABLE).items


def made(item: Item = SCRIPTS, template: str = TEMPLATE, group: str = "#g-mdm", *, released: bool = False) -> NewIssue:
    """A report."""
    return bug_report(template, item, "4.45.0", 7, group, released=released, config=config())


@pytest.mark.parametrize(("released", "label"), [(False, "~unreleased bug"), (True, "~released bug")])
def test_the_labels_let_it_skip_the_inbox(released: bool, label: str) -> None:
    assert made(released=released).labels == ("bug", label, "#g-mdm", ":release")


@pytest.mark.parametrize(
    ("group", "assignees"), [("#g-mdm", ("georgekarrv",)), ("#g-endpoint-ops", ("sharon-fdm",)), ("", ()), ("#g-x", ())]
)
def test_the_manager_of_the_group_gets_it(group: str, assignees: tuple[str, ...]) -> None:
    assert made(group=group).assignees == assignees
    assert "" not in made(group=group).labels


def test_version_steps_and_expected_result_stand_in_the_text() -> None:
    body = made().body
    assert "`fleetctl --version` --> 4.45.0\n" in body
    assert "### 🧑‍💻  Steps to reproduce\n\nrun a script\n\n### " in body, "in place of the template's TODO"
    assert body.endswith("## Expected\n\nit runs\n\nFound in #7, test “Scripts”.\n")


def test_a_heading_of_the_template_takes_the_expected_result() -> None:
    body = made(template="## Expected behavior\n\n## Steps\n").body
    assert body == "## Expected behavior\n\nit runs\n\n## Steps\n\nrun a script\n\nFound in #7, test “Scripts”.\n"


def test_a_test_without_steps_leaves_the_template_as_it_is() -> None:
    body = made(LOGIN).body
    assert "Expected" not in body
    assert "1. TODO" in body
    assert body.endswith("Found in #7, test “Login”.\n")


def test_an_empty_template_is_enough() -> None:
    new = made(template="")
    assert new.title == "Scripts: "
    assert "it runs" in new.body
