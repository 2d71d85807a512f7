"""A choice among a few things, each with a digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from fleet_tui.widgets.dialog import Answer, Dialog

T = TypeVar("T")


class Choose(Dialog[T | None]):
    """Asks which of `choices` (words and value, nine at most); Esc gives None."""

    DEFAULT_CSS = """
    Choose {
        & #answers { layout: vertical; height: auto; }
        & #answers Button { width: 100%; content-align: left middle; text-align: left; margin-left: 0;
            text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, title: str, choices: Sequence[tuple[str, T]]) -> None:
        answers: list[Answer[T | None]] = [
            Answer(str(number), words, value) for number, (words, value) in enumerate(choices[:9], 1)
        ]
        super().__init__(title, answers)

    def action_refuse(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

    def place_answers(self) -> int:
        """One below the other."""
        return 1
