"""The one big thing on a screen: the time left until the change that matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Digits, Static

from fleet_tui.theme import Tone

HOUR = timedelta(hours=1)
TICK = 1.0
"""Seconds between two looks at the clock, in the last hour."""


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

    def __init__(self) -> None:
        super().__init__()
        self._moment: datetime | None = None
        self._words = ""
        self._ticking: Timer | None = None
        self._now: Callable[[], datetime] | None = None

    def compose(self) -> ComposeResult:
        """Digits above words."""
        yield Digits()
        yield Static()

    def show(self, moment: datetime | None, words: str, now: Callable[[], datetime]) -> None:
        """Count down to `moment`, called `words`. In the last hour the seconds tick while the screen is seen."""
        self._moment, self._words, self._now = moment, words, now
        if self._ticking is None:
            self._ticking = self.set_interval(TICK, self._tick, pause=True)
        self._tick()

    def _tick(self) -> None:
        if self._now is None or self._ticking is None:
            return
        left = self._moment - self._now() if self._moment else timedelta()
        figures, unit = figures_of(left) if left > timedelta() else ("", "")
        digits = self.query_one(Digits)
        if digits.value != figures:
            digits.update(figures)
        below, caption = self.query_one(Static), f"{unit} until {self._words}" if figures else ""
        if str(below.content) != caption:
            below.update(Content.styled(caption, Tone.OLD))
        (self._ticking.resume if timedelta() < left <= HOUR and self.screen.is_current else self._ticking.pause)()


def figures_of(left: timedelta) -> tuple[str, str]:
    """The figures and what they are: `2.04` days and hours, `52:04` hours, `59:12` minutes in the last hour."""
    seconds = int(left.total_seconds())
    if left <= HOUR:
        return f"{seconds // 60}:{seconds % 60:02}", "minutes"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}", "hours"
