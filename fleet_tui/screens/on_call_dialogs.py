"""The questions and forms of the on-call screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Checkbox, Input, Label, Static, TextArea

from fleet_tui.config.schema import Config
from fleet_tui.config.section import LOGIN
from fleet_tui.domain.handoff import Draft, steps
from fleet_tui.theme import Tone
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.tick import Tick


def why_no_login(typed: str) -> str:
    """Why what was typed is no GitHub login; empty when it is one."""
    return "" if re.fullmatch(LOGIN, typed) else "Type a GitHub login, without @."


class LineDialog(Dialog[str | None]):
    """Asks for one line of text: a login, the path of a file."""

    AUTO_FOCUS = "Input"

    def __init__(
        self, title: str, text: str, hint: str, *, yes: str, lines: Iterable[str] = (), why_not: Callable[[str], str]
    ) -> None:
        answers: list[Answer[str | None]] = [Answer(NO, "No", None), Answer(YES, yes, "")]
        super().__init__(title, answers)
        self._text = text
        self._hint = hint
        self._lines = tuple(lines)
        self._why_not = why_not

    def compose_body(self) -> ComposeResult:
        """The explanation and the field."""
        for line in self._lines:
            yield Static(Content(line))
        yield Input(self._text, placeholder=self._hint, id="line", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """No blinking; locked until something sensible is typed."""
        self.query_one(Input).cursor_blink = False
        self._look()

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    @on(Input.Changed)
    def _look(self) -> None:
        self.withhold(YES, self._why_not(self._typed))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.give(self._answers[-1])

    def give(self, answer: Answer[str | None]) -> None:
        """Close with the line as it stands."""
        super().give(replace(answer, value=self._typed) if answer.key == YES else answer)


class Way(Enum):
    """What happens to the handoff note, or beside it."""

    COPY = "copy"
    FILE = "file"
    COMMENT = "comment"
    GROUP = "group"


class HandoffDialog(Dialog[Way | None]):
    """The retrospective and the checklist; everything typed and ticked is kept at once. Gives what to do next."""

    AUTO_FOCUS = "TextArea"
    DEFAULT_CSS = """
    HandoffDialog {
        & > #frame { width: 90; }
        & .intro { margin-bottom: 1; }
        & Tick { width: 100%; }
    }
    """

    def __init__(
        self,
        title: str,
        draft: Draft,
        config: Config,
        keep: Callable[[Draft], None],
        *,
        lines: Iterable[str],
        group: str,
    ) -> None:
        answers: list[Answer[Way | None]] = [
            Answer("q", "Close", None),
            Answer("c", "Copy note", Way.COPY),
            Answer("f", "To a file…", Way.FILE),
        ]
        if config.on_call.handoff_issue:
            answers.append(Answer("i", f"Post on #{config.on_call.handoff_issue}…", Way.COMMENT))
        if group:
            answers.append(Answer("s", f"Move @{group}…", Way.GROUP))
        super().__init__(title, answers)
        self._draft = draft
        self._config = config
        self._keep = keep
        self._lines = tuple(lines)

    def compose_body(self) -> ComposeResult:
        """What is handed over, the questions, the steps."""
        for line in self._lines:
            yield Static(Content.styled(line, Tone.OLD), classes="intro")
        answers = dict(self._draft.answers)
        for number, question in enumerate(self._config.on_call.retrospective):
            yield Label(Content(question))
            yield TextArea(
                answers.get(question, ""), id=f"answer-to-{number}", soft_wrap=True, compact=True, tab_behavior="focus"
            )
        for number, step in enumerate(steps(self._draft, self._config)):
            yield Tick(Content(step.words), step.done, id=f"step-{number}", compact=True)
        yield Static(
            Content.styled("Tab leads on, Esc closes. What you type and tick is kept with every key.", Tone.OLD)
        )

    def on_mount(self) -> None:
        """No blinking."""
        for area in self.query(TextArea):
            area.cursor_blink = False

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        number = int((event.text_area.id or "").rpartition("-")[2])
        self._change(self._draft.answered(self._config.on_call.retrospective[number], event.text_area.text))

    @on(Checkbox.Changed)
    def _ticked(self, event: Checkbox.Changed) -> None:
        step = self._config.on_call.handoff_steps[int((event.checkbox.id or "").rpartition("-")[2])]
        if event.value is not (step in self._draft.ticked):
            self._change(self._draft.toggled(step))

    def _change(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self._keep(draft)
