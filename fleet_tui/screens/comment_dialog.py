"""A comment made from a template, to be looked over before it is posted."""

from __future__ import annotations

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from fleet_tui.theme import Tone
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog


class CommentDialog(Dialog[str | None]):
    """Gives the text to post, or None. `lines` say what else happens."""

    def __init__(self, title: str, text: str, lines: tuple[str, ...] = (), *, yes: str = "Post it") -> None:
        answers: list[Answer[str | None]] = [Answer(NO, "No", None), Answer(YES, yes, "")]
        super().__init__(title, answers)
        self._text = text
        self._lines = lines

    def compose_body(self) -> ComposeResult:
        """What happens, and the text."""
        for line in self._lines:
            yield Static(Content(line))
        yield TextArea(
            self._text,
            id="comment",
            classes="-below" if self._lines else "",
            soft_wrap=True,
            compact=True,
            tab_behavior="focus",
        )
        yield Static(Content.styled("Tab leads to the text, to change it before it is posted.", Tone.OLD))

    def on_mount(self) -> None:
        """No blinking."""
        self.query_one(TextArea).cursor_blink = False

    @on(TextArea.Changed)
    def _look(self) -> None:
        self.withhold(YES, "" if self.query_one(TextArea).text.strip() else "There is nothing to post.")

    def give(self, answer: Answer[str | None]) -> None:
        """Close with the text as it stands."""
        text = self.query_one(TextArea).text.strip()
        super().give(replace(answer, value=text) if answer.key == YES else answer)
