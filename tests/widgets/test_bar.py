"""The bar of figures."""

from __future__ import annotations

import pytest

from fleet_tui.theme import Tone
from fleet_tui.widgets.bar import EMPTY, FULL, bar, gauge


@pytest.mark.parametrize(
    ("done", "failed", "total", "cells"),
    [
        (0, 0, 10, (0, 0, 10)),
        (10, 0, 10, (10, 0, 0)),
        (0, 10, 10, (0, 10, 0)),
        (5, 2, 10, (5, 2, 3)),
        (1, 1, 1000, (1, 1, 8)),
        (999, 1, 1000, (9, 1, 0)),
        (20, 20, 10, (0, 10, 0)),
    ],
)
def test_each_figure_has_its_cells(done: int, failed: int, total: int, cells: tuple[int, int, int]) -> None:
    shown = bar(done, failed, total, 10)
    good, bad, left = cells
    assert shown.plain == FULL * (good + bad) + EMPTY * left
    styles = {str(span.style): span.end - span.start for span in shown.spans if span.end > span.start}
    expected = {str(Tone.DONE): good, str(Tone.ACT): bad, str(Tone.OLD): left}
    assert styles == {tone: width for tone, width in expected.items() if width}


@pytest.mark.parametrize(("total", "width"), [(0, 10), (-1, 10), (10, 0), (10, -3)])
def test_of_nothing_there_is_no_bar(total: int, width: int) -> None:
    assert bar(1, 1, total, width).plain == ""


@pytest.mark.parametrize(("share", "used"), [(0.0, 0), (0.001, 1), (0.5, 5), (0.97, 9), (0.999, 9), (1.0, 10)])
def test_of_what_is_used_up_and_of_what_is_left_something_is_always_seen(share: float, used: int) -> None:
    shown = gauge(share, 10, Tone.SOON)
    assert shown.plain == FULL * used + EMPTY * (10 - used)
    assert (str(Tone.SOON) in {str(span.style) for span in shown.spans if span.end > span.start}) is (used > 0)
