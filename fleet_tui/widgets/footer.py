"""The keys at the bottom of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.screen import Screen
from textual.widgets import Footer


class KeyFooter(Footer):
    """Textual's footer, made anew only when its keys have changed, and without a memory of the former ones.

    Each key watches `Footer.compact`, and Textual drops a watcher that is gone only when what it watches changes. That
    never does, so all keys there ever were would stay in memory: in a week of work some hundred megabytes.
    """

    _shown: Sequence[object] = ()

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Keys may have come, gone, or become unable to act."""
        active = [one[1:] for one in screen.active_bindings.values() if one.binding.show]
        if not (screen.app.app_focus and self.is_attached and screen is self.screen):
            return  # as Textual does; it is told again when the focus or the screen comes back
        if active != self._shown:
            self._shown = active
            super().bindings_changed(screen)

    async def recompose(self) -> None:
        """Make the keys anew, and forget the former ones."""
        await super().recompose()
        watchers: dict[str, list[tuple[Any, ...]]] = getattr(self, "__watchers", {})
        for entries in watchers.values():
            entries[:] = [entry for entry in entries if entry[0].is_running]
