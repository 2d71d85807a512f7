"""The style sheet, each source of which is parsed once for a theme."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class StyleSheet(Stylesheet):
    """Textual's own parses everything from the beginning whenever a screen comes in for the first time."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of a theme. What was parsed stays, unless they are others."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed yet. Raises `StylesheetParseError`, and keeps the former rules."""
        self.parse()
