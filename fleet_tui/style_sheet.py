"""The style sheet, each source of which is parsed once for a theme, and colours that are kept without who asked."""

from __future__ import annotations

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.style import Style


class StyleSheet(Stylesheet):
    """Textual's own parses everything from the beginning whenever a screen comes in for the first time."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of a theme. What was parsed stays, unless they are others."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed yet. Raises `StylesheetParseError`, and keeps the former rules."""
        self.parse()


@lru_cache(1024)
def grounds(around: Color, inside: Color) -> tuple[Style, Style]:
    """What is drawn on within a widget's border, and outside of it."""
    return Style(background=around + inside), Style(background=around)


def forget_the_gone() -> None:
    """Let a widget that is gone take with it what it has drawn.

    Textual remembers the grounds of the last 1,024 who asked, and with each of them all its lines: of dialogs closed
    days ago, too (its issue 6665). They depend on two colours alone.
    """
    StylesCache.get_inner_outer = staticmethod(grounds)  # type: ignore[assignment, method-assign]
