"""Issue templates: front matter and body, whatever people wrote into them."""

from __future__ import annotations

import pytest

from fleet_tui.domain.issue_template import IssueTemplate, read_template


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("---\nname: X\ntitle: 'T: '\nlabels: a, 'b'\n---\nbody\n", IssueTemplate("T:", ("a", "'b'"), (), "body\n")),
        (
            "---\nlabels: [':release', story, 7]\nassignees: mna\n---\n\n\nb",
            IssueTemplate("", (":release", "story"), ("mna",), "b"),
        ),
        ("\ufeff---\r\nlabels: a,, a\r\n---\r\nbody\r\n", IssueTemplate("", ("a",), (), "body\r\n")),
        ("no front matter\n---\n", IssueTemplate("", (), (), "no front matter\n---\n")),
        ("---\n[ this is: no yaml\n---\nbody", IssueTemplate("", (), (), "body")),
        ("---\n- a list\n---\nbody", IssueTemplate("", (), (), "body")),
        ("---\ndue: 2024-99-99\n---\nbody", IssueTemplate("", (), (), "body")),
        ("---\ntitle: 5\nlabels: 5\n---\n", IssueTemplate("", (), (), "")),
        ("", IssueTemplate("", (), (), "")),
    ],
)  # fmt: skip
def test_a_template_is_read(text: str, read: IssueTemplate) -> None:
    assert read_template(text) == read
