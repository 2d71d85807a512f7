"""Bodies of release QA issues: those in `tests/data`, and generated ones as people leave them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from fleet_tui.domain.checklist import Verdict

DATA = Path(__file__).parent / "data"


def body(name: str) -> str:
    """A file of `tests/data`, line ends as they are."""
    return (DATA / name).read_bytes().decode()


TEMPLATE = body("release-qa-template.md")
TASK_LIST = body("task-list.md")
MANGLED = body("mangled.md")

SPELLINGS: dict[Verdict, tuple[str, ...]] = {
    Verdict.UNTESTED: (
        "", " ", "\n\n", "pass/fail", "Pass/Fail", "PASS / FAIL", "pass or fail", "fail/pass", "**pass/fail**", "- [ ]",
        "[ ]", "- [ ] pass/fail", "pass/fail (no device yet)", "<!-- pass -->",
    ),
    Verdict.PASS: (
        "pass", "Pass", "PASS ✅", "✅ pass", "✅", "✅✅", ":white_check_mark:", ":heavy_check_mark:", "passed",
        "passes", "✔", "✔\ufe0f", "☑\ufe0f", "✓", "👍", ":+1:", "pass/~~fail~~", "pass / <del>fail</del>",
        "~~pass/fail~~ pass", "pass/fail ✅", "**pass**", "<b>pass</b>", '<span style="color:green">Pass</span>',
        "`pass`", "_pass_", "pass (see notes)", "pass - see #123", "pass, see #123", "pass.", "pass with #12 open",
        "pass<br>on macOS 14", "pass\n\nOn macOS 14.", "**pass - see #1**", "- [x]", "- [x] on macOS", "* [X]",
        "[x] pass", "pass <!-- by me -->",
    ),
    Verdict.FAIL: (
        "fail", "Fail", "FAIL ❌", "❌", ":x:", "failed", "fails", "failure", "✖\ufe0f", "✗", "~~pass~~/fail",
        "<s>pass</s>/fail", "**~~pass~~/fail**", "failed - see #123", "failed: see #123", "fail #123", "❌ #123",
        "fail [#123](https://github.com/fleetdm/fleet/issues/123)", "- [ ] ❌", "failed - fails in Safari alone",
    ),
    Verdict.OTHER: (
        "N/A", "skipped", "blocked", "blocked by #7", "pass fail", "pass ❌", "pass, fail on Windows",
        "pass pending retest", "passable", "not pass", "pass?", "pass/maybe", "failover", "password", "~~pass/fail~~",
        "?", "pass - [x] fail - [ ]", "- [x] fail", "- [ ] pass - [ ] fail", "~~", "**", "🤷",
        "pass/fail - failed on Windows",
    ),
}  # fmt: skip

WORDS = st.sampled_from(
    [
        "Login flow",
        "Host `flow`",
        "<b>Scripts</b>",
        "iOS/iPadOS",
        "MDM & more",
        "`fleetd` tests",
        "Update_flow",
        "Ünïcode 🎉",
    ]
)
CELLS = st.sampled_from(
    [
        "",
        "Do it.",
        "\n\n1. one\n2. `two`\n",
        "a<br>b",
        "see [this](https://x/y) ",
        "*x",
        "- [ ] not a test",
        "a < b",
        "`",
    ]
)
ROWS = st.sampled_from(
    [
        "<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n",
        "<td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n",
        "<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td>\n",
        "<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</tr>\n",
        "<tr><td>{0}<td>{1}<td>{2}<td>{3}\n",
        '<TR class="x">\n<TD>{0}</TD>\n<TD>{1}</TD>\n<TD>{2}</TD>\n<TD align=left> {3} </TD>\n</TR>\n\n',
        "<tr>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n",
        "<tr><td>{0}</td><td>{1}</td><td>{2}\n",
        "<tr><td>{0}</td><td>{3}</td></tr>\n",
        "<tr><th>{0}</th><td>{1}</td><td>{2}</td><td>\n{3}\n</td></tr>\n",
    ]
)
JUNK = st.sampled_from(
    [
        "",
        "\n",
        "text  \n",
        "<!-- <tr><td>x</td></tr> -->\n",
        "```\n<td>code</td>\n```\n",
        "</td>",
        "<br>",
        "- [ ] Task\n",
        "🎉\n",
    ]
)
HEADER = "<tr><th>Test name</th><th>Step instructions</th><th>Expected result</th><th>pass/fail</td></tr>\n"
SPELLED = st.sampled_from([text for texts in SPELLINGS.values() for text in texts])


@st.composite
def tables(draw: st.DrawFn) -> str:
    """One table, whole or not."""
    rows = draw(st.lists(st.tuples(ROWS, WORDS, CELLS, CELLS, SPELLED, JUNK), max_size=5))
    inside = "".join(row.format(*cells) + junk for row, *cells, junk in rows)
    begin, end = draw(st.sampled_from([("<table>\n", "</table>\n"), ("<table>\n", "\n"), ("", "\n")]))
    return begin + draw(st.sampled_from([HEADER, HEADER.replace("</td></tr>", ""), ""])) + inside + end


TASKS = st.lists(
    st.tuples(st.sampled_from(["- [ ] ", "* [x] ", "  - [X] ", "1. [ ] ", "- [ ] ❌ ", "- [ ] ❌ ✅  "]), WORDS),
    max_size=4,
).map(lambda tasks: "**Progress**\n" + "".join(mark + word + "\n" for mark, word in tasks))
HEADINGS = st.sampled_from(
    ["# Smoke\n", "## Fleet core:\n", "## `fleetd` agent:\n", "### Notes\n\nFound:\n", "### Prerequisites\n"]
)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])
GENERATED = st.builds(
    lambda parts, line_end: "".join(parts).replace("\n", line_end),
    st.lists(st.one_of(tables(), tables(), TASKS, HEADINGS, JUNK), max_size=7),
    LINE_ENDS,
)


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """A real body of which pieces were deleted, doubled, moved, or that got junk."""
    text = draw(st.sampled_from([TEMPLATE, TASK_LIST, MANGLED]))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 60))
        to = draw(st.integers(0, len(text)))
        how = draw(st.sampled_from(["delete", "double", "insert"]))
        if how == "delete":
            text = text[:start] + text[end:]
        elif how == "double":
            text = text[:to] + text[start:end] + text[to:]
        else:
            text = text[:to] + draw(st.one_of(JUNK, ROWS, st.text(max_size=5))) + text[to:]
    return text


BODIES = st.one_of(GENERATED, mutilated())
