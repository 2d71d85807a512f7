"""The line in which the filter of a screen is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FilterLine(Input):
    """While it is typed in, the footer says how it is left: every other key is a letter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep filter"),
        Binding("escape", "screen.show_all_rows", "Show all"),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder="Filter: words that a row must contain. Esc shows all.", id="filter")
