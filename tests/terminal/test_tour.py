"""The five minutes in the demo that README.md promises, played as they are written there."""

from __future__ import annotations

import sys
import time

import pytest

from tests.terminal.program import program
from tests.test_documents import rows

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

STEPS = [(press.strip("`"), sees.strip("“” ")) for press, sees, _ in rows("README.md", "press")]
FIVE_MINUTES = 300


def test_the_tour_leads_where_the_readme_says() -> None:
    assert len(STEPS) == 10
    began = time.monotonic()
    with program("demo") as demo:
        demo.sees("Critical and blocking")
        for press, sees in STEPS:
            assert not sees or sees not in demo.text, f"{sees} was there before {press} was pressed"
            demo.press(press)
            if sees:
                demo.sees(sees)
        assert demo.ends() == 0
    assert time.monotonic() - began < FIVE_MINUTES
