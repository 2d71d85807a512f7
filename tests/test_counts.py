"""One is one, and several are several: wherever a number stands before what is counted."""

from __future__ import annotations

import pytest

from fleet_tui.domain.counts import are, counted


@pytest.mark.parametrize(
    ("number", "things", "verb"),
    [(0, "0 bugs", "0 are"), (1, "1 bug", "1 is"), (2, "2 bugs", "2 are"), (1200, "1,200 bugs", "1,200 are")],
)
def test_a_number_of_things(number: int, things: str, verb: str) -> None:
    assert (counted(number, "bug"), are(number)) == (things, verb)
