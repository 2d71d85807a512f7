"""What covers everything in a terminal that is too small to work in."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

LEAST = Size(60, 20)


def is_too_small(size: Size) -> bool:
    """Whether nothing useful can be shown in a terminal of `size`."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmall(ModalScreen[None]):
    """Says how much room is needed, takes all keys, and goes away by itself when there is room.

    The keys are taken because nobody can see what they would do.
    """

    BINDINGS = [Binding("q,ctrl+q", "app.quit", "Quit", show=False)]
    DEFAULT_CSS = """
    TooSmall {
        align: center middle;
        background: $background;
        & > Static { width: 100%; text-align: center; }
    }
    """

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Static(self._sentence(), markup=False)

    def on_resize(self) -> None:
        """Go, or tell the new size."""
        self._look()

    def on_screen_resume(self) -> None:
        """The terminal may have grown while another screen was on top."""
        self._look()

    def _look(self) -> None:
        if not is_too_small(self.app.size):
            if self.app.screen is self:  # `is_current` is also what is seen through a dialog
                self.dismiss()
        elif self.is_mounted:
            self.query_one(Static).update(self._sentence())

    def _sentence(self) -> Content:
        here = self.app.size
        needs = f"fleet-tui needs at least {LEAST.width}×{LEAST.height}"
        return Content(f"{needs}; this terminal is {here.width}×{here.height}.")
