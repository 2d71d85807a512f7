"""Asks for the title and the group of an engineering-initiated story, and shows it before it is posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, RadioSet, Static

from fleet_tui.config.schema import Group
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.screens.release_qa_dialogs import preview
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.tick import Pick


class StoryDialog(Dialog[NewIssue | None]):
    """Gives the story as it is shown, or None. The group with the label `mine` is chosen at first."""

    AUTO_FOCUS = "#summary"

    def __init__(self, make: Callable[[str, Group | None], NewIssue], groups: Sequence[Group], mine: str = "") -> None:
        answers: list[Answer[NewIssue | None]] = [Answer(NO, "No", None), Answer(YES, "Create it", None)]
        super().__init__("Create an engineering-initiated story?", answers)
        self._make = make
        self._groups = tuple(sorted(groups, key=lambda group: group.label != mine))

    def compose_body(self) -> ComposeResult:
        """Title, group, preview."""
        with Vertical(id="fields"):
            yield Input(placeholder="As a …, I want to … so that I can …", id="summary", compact=True)
            with RadioSet(id="group", compact=True):
                for index, group in enumerate(self._groups):
                    words = Content(f"{group.label}, managed by {group.manager}")
                    yield Pick(words, index == 0, id=f"group-{index}")
        yield Static(id="preview")

    def on_mount(self) -> None:
        """Show what would be posted."""
        self.query_one(Input).cursor_blink = False
        self._preview()

    @property
    def _new(self) -> NewIssue:
        pressed = self.query_one(RadioSet).pressed_index
        group = self._groups[pressed] if 0 <= pressed < len(self._groups) else None
        return self._make(self.query_one(Input).value, group)

    @on(Input.Changed)
    @on(RadioSet.Changed)
    def _preview(self) -> None:
        new = self._new
        self.withhold(YES, "" if new.title else "Say in a sentence what is wanted.")
        self.query_one("#preview", Static).update(preview(new))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    def give(self, answer: Answer[NewIssue | None]) -> None:
        """Close with the story."""
        super().give(replace(answer, value=self._new) if answer.key == YES else answer)
