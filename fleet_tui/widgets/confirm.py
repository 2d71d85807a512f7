"""A question whose answer is yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from fleet_tui.widgets.dialog import Answer, Dialog

NO, YES = "n", "y"


class Confirm(Dialog[bool]):
    """Asks `question`, explains in `lines`, and gives True for yes. Enter says no until the focus is moved.

    With `type_to_confirm`, yes is locked until exactly that is typed. `grave` makes the frame red.
    """

    DEFAULT_CSS = "Confirm Input { margin-top: 1; background: $panel; }"

    def __init__(
        self,
        question: str,
        lines: Sequence[str | Content] = (),
        *,
        yes: str = "Yes",
        no: str = "No",
        type_to_confirm: str = "",
        grave: bool = False,
    ) -> None:
        answers = (Answer(NO, no, False), Answer(YES, yes, True))
        super().__init__(question, answers, grave=grave or bool(type_to_confirm))
        self._lines = tuple(lines)
        self._asked = type_to_confirm
        self._yes = yes

    def compose_body(self) -> ComposeResult:
        """The explanation, and the field to type in."""
        for line in self._lines:
            yield Static(line, markup=False)
        if self._asked:
            field = Input(select_on_focus=False, compact=True)
            field.cursor_blink = False
            yield field

    def on_mount(self) -> None:
        """Locked from the start."""
        self._compare("")

    def give(self, answer: Answer[bool]) -> None:
        """Yes leads to the field as long as it is withheld."""
        super().give(answer)
        if answer.value and self._asked:
            self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Unlock yes when the words are there, lock it when they are not."""
        self._compare(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter after the right words says yes."""
        if event.value == self._asked:
            self.dismiss(True)

    def _compare(self, typed: str) -> None:
        if self._asked:
            self.withhold(YES, "" if typed == self._asked else f"For “{self._yes}”, type: {self._asked}")
