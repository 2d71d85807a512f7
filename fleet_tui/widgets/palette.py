"""The command palette, which does what is chosen once."""

from __future__ import annotations

from textual.command import CommandPalette
from textual.message import Message
from textual.widgets import Input, OptionList

from fleet_tui.widgets.closes_once import ClosesOnce


class Palette(CommandPalette, ClosesOnce[None]):
    """Enter that is pressed twice at once chose twice: the command ran again, and the screen below was closed."""

    async def _on_message(self, message: Message) -> None:
        if not (self.is_closed and isinstance(message, Input.Submitted | OptionList.OptionSelected)):
            await super()._on_message(message)
