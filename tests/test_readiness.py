"""Which groups are ready for the release, and which are not."""

from __future__ import annotations

import pytest

from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.readiness import ready_comment, ready_groups, why_not_ready
from tests.helpers import config

MDM, OPS = "#g-mdm", "#g-endpoint-ops"
DONE, OPEN = Progress(3, 3, 0, 0, 0), Progress(6, 2, 1, 2, 1)


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("#g-mdm is ready", True),
        ("@lukeheath #g-mdm is ready for 4.45.0: 3 of 3 tests passed.", True),
        ("@lukeheath @mna #G-MDM is Ready!", True),
        ("Some words.\n\n  #g-mdm is ready", True),
        ("Some words. #g-mdm is ready", False),
        ("> #g-mdm is ready", False),
        ("#g-mdm is readying itself", False),
        ("#g-mdm is not ready", False),
        ("#g-mdm-2 is ready", False),
        ("Is #g-mdm is ready?", False),
        ("", False),
    ],
)
def test_what_counts_as_ready(text: str, ready: bool) -> None:
    assert ready_groups([("xpkoala", text)], [MDM]) == ({MDM: "xpkoala"} if ready else {})


def test_each_group_for_itself_and_the_last_who_said_it() -> None:
    said = [("mna", f"{MDM} is ready"), ("xpkoala", f"{OPS} is ready"), ("sabrinabuckets", f"{MDM} is ready")]
    assert ready_groups(said, [MDM, OPS, "#g-x"]) == {MDM: "sabrinabuckets", OPS: "xpkoala"}


def test_a_label_is_no_pattern() -> None:
    assert ready_groups([("mna", "g is ready")], ["g.*", "(", "g"]) == {"g": "mna"}


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (DONE, ""),
        (Progress(0, 0, 0, 0, 0), ""),
        (Progress(3, 2, 0, 1, 0), "Of 3 tests, 1 untested."),
        (Progress(3, 2, 1, 0, 0), "Of 3 tests, 1 failed."),
        (Progress(3, 2, 0, 0, 1), "Of 3 tests, 1 not clear."),
        (OPEN, "Of 6 tests, 2 untested and 1 failed and 1 not clear."),
    ],
)
def test_what_is_missing(figures: Progress, words: str) -> None:
    assert why_not_ready(figures) == words


@pytest.mark.parametrize("override", [False, True])
@pytest.mark.parametrize("figures", [DONE, OPEN])
def test_the_comment_is_read_back_as_ready_and_says_what_is_missing(figures: Progress, override: bool) -> None:
    text = ready_comment(MDM, "4.45.0", figures, config(), override=override)
    assert ready_groups([("mna", text)], [MDM, OPS]) == {MDM: "mna"}
    assert text.startswith("@lukeheath ")
    assert (f"{figures.untested} untested" in text) is (override or figures is OPEN)
    assert ("although not every test passed" in text) is override
