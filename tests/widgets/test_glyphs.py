"""Every sign is one cell wide and is text, not a picture."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len
from wcwidth import wcwidth

from fleet_tui.widgets import glyphs

SIGNS = {name: sign for name, sign in vars(glyphs).items() if name.isupper()}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_a_sign_takes_one_cell(sign: str) -> None:
    assert len(sign) == 1
    assert wcwidth(sign) == cell_len(sign) == 1
    assert unicodedata.east_asian_width(sign) not in {"W", "F"}
