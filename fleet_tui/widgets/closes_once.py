"""A screen that closes itself once, and no other with it, however quickly keys come."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

T = TypeVar("T")


class ClosesOnce(Screen[T]):
    """For what lies on top of the screens. Textual's `dismiss` closes whatever is on top, as often as it is asked.

    It stands last among the bases: of several Textual takes style sheets from the first alone.
    """

    is_closed = False
    """Whether it has been asked to close."""
    _result: T | None = None

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close, once: a key that was typed ahead would close what lies below.

        While another screen is on top, e.g. the palette, it waits until that is gone.
        """
        if self.is_closed:
            return AwaitComplete()
        self.is_closed = True
        self.workers.cancel_node(self)  # or what they go on with is done to a screen that is being taken apart
        if self.app.screen is self:
            return super().dismiss(result)
        self._result = result
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """Nothing lies on top any more: close, if that was asked for meanwhile."""
        if self.is_closed and self.app.screen is self:
            super().dismiss(self._result)
