"""Reading the body of a release QA issue."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_tui.domain.checklist import Checklist, Item, ItemId, NoteId, Progress, Verdict, read
from tests.bodies import BODIES, HEADER, MANGLED, SPELLINGS, TASK_LIST, TEMPLATE

CORE = [
    "Update flow", "Login flow", "Query flow", "Host Flow", "Packs flow", "Log destination flow", "My device page",
    "MDM enrollment flow", "Scripts", "OS settings", "Setup experience", "OS updates", "Migration Test",
    "Migration Test with Percona XtraDB MySQL Server", "Release blockers",
]  # fmt: skip
AGENT = ["`fleetd` tests", "`fleetd` auto-update tests"]
NOTES = [
    "Issues found new to this version",
    "Issues found that reproduce in last stable version",
    "What has not been tested",
    "Include any notes on whether issues should block release or not as needed",
]
CRLF = TEMPLATE.replace("\n", "\r\n")


def table(*rows: str) -> str:
    """A table with the usual header."""
    return "<table>\n" + HEADER + "\n".join(rows) + "\n</table>\n"


def row(name: str = "Login flow", verdict: str = "pass/fail") -> str:
    """A well-formed row."""
    return f"<tr><td>{name}</td><td>Do it.</td><td>Done.</td><td>{verdict}</td></tr>"


def only(body: str) -> Item:
    """The one test in `body`."""
    (item,) = read(body).items
    return item


def named(checklist: Checklist, name: str) -> Item:
    """The first test of this name in normalised form."""
    return next(item for item in checklist.items if item.id.name == name)


@pytest.mark.parametrize(
    "body", [TEMPLATE, CRLF, TEMPLATE.partition("---\n\n#")[2]], ids=["lf", "crlf", "no front matter"]
)
def test_the_real_template(body: str) -> None:
    checklist = read(body)
    assert [section.title for section in checklist.sections] == ["Fleet core", "fleetd agent"]
    assert {title: [item.name for item in items] for title, items in checklist.by_section.items()} == {
        "Fleet core": CORE,
        "fleetd agent": AGENT,
    }
    assert checklist.progress() == Progress(total=17, passed=0, failed=0, untested=17, other=0)
    assert checklist.progress(checklist.sections[1]).total == 2
    assert not checklist.not_understood
    assert [[note.title for note in section.notes] for section in checklist.sections] == [NOTES, NOTES]
    assert [field.title for field in checklist.sections[0].fields] == ["Fleet version", "Web browser"]


def test_a_row_without_its_opening_tag_is_read_like_any_other() -> None:
    item = read(TEMPLATE).items[-1]
    assert item.id == ItemId("fleetd agent", "fleetd auto-update tests", 0)
    assert item.steps.startswith("1. Conduct the [`fleetd` auto-update n+1 test]")
    assert item.steps.splitlines()[1] == "2. QA certifies new release by commenting in issue."
    assert item.expected.endswith("4. Confirms agents running on `stable` receive the new update.")
    assert item.verdict is Verdict.UNTESTED
    assert TEMPLATE.splitlines()[item.line - 1] == "<td>`fleetd` auto-update tests</td>"


def test_tick_boxes_get_steps_from_the_table_below() -> None:
    checklist = read(TASK_LIST)
    assert [(item.section, item.id.name, item.verdict, item.expected) for item in checklist.items] == [
        ("fleetd", "enrollment & versions", Verdict.UNTESTED, "1. Each reports the right versions."),
        ("fleetd", "fleet desktop / my device page", Verdict.UNTESTED, "The page loads."),
        ("fleetd", "scripts", Verdict.PASS, "Both show in the activity feed."),
        ("fleetd", "fleetd auto-update tests", Verdict.FAIL, "The agent updates itself."),
        ("fleetd", "self-healing", Verdict.UNTESTED, ""),
        ("osquery", "osquery version", Verdict.PASS, ""),
        ("osquery", "packs flow", Verdict.UNTESTED, ""),
    ]
    assert "echo '</td></tr>- [ ] no test'" in named(checklist, "scripts").steps
    assert [(puzzle.line, puzzle.text) for puzzle in checklist.not_understood] == [(78, "Auto-updates disabled")]
    assert [note.text for note in checklist.notes] == ["- [ ] #123, which waits for a device"]


def test_mangled_tables() -> None:
    checklist = read(MANGLED)
    assert [
        (item.line, item.id.name, item.id.occurrence, item.verdict, item.verdict_text) for item in checklist.items
    ] == [
        (10, "login flow", 0, Verdict.PASS, "PASS ✅"),
        (11, "query flow", 0, Verdict.FAIL, "~~pass~~/fail"),
        (12, "host flow", 0, Verdict.FAIL, "failed"),
        (15, "packs flow", 0, Verdict.UNTESTED, "Pass/Fail"),
        (16, "ios/ipados", 0, Verdict.OTHER, ""),
        (21, "certificates", 0, Verdict.UNTESTED, ""),
        (25, "scripts", 0, Verdict.PASS, ":white_check_mark:"),
        (26, "software", 0, Verdict.OTHER, ""),
        (28, "login flow", 1, Verdict.OTHER, "<b>blocked</b> by #7"),
        (29, "os updates", 0, Verdict.UNTESTED, "pass/fail"),
        (40, "fleetd tests", 0, Verdict.PASS, "Pass"),
    ]
    assert [item.id.name for item in checklist.items if item.span is None] == ["ios/ipados", "software"]
    assert [(puzzle.line, puzzle.text) for puzzle in checklist.not_understood] == [
        (16, "iOS/iPadOS"),
        (26, "Software"),
        (41, "Without a name. ? pass/fail"),
        (42, "Between two rows"),
    ]
    assert named(checklist, "login flow").steps == "Log in.\nLog out."
    assert named(checklist, "ios/ipados").expected == "1. It is enrolled.\n2. Apps are there."
    assert named(checklist, "host flow").shown_verdict == "failed - see #123"


def test_notes_and_fields() -> None:
    checklist = read(MANGLED)
    assert {note.id: note.text for note in checklist.notes} == {
        NoteId("fleet core", "issues found new to this version", 0): "#123\nand #124 🎉",
        NoteId("fleet core", "what has not been tested", 0): "",
        NoteId("fleetd agent", "", 0): "Nothing so far.",
    }
    fields = checklist.sections[0].fields
    assert [(field.title, field.value) for field in fields] == [
        ("Fleet version", "4.45.0-rc1"),
        ("Web browser", "Firefox 121"),
    ]
    assert [MANGLED[slice(*field.span)] for field in fields] == ["4.45.0-rc1", "Firefox 121"]


@pytest.mark.parametrize(
    ("verdict", "text"), [(verdict, text) for verdict, texts in SPELLINGS.items() for text in texts]
)
def test_spellings(verdict: Verdict, text: str) -> None:
    item = only(table(row(verdict=text)))
    assert item.verdict is verdict
    if verdict is Verdict.OTHER:
        assert item.verdict_text == text


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("- [ ] Login flow", Verdict.UNTESTED),
        ("  * [x] Login flow", Verdict.PASS),
        ("1. [X] Login flow", Verdict.PASS),
        ("> - [✔] **Login** flow", Verdict.PASS),
        ("- [] Login flow", Verdict.UNTESTED),
        ("- [x] ✅ Login flow", Verdict.PASS),
        ("- [ ] ❌ Login flow", Verdict.FAIL),
        ("- [ ] :x: ~~Login flow~~", Verdict.FAIL),
        ("- [x] ❌ Login flow", Verdict.OTHER),
        ("- [ ] ✅ Login flow", Verdict.OTHER),
    ],
)
def test_tick_boxes(line: str, verdict: Verdict) -> None:
    item = only(f"## Core\n{line}\n")
    assert (item.id, item.verdict) == (ItemId("core", "login flow", 0), verdict)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "- [ ] ",
        "- [ ] $Name",
        "- [x](https://example.com)",
        "- [1] a footnote",
        "- [ ]no blank",
        "<!-- - [ ] Login flow -->",
        "~~~md\n- [ ] Login flow\n~~~",
        "<!--\n" + table(row()) + "-->",
        table(row("$Name")),
        table(row("{what to test}")),
        table("<tr><td></td><td> </td><td></td><td></td></tr>"),
        "<table><tr><td>Platform</td><td>macOS</td></tr></table>",
        "```\n" + table(row()) + "```",
    ],
)
def test_what_is_no_test(body: str) -> None:
    assert read(body) == Checklist()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("text\n<!-- " + table(row()), "never closed"),
        ("```\ntext", "never closed"),
        ("| Login flow | Do it. | Done. | pass/fail |", "Markdown table"),
        ("<table>lost</table>", "in no cell"),
        (table("<tr><td> </td><td>Do it.</td><td></td><td>pass</td></tr>"), "no test name"),
        (
            "<table><tr><th>Test name</th><th>Steps</th></tr><tr><td>Login</td><td>Do it.</td></tr></table>",
            "no tick box",
        ),
    ],
)
def test_what_is_not_understood_is_said(body: str, why: str) -> None:
    (puzzle,) = read(body).not_understood
    assert why in puzzle.why
    assert not read(body).items


def test_an_open_code_fence_hides_no_test() -> None:
    assert [item.name for item in read("```\n" + table(row())).items] == ["Login flow"]


def test_a_table_that_is_never_closed_ends_where_the_next_section_begins() -> None:
    body = f"## Core\n<table>{HEADER}{row()[:-10]}\n### Notes\n\nFound:\n#1\n\n## Agent\n{table(row())}"
    checklist = read(body)
    assert [item.id.section for item in checklist.items] == ["core", "agent"]
    assert [note.text for note in checklist.notes] == ["#1"]


def test_a_table_within_a_cell_is_part_of_it() -> None:
    inner = "<table><tr><td>x</td><td>y</td></tr></table>"
    item = only(table(row().replace("Do it.", inner)))
    assert (item.steps, item.verdict) == (inner, Verdict.UNTESTED)


def test_a_heading_within_a_cell_does_not_end_the_table() -> None:
    assert only(table(row().replace("Do it.", "\n\n# install\n\nx"))).verdict is Verdict.UNTESTED


def test_columns_go_by_their_titles() -> None:
    header = "<tr><th>Status</th><th>Test name</th><th>Expected result</th><th>Steps</th></tr>"
    item = only(f"<table>{header}<tr><td>fail</td><td>Login</td><td>In.</td><td>Go.</td></tr></table>")
    assert (item.name, item.verdict, item.steps, item.expected) == ("Login", Verdict.FAIL, "Go.", "In.")


def test_what_is_shown_obeys_no_escape_sequence_and_the_verdict_is_kept_as_it_is() -> None:
    item = only(table(row("Lo\x1bgin &amp; out", "N/A\x1b[31m")))
    assert (item.name, item.id.name) == ("Login & out", "login & out")
    assert (item.verdict_text, item.shown_verdict) == ("N/A\x1b[31m", "N/A[31m")


def test_markup_in_cells_becomes_markdown() -> None:
    steps = "Run <code>x</code>:<ul><li>a &lt;b&gt;</li><li><strong>c</strong></li></ul>"
    assert only(table(row().replace("Do it.", steps))).steps == "Run `x`:\n- a &lt;b&gt;\n- **c**"


def test_the_same_name_is_told_apart_by_section_and_occurrence() -> None:
    checklist = read(f"## A\n{table(row(), row('**Login**  FLOW'))}## B\n{table(row())}")
    assert [item.id for item in checklist.items] == [
        ItemId("a", "login flow", 0),
        ItemId("a", "login flow", 1),
        ItemId("b", "login flow", 0),
    ]
    assert checklist.find(ItemId("b", "login flow", 1)) is None


@settings(max_examples=100)
@given(
    st.one_of(BODIES, st.text(), st.text(st.sampled_from("<>/tdrhable -[]x#\n\r`~!*:|pasfil$")).map("<table>{}".format))
)
def test_reading_never_raises_and_ids_are_unique(body: str) -> None:
    checklist = read(body)
    ids = [item.id for item in checklist.items]
    assert len(set(ids)) == len(ids)
    for item in checklist.items:
        assert item.span is None or item.verdict_text == body[slice(*item.span)]
    for note in checklist.notes:
        assert note.text == body[slice(*note.span)].replace("\r\n", "\n")


LIMIT = 65_536
ADVERSARIAL = [
    "<td>", "<", "<td a", "</td>", "x</td>", "<table>", "<table><tr><td>", "<!--", "<!-- -->", "`", "```\n",
    "~~~\n```x\n", "# a\n", "# a\n<td>", "x:\n", "&", "&amp;", "[", "[a](", "**", "**a** (", "~~pass", "pass ",
    "pass/fail ", " \n", "|pass", "<td>pass - fail", "<tr><td>x</td><td>y</td></tr>", "- [ ] x\n", "- [ ] ❌ x\n",
    "\u200d", "\ud800",
]  # fmt: skip


@pytest.fixture(scope="module")
def longest() -> float:
    """Seconds that a body of the greatest length may take: 0.3, or on a busy machine a multiple of a usual body's."""
    return max(0.3, 12 * _seconds((TEMPLATE * 7)[:LIMIT]))


@pytest.mark.parametrize("before", ["<table><tr><td>a<td>b<td>c<td>", "# Notes\n"])
@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_reading_takes_time_in_proportion_to_the_length(before: str, piece: str, longest: float) -> None:
    body = (before + piece * LIMIT)[:LIMIT]
    assert any(_seconds(body) < longest for _ in range(3))


def test_fences_of_all_lengths_take_no_longer(longest: float) -> None:
    assert _seconds("".join("`" * length + "a\n" for length in range(360, 2, -1))) < longest


def _seconds(body: str) -> float:
    began = time.thread_time()
    read(body)
    return time.thread_time() - began
