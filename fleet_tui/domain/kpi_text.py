"""The weekly figures as text: for people, for sheets, for programs, for documents."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from fleet_tui.domain.kpis import OPEN_STATES, Kpis

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADER = ("week", "opened", "closed", "open", *(state.value for state in OPEN_STATES))


def row(kpis: Kpis) -> tuple[str | int | None, ...]:
    """The cells under `HEADER`; None for what is not known."""
    return (str(kpis.week), kpis.opened, kpis.closed, kpis.open, *(kpis.in_state(state) for state in OPEN_STATES))


def as_table(weeks: Iterable[Kpis]) -> str:
    """For the eye: a line for each figure, a column for each week, numbers right; `–` for what is not known."""
    rows = [*zip(HEADER, *map(_shown, weeks), strict=True)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(_line(cells, widths) for cells in rows)


def as_csv(weeks: Iterable[Kpis]) -> str:
    """A header and a row a week; an empty cell for what is not known."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADER, *map(row, weeks)])
    return text.getvalue()


def as_json(weeks: Iterable[Kpis]) -> str:
    """A list of weeks, oldest first; null for what is not known."""
    shown = {"format": FORMAT, "weeks": [*map(_fields, weeks)]}
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"


def as_markdown(weeks: Iterable[Kpis]) -> str:
    """A table of GitHub's Markdown; `–` for what is not known."""
    rows = [HEADER, ("---", *["---:"] * (len(HEADER) - 1)), *map(_shown, weeks)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


FORMATS: Mapping[str, Callable[[Iterable[Kpis]], str]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
    "md": as_markdown,
}


def _fields(kpis: Kpis) -> dict[str, Any]:
    states = {state.value: kpis.in_state(state) for state in OPEN_STATES}
    return {
        "week": str(kpis.week),
        "opened": kpis.opened,
        "closed": kpis.closed,
        "open": kpis.open,
        "states": states if kpis.states is not None else None,
    }


def _shown(kpis: Kpis) -> tuple[str, ...]:
    return tuple("–" if cell is None else str(cell) for cell in row(kpis))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "  ".join(padded).rstrip() + "\n"
