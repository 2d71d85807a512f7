"""What is typed after `/` on the bug board."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_filter import IS, Filter, Term, parse
from tests.bugs import bug

ONE = bug(
    "#g-mdm",
    "~critical bug",
    "P1",
    "customer-acme",
    number=16402,
    title="Hosts page re-enrolls: blank",
    assignees=("Sabrina",),
)


def shown(text: str, *, overdue: bool = False, me: str = "mna") -> bool:
    return parse(text).matches(ONE, Config(), overdue=overdue, me=me)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hosts",
        "HOSTS blank",
        '"hosts page"',
        "16402",
        "#16402",
        "re-enrolls:",
        "-login",
        "label:p1",
        'label:"~critical bug"',
        "label:~crit",
        "label:customer-",
        "-label:p2",
        '-label:"~release blocker" hosts',
        "assignee:sab",
        "assignee:@sabrina",
        "group:mdm",
        "group:#g-mdm",
        "-group:endpoint",
        "is:critical",
        "-is:blocker",
        "-is:unassigned",
        "LABEL:P1 IS:Critical",
    ],
)
def test_a_bug_is_shown(text: str) -> None:
    assert shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "login",
        "hosts login",
        '"page hosts"',
        "-hosts",
        "label:bugs",
        "label:critical",
        "-label:p1",
        '-label:"~critical bug"',
        "assignee:mna",
        "group:endpoint",
        "is:blocker",
        "is:unassigned",
        "is:overdue",
        "is:mine",
        "hosts -is:critical",
        "http://hosts",
    ],
)
def test_a_bug_is_not_shown(text: str) -> None:
    assert not shown(text)


def test_overdue_and_mine_depend_on_the_hour_and_on_me() -> None:
    assert shown("is:overdue", overdue=True)
    assert not shown("-is:overdue", overdue=True)
    assert shown("is:mine", me="sabrina")
    assert not parse("is:mine").matches(bug(), Config(), overdue=False, me="")


@pytest.mark.parametrize(
    "half",
    ["label:", 'label:"', 'label:"~crit', "-group:", "-group:end", "is:", "is:crit", "-is:bl", "assignee:s", "-"],
)
def test_a_term_that_is_half_typed_hides_nothing_that_it_will_show(half: str) -> None:
    assert shown(f"hosts {half}")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("label:", ()),
        ("-", ()),
        ('"', ()),
        ('label:"', ()),
        ("-label:", ()),
        ('label:"~crit', (Term("label", "~crit"),)),
        ("-x", (Term("", "x", negated=True),)),
        ("fleetctl: gitops", (Term("", "fleetctl:"), Term("", "gitops"))),
    ],
)
def test_half_typed_text(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == Filter(terms)


def test_a_quality_that_is_not_known_counts_for_nothing_and_is_told() -> None:
    found = parse("is:over hosts is:nice")
    assert found.unknown == ("over", "nice")
    assert found.terms == (Term("", "hosts"),)


@given(st.text(alphabet=st.characters() | st.sampled_from('":- labelis')))
def test_any_text_is_a_filter(text: str) -> None:
    parse(text).matches(ONE, Config(), overdue=True, me="mna")


@given(st.sampled_from(["hosts", "login", "label:p1", "assignee:mna", "group:mdm", *(f"is:{one}" for one in IS)]))
def test_a_minus_turns_it_round(text: str) -> None:
    assert shown(text) is not shown(f"-{text}")


@pytest.mark.parametrize("text", Config().bugs.filters.values())
def test_the_saved_filters_are_understood(text: str) -> None:
    assert parse(text).terms
    assert not parse(text).unknown
