"""A bar of figures: done, failed, and what is left."""

from __future__ import annotations

from textual.content import Content

from fleet_tui.theme import Tone

FULL, EMPTY = "━", "─"


def bar(done: int, failed: int, total: int, width: int) -> Content:
    """`width` cells: `done` and `failed` of `total`, and the rest. What is not nothing gets a cell at least."""
    if total <= 0 or width <= 0:
        return Content()
    cells = [_cells(count, total, width) for count in (failed, done)]
    bad = min(cells[0], width)
    good = min(cells[1], width - bad)
    return Content.assemble((FULL * good, Tone.DONE), (FULL * bad, Tone.ACT), (EMPTY * (width - good - bad), Tone.OLD))


def gauge(share: float, width: int, tone: Tone) -> Content:
    """`width` cells, of which the `share` (0 to 1) that is used up has the `tone`; what is left is dim.

    As long as anything is left it has a cell.
    """
    used = _cells(round(share * 1000), 1000, width)
    used = min(used, width - 1) if share < 1 else used
    return Content.assemble((FULL * used, tone), (EMPTY * (width - used), Tone.OLD))


def _cells(count: int, total: int, width: int) -> int:
    return max(1, round(count * width / total)) if count else 0
