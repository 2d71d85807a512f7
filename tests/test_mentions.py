"""Issues that a text mentions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.mentions import mentioned

HERE, ELSEWHERE = "https://github.com/fleetdm/fleet", "https://github.com/fleetdm/confidential"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("Fixes #12, see #34", [12, 34], id="numbers"),
        pytest.param("#12 and #12 again", [12], id="each once"),
        pytest.param("#34 before #12", [34, 12], id="in order"),
        pytest.param("(#12) [#13] *#14* #15.", [12, 13, 14, 15], id="in punctuation"),
        pytest.param(f"{HERE}/issues/12 {HERE}/pull/13/files", [12, 13], id="addresses"),
        pytest.param(f"[this]({HERE}/issues/12#issuecomment-345)", [12], id="address of a comment"),
        pytest.param("https://GitHub.com/FleetDM/Fleet/issues/12", [12], id="capitals do not matter"),
        pytest.param("https://git.example.com/fleetdm/fleet/issues/12", [12], id="enterprise server"),
        pytest.param("fleetdm/fleet#12", [12], id="this repository by name"),
        pytest.param("fleetdm/confidential#12", [], id="another repository by name"),
        pytest.param("confidential#12", [], id="a fork by name"),
        pytest.param(f"{ELSEWHERE}/issues/12", [], id="address in another repository"),
        pytest.param(f"{ELSEWHERE}/issues/12 and #13", [13], id="and a number after it"),
        pytest.param(f"[there]({ELSEWHERE}/issues/12)#13", [13], id="right after it"),
        pytest.param("github.com/other/repo/issues/12", [], id="address without https"),
        pytest.param("https://gitlab.com/group/project/-/issues/12", [], id="address on another forge"),
        pytest.param("https://fleet.sentry.io/issues/12345/", [], id="address of another tracker"),
        pytest.param("https://example.com/?tab=a#12", [], id="fragment of an address"),
        pytest.param("docs/issues/12", [], id="path"),
        pytest.param("run `make #12` then #13", [13], id="in code"),
        pytest.param("``a ` #12`` #13", [13], id="in code with a backtick"),
        pytest.param("```\n#12\n```\n#13", [13], id="in a block of code"),
        pytest.param("~~~sh\n#12\n", [], id="in a block of code that does not end"),
        pytest.param("it's a ` lone backtick #12", [12], id="after a lone backtick"),
        pytest.param("<!-- like Resolves #12 --> #13", [13], id="in a comment of the template"),
        pytest.param("<!-- #12", [], id="in a comment that does not end"),
        pytest.param("&#123; abc#12 ##12 /#12", [], id="no number of an issue"),
        pytest.param("#fff #12ab #", [], id="no number at all"),
        pytest.param("#0 #00", [], id="zero"),
        pytest.param("#12345678 #99999999999999999999", [], id="huge"),
        pytest.param("#٣", [], id="other digits"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_text_mentions_issues_of_this_repository(text: str, numbers: list[int]) -> None:
    assert list(mentioned(text, "fleetdm/fleet")) == numbers


SNIPPETS = st.sampled_from(
    ["#12", "#", "`", "```", "~~~", "\n", " ", "<!--", "-->", f"{HERE}/issues/1", "https://", "/pull/7", "٣", "a"]
)


@given(st.one_of(st.text(), st.lists(SNIPPETS).map("".join)), st.sampled_from(["fleetdm/fleet", "a.b/c+d", "(/)"]))
def test_no_text_is_too_strange(text: str, repository: str) -> None:
    numbers = mentioned(text, repository)
    assert all(0 < number < 10_000_000 for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("piece", ["`", "``` ", "`a``b```c", "<!--", "#", "https://x/", "~~~\n", "#1`"])
def test_a_text_of_64_kb_is_read_at_once(piece: str) -> None:
    started = time.process_time()
    mentioned(piece * (65_536 // len(piece)), "fleetdm/fleet")
    assert time.process_time() - started < 2  # a careless pattern needs minutes
