"""The one big thing on a screen: the time left until the change that matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Digits, Static

from fleet_tui.theme import Tone

HOUR = timedelta(hours=1)


class Countdown(Vertical):
    """Big digits and what they count down to; empty without a moment."""

    DEFAULT_CSS = """
    Countdown {
        width: 26;
        height: 4;
        & Digits { width: 100%; text-align: right; }
        & Static { width: 100%; text-align: right; color: $text-muted; }
    }
    """

    def compose(self) -> ComposeResult:
        """Digits above words."""
        yield Digits()
        yield Static()

    def show(self, moment: datetime | None, words: str, now: datetime) -> None:
        """Count down to `moment`, called `words`."""
        figures, unit = figures_of(moment - now) if moment and moment > now else ("", "")
        digits, below = self.query_one(Digits), self.query_one(Static)
        caption = f"{unit} until {words}" if figures else ""
        if digits.value != figures:
            digits.update(figures)
        if str(below.content) != caption:
            below.update(Content.styled(caption, Tone.OLD))

    @staticmethod
    def is_close(moment: datetime | None, now: datetime) -> bool:
        """Whether seconds matter: the last hour."""
        return moment is not None and timedelta() < moment - now <= HOUR


def figures_of(left: timedelta) -> tuple[str, str]:
    """The figures and what they are: `2.04` days and hours, `52:04` hours, `59:12` minutes in the last hour."""
    seconds = int(left.total_seconds())
    if left <= HOUR:
        return f"{seconds // 60}:{seconds % 60:02}", "minutes"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}", "hours"
