"""A box to tick, and one of several to pick."""

from __future__ import annotations

from textual.widgets import Checkbox, RadioButton

from fleet_tui.widgets import glyphs


class Tick(Checkbox):
    """Looks otherwise when it is ticked. Textual's changes its colour alone: nothing for who sees no colours."""

    DEFAULT_CSS = """
    Tick > .toggle--button { color: $text-muted; }
    Tick.-on > .toggle--button { color: $text-success; }
    """
    BUTTON_INNER = glyphs.COMING

    def watch_value(self) -> None:
        """The sign follows the value."""
        self.BUTTON_INNER = glyphs.DONE if self.value else glyphs.COMING
        super().watch_value()


class Pick(RadioButton):
    """One of several of which one is picked; seen without colours as well."""

    BUTTON_INNER = glyphs.COMING

    def watch_value(self) -> None:
        """The sign follows the value."""
        self.BUTTON_INNER = glyphs.LIVE if self.value else glyphs.COMING
        super().watch_value()
