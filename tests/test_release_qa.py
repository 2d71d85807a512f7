"""Release QA issues: which they are, and how new ones are made."""

from __future__ import annotations

import pytest

from fleet_tui.domain.checklist import read
from fleet_tui.domain.release_qa import components, is_release_qa, new_body, version_in
from tests.bodies import TASK_LIST, TEMPLATE

PATTERNS = (r"^release qa\b", r"\bsmoke tests?$")


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Release QA: 4.45.0", True),
        ("release qa (fleetd): 1.22.0", True),
        ("4.45.1 smoke tests", True),
        ("Improve release QA", False),
        ("Smoke tests are flaky", False),
        ("", False),
    ],
)
def test_which_issues_are_release_qa(title: str, is_one: bool) -> None:
    assert is_release_qa(title, PATTERNS) is is_one


@pytest.mark.parametrize(
    ("title", "version"),
    [
        ("Release QA: 4.45.0", "4.45.0"),
        ("Release QA: v4.45.1", "4.45.1"),
        ("Release QA: 4.45.0-rc1", "4.45.0-rc1"),
        ("Release QA: 4.45", None),
    ],
)
def test_the_version_in_a_title(title: str, version: str | None) -> None:
    assert version_in(title) == version


def test_a_core_release_with_one_component() -> None:
    issue = new_body(TEMPLATE, "4.45.0", core=True, fleetd={"orbit"})
    assert issue.title == "Release QA: 4.45.0"
    assert issue.labels == ("#g-mdm", "#g-endpoint-ops", ":release")
    assert issue.assignees == ("xpkoala", "sabrinabuckets")
    assert issue.body.startswith("# Goal: easy-to-follow")
    assert "run `fleetctl version`): 4.45.0\n" in issue.body
    agent = issue.body.partition("## `fleetd` agent:")[2].partition("### Prerequisites")[0]
    assert agent == (
        "\n\nIncludes updates to: \n- Orbit: True\n- Desktop: False\n- Chrome extension: False\n\n"
        "List versions changes for any component updates below: \n<!-- Remove items without updates -->\n"
        "- Orbit `v1.xx.x` > `v1.xx.x`\n\n"
    )
    assert len(read(issue.body).items) == 17


def test_a_core_release_alone() -> None:
    body = new_body(TEMPLATE, "4.45.0", core=True, fleetd=()).body
    assert list(read(body).by_section) == ["Fleet core"]
    assert "fleetd` agent" not in body
    assert body.rstrip().endswith("should block release or not as needed:")


def test_a_fleetd_release_alone() -> None:
    issue = new_body(TEMPLATE, "1.22.0", core=False, fleetd={"Orbit", "Desktop"})
    assert list(read(issue.body).by_section) == ["fleetd agent"]
    assert "Web browser" not in issue.body
    assert "# Smoke Tests" in issue.body
    assert "1.22.0" not in issue.body


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_newer_template(line_end: str) -> None:
    template = TASK_LIST.replace("\n", line_end)
    issue = new_body(template, "1.22.0", core=False, fleetd={"Chrome extension"})
    assert issue.title == "Release QA (fleetd): 1.22.0"
    assert (issue.labels, issue.assignees) == (("#g-orchestration", ":release"), ("xpkoala",))
    assert [line for line in issue.body.splitlines() if "v1.xx.x" in line] == [
        "- Chrome extension: True : `v1.xx.x` > `v1.xx.x`"
    ]
    assert [item.id for item in read(issue.body).items] == [item.id for item in read(template).items]
    assert line_end == "\n" or "\n" not in issue.body.replace("\r\n", "")


def test_the_components_of_a_template() -> None:
    assert components(TEMPLATE) == components(TASK_LIST) == ("Orbit", "Desktop", "Chrome extension")


MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 10))
"""It makes a mapping of nine to the ninth."""


@pytest.mark.parametrize(
    ("template", "title", "labels"),
    [
        ("Body", "Release QA: 4.45.0", ()),
        ("---\ntitle: ''\nlabels: ''\n---\n\nBody", "Release QA: 4.45.0", ()),
        ("---\ntitle: Release QA\nlabels: [a, 'b', 3, a]\n---\nBody", "Release QA: 4.45.0", ("a", "b")),
        ("---\r\ntitle: 'QA: '\r\nlabels: bug, ~x\r\n---\r\n\r\nBody", "QA: 4.45.0", ("bug", "~x")),
        ("---\n- a list\n---\nBody", "Release QA: 4.45.0", ()),
        ("---\ntitle: {\n---\nBody", "Release QA: 4.45.0", ()),
        ("---\ndue: 2024-99-99\n---\nBody", "Release QA: 4.45.0", ()),
        ("---\n" + "[" * 500 + "\n---\nBody", "Release QA: 4.45.0", ()),
        (f"---\n{MERGES}---\nBody", "Release QA: 4.45.0", ()),
        ("---\ntitle: !!timestamp soon\n---\nBody", "Release QA: 4.45.0", ()),
        ("---\n" + "a: b\n" * 100_000 + "---\nBody", "Release QA: 4.45.0", ()),
    ],
    ids=["none", "empty", "list", "CRLF", "no mapping", "no YAML", "no such day", "too deep", "bomb", "tag", "huge"],
)
def test_front_matter(template: str, title: str, labels: tuple[str, ...]) -> None:
    issue = new_body(template, "4.45.0", core=True, fleetd=())
    assert (issue.title, issue.labels, issue.body) == (title, labels, "Body")


def test_a_version_that_is_filled_in_stays() -> None:
    template = "**Fleet version:** 4.44.0\n**Fleet version** (again): \n"
    body = new_body(template, "4.45.0", core=True, fleetd=()).body
    assert body == "**Fleet version:** 4.44.0\n**Fleet version** (again): 4.45.0\n"
