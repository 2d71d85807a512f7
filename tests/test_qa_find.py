"""Finding a test by what a person typed: the one meant, or a refusal that helps."""

from __future__ import annotations

import pytest

from fleet_tui.domain.checklist import read
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.qa_find import find_item


def table(title: str, *names: str) -> str:
    rows = "".join(f"<tr><td>{name}</td><td>Look.</td><td>It works.</td><td>pass/fail</td></tr>\n" for name in names)
    head = "<tr><th>Test name</th><th>Step instructions</th><th>Expected result</th><th>pass/fail</th></tr>"
    return f"# {title}\n\n<table>\n{head}\n{rows}</table>\n\n"


ITEMS = read(
    table("Fleet core", "Login flow", "Update flow", "Query", "Query")
    + table("`fleetd` agent", "`fleetd` tests", "Update flow")
).items


SECTIONS = "“Fleet core”, “fleetd agent”"


@pytest.mark.parametrize(
    ("name", "options", "place"),
    [
        ("Login flow", {}, 0),
        ("  login   FLOW ", {}, 0),
        ("fleetd tests", {}, 4),
        ("`fleetd` tests", {}, 4),
        ("Update flow", {"section": "fleet core"}, 1),
        ("Update flow", {"section": "fleetd agent"}, 5),
        ("Query", {"nth": 1}, 2),
        ("Query", {"nth": 2, "section": "Fleet core"}, 3),
    ],
)
def test_the_one_that_is_meant(name: str, options: dict[str, object], place: int) -> None:
    assert find_item(ITEMS, name, **options) is ITEMS[place]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("flow", {}, "There is no test “flow”. Did you mean “Login flow” or “Update flow”?"),
        ("Logn flow", {}, "There is no test “Logn flow”. Did you mean “Login flow” or “Update flow”?"),
        ("zzz", {}, "There is no test “zzz”."),
        ("", {}, "There is no test “”."),
        ("Update flow", {}, f"There are 2 tests of that name. Name the section (--section): {SECTIONS}."),
        ("Query", {}, "There are 2 tests of that name. Say which (--nth): 1 to 2."),
        ("Query", {"nth": 3}, "There are 2 tests of that name, and no 3. Say which (--nth): 1 to 2."),
        ("Query", {"section": "Nowhere"}, f"There is no section “Nowhere” with tests. There are: {SECTIONS}."),
        ("Query\x1b[2J", {}, "There is no test “Query[2J”. Did you mean “Query”?"),
    ],
)  # fmt: skip
def test_a_refusal_helps(name: str, options: dict[str, object], said: str) -> None:
    with pytest.raises(Failure) as caught:
        find_item(ITEMS, name, **options)  # type: ignore[arg-type]
    assert caught.value.problem.text == said
    assert caught.value.problem.cause is Cause.REFUSED
