"""The questions and forms of the release QA screen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Checkbox, Input, Static, TextArea

from fleet_tui.domain.checklist import Note
from fleet_tui.domain.release_qa import NewIssue, components, new_body, version_in
from fleet_tui.domain.text import clean_lines
from fleet_tui.theme import Tone
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.tick import Tick

PREVIEW = 6_000
"""Characters of a body that a preview shows."""


class DecideDialog(Dialog[bool | None]):
    """Asks whose verdict of a conflict counts: True for one's own. Esc decides nothing."""

    def __init__(self, name: str, explanation: str) -> None:
        answers: list[Answer[bool | None]] = [Answer(NO, "Leave theirs", False), Answer(YES, "Set mine", True)]
        super().__init__(f"{name}: keep yours?", answers)
        self._explanation = explanation

    def compose_body(self) -> ComposeResult:
        """Both verdicts, and what the keys do."""
        yield Static(Content(self._explanation))
        yield Static(Content("Yes sets yours again; no leaves the other one; Esc decides later."))

    def action_refuse(self) -> None:
        """Close without a decision."""
        self.dismiss(None)


class NoteDialog(Dialog[str | None]):
    """Edits one note in place; what is typed is kept as a draft with every keystroke."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]
    AUTO_FOCUS = "TextArea"

    def __init__(self, note: Note, draft: str | None, keep: Callable[[str], None]) -> None:
        answers: list[Answer[str | None]] = [Answer(NO, "Close, keep the draft", None), Answer(YES, "Save", "")]
        super().__init__(note.title or "Notes", answers)
        self._text = note.text if draft is None else draft
        self._is_draft = draft is not None and draft != note.text
        self._keep = keep

    def compose_body(self) -> ComposeResult:
        """The text, and what the keys do."""
        yield TextArea(clean_lines(self._text), id="note", soft_wrap=True, compact=True)
        words = "This is your draft; it has not been saved yet. " if self._is_draft else ""
        yield Static(Content.styled(f"{words}Ctrl+S saves, Esc keeps it as a draft.", Tone.OLD))

    def on_mount(self) -> None:
        """No blinking."""
        self.query_one(TextArea).cursor_blink = False

    @on(TextArea.Changed)
    def _keep_draft(self) -> None:
        self._keep(self.query_one(TextArea).text)

    def action_save(self) -> None:
        """Close with the text."""
        self._give_by_key(YES)

    def give(self, answer: Answer[str | None]) -> None:
        """Close with the text as it stands now."""
        text = self.query_one(TextArea).text
        super().give(replace(answer, value=text) if answer.key == YES else answer)


class CreateDialog(Dialog[NewIssue | None]):
    """Asks for version and parts, and shows the issue before it is posted."""

    AUTO_FOCUS = "#version"

    def __init__(self, template: str, version: str, open_titles: Collection[str]) -> None:
        answers: list[Answer[NewIssue | None]] = [Answer(NO, "No", None), Answer(YES, "Create it", None)]
        super().__init__("Create the release QA issue?", answers)
        self._template = template
        self._version = version
        self._open = {found for title in open_titles if (found := version_in(title))}
        self._parts = components(template)
        self._new: NewIssue | None = None

    def compose_body(self) -> ComposeResult:
        """Version, parts, preview."""
        with Vertical(id="fields"):
            yield Input(self._version, placeholder="Version, e.g. 4.45.0", id="version", compact=True)
            yield Tick("Fleet core", True, id="core", compact=True)
            for number, name in enumerate(self._parts):
                yield Tick(Content(f"fleetd: {name} was changed"), False, id=f"part-{number}", compact=True)
        yield Static(id="preview")

    def on_mount(self) -> None:
        """Show what would be posted."""
        self.query_one(Input).cursor_blink = False
        self._preview()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _preview(self) -> None:
        version = self.query_one("#version", Input).value.strip()
        core = self.query_one("#core", Checkbox).value
        fleetd = [name for n, name in enumerate(self._parts) if self.query_one(f"#part-{n}", Checkbox).value]
        self._new = new_body(self._template, version, core=core, fleetd=fleetd)
        self.withhold(YES, self._why_not(version, nothing=not core and not fleetd))
        self.query_one("#preview", Static).update(preview(self._new))

    def _why_not(self, version: str, *, nothing: bool) -> str:
        if version_in(version) != version.removeprefix("v") or not version:
            return "A version has three numbers, such as 4.45.0."
        if version.removeprefix("v") in self._open:
            return f"A release QA issue for {version} is open already."
        return "There is nothing to test: choose a part." if nothing else ""

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    def give(self, answer: Answer[NewIssue | None]) -> None:
        """Close with the issue as it is shown."""
        super().give(replace(answer, value=self._new) if answer.key == YES else answer)


class BugDialog(Dialog[NewIssue | None]):
    """Asks for the title of a bug and whether a release has it, and shows the issue before it is posted."""

    AUTO_FOCUS = "#summary"
    RELEASED = "released"

    def __init__(self, make: Callable[[bool], NewIssue]) -> None:
        answers: list[Answer[NewIssue | None]] = [Answer(NO, "No", None), Answer(YES, "File it", None)]
        super().__init__("File a bug?", answers)
        self._make = make

    def compose_body(self) -> ComposeResult:
        """Title, released or not, preview."""
        with Vertical(id="fields"):
            title = Input(self._make(False).title, placeholder="What is wrong", id="summary", compact=True)
            title.select_on_focus = False
            yield title
            yield Tick("A published release has it too", False, id=self.RELEASED, compact=True)
        yield Static(id="preview")

    def on_mount(self) -> None:
        """Show what would be posted."""
        self.query_one(Input).cursor_blink = False
        self._preview()

    @property
    def _new(self) -> NewIssue:
        made = self._make(self.query_one(f"#{self.RELEASED}", Checkbox).value)
        return replace(made, title=self.query_one("#summary", Input).value.strip())

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _preview(self) -> None:
        untouched = {"", self._make(False).title.strip()}
        self.withhold(YES, "Say in a few words what is wrong." if self._new.title in untouched else "")
        self.query_one("#preview", Static).update(preview(self._new))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._give_by_key(YES)

    def give(self, answer: Answer[NewIssue | None]) -> None:
        """Close with the issue as it is shown."""
        super().give(replace(answer, value=self._new) if answer.key == YES else answer)


def preview(issue: NewIssue) -> Content:
    """An issue before it is posted."""
    people = ", ".join(issue.assignees) or "nobody"
    return Content.assemble(
        "\n",
        (issue.title, "bold"),
        (f"\nLabels: {', '.join(issue.labels) or 'none'}\nAssigned to: {people}\n\n", Tone.OLD),
        clean_lines(issue.body[:PREVIEW]),
    )
