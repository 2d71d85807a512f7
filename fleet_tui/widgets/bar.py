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


def _cells(count: int, total: int, width: int) -> int:
    return max(1, round(count * width / total)) if count else 0
