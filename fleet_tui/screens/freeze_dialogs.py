"""The questions before a write to the freeze: may this be unfrozen, and is that really what you want?"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fleet_tui.config.schema import Config
from fleet_tui.domain.permission import Permission, permission, required, why_not
from fleet_tui.domain.pulls import Candidate, Role, who_approves
from fleet_tui.screens.freeze_view import approval_lines
from fleet_tui.theme import Tone
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog


class UnfreezeDialog(Dialog[Permission | None]):
    """Names the pull request and the rule; refuses until the rule, the approvals or the typed number allow it."""

    AUTO_FOCUS = "Input, #answers Button"

    def __init__(self, candidate: Candidate, config: Config) -> None:
        number = candidate.pull.number
        self._candidate = candidate
        self._config = config
        self._leave = permission(candidate, {})
        answers: tuple[Answer[Permission | None], ...] = (
            Answer(NO, "No", None),
            Answer(YES, "Unfreeze it", self._leave),
        )
        super().__init__(f"Unfreeze #{number}?", answers, grave=self._leave is None)

    def compose_body(self) -> ComposeResult:
        """Title, kind, rule, and what is missing."""
        one = self._candidate
        yield Static(Content(one.pull.title))
        yield Static(Content.styled(f"{one.judged.kind.value}: {one.judged.reason}", Tone.OLD))
        rule = f"{one.verdict.answer.value[0].upper()}{one.verdict.answer.value[1:]}: {one.verdict.reason}."
        yield Static(Content.styled(rule, Tone.DONE if self._leave else Tone.SOON), classes="rule")
        for line in approval_lines(one, self._config):
            yield Static(line)
        if self._leave is None:
            with Vertical(id="fields"):
                yield from self._fields()

    def _fields(self) -> ComposeResult:
        people = who_approves(self._candidate.group, self._config)
        for role in dict.fromkeys(required(self._candidate)):
            hint = f"{role.value}: name of who approved" + (f", usually {people[role]}" if people[role] else "")
            yield Input(placeholder=hint, id=f"role-{role.name}", compact=True, select_on_focus=False)
        hint = f"or type {self._candidate.pull.number} to go against the rule (journalled as such)"
        yield Input(placeholder=hint, id="override", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Locked until something allows it."""
        for field in self.query(Input):
            field.cursor_blink = False
        self._weigh()

    @on(Input.Changed)
    def _weigh(self) -> None:
        self._leave = permission(self._candidate, self._by_hand(), typed=self._typed("override"))
        self.withhold(YES, "" if self._leave else self._why_not())

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._leave is None:
            self.focus_next()
        else:
            self.give(self._answers[-1])

    def give(self, answer: Answer[Permission | None]) -> None:
        """Close with the leave as it stands now."""
        super().give(replace(answer, value=self._leave) if answer.key == YES else answer)

    def _by_hand(self) -> Mapping[Role, str]:
        return {role: self._typed(f"role-{role.name}") for role in required(self._candidate)}

    def _typed(self, field: str) -> str:
        found = self.query(f"#{field}")
        return found.first(Input).value if found else ""

    def _why_not(self) -> str:
        return why_not(self._candidate, self._by_hand())


class FreezeDialog(Dialog[str | None]):
    """Asks for the branch's name and a note before the branch is frozen or opened; gives the note."""

    AUTO_FOCUS = "#name"

    def __init__(self, branch: str, *, frozen: bool, lines: tuple[Content, ...]) -> None:
        self._branch = branch
        self._lines = lines
        title = f"Lift the freeze of {branch}?" if frozen else f"Freeze {branch}?"
        yes = "Lift it" if frozen else "Freeze it"
        answers: tuple[Answer[str | None], ...] = (Answer(NO, "No", None), Answer(YES, yes, ""))
        super().__init__(title, answers, grave=True)

    def compose_body(self) -> ComposeResult:
        """What it means, the name to type, the note."""
        for line in self._lines:
            yield Static(line)
        with Vertical(id="fields"):
            yield Input(placeholder="A note that everybody sees (may be empty)", id="note", compact=True)
            yield Input(placeholder=f"Type {self._branch} to confirm", id="name", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Locked until the branch's name stands there."""
        for field in self.query(Input):
            field.cursor_blink = False
        self._compare()

    @on(Input.Changed, "#name")
    def _compare(self) -> None:
        typed = self.query_one("#name", Input).value
        self.withhold(YES, "" if typed == self._branch else f"Type {self._branch} to unlock the other answer.")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.give(self._answers[-1])

    def give(self, answer: Answer[str | None]) -> None:
        """Close with the note."""
        note = self.query_one("#note", Input).value.strip()
        super().give(replace(answer, value=note) if answer.key == YES else answer)
