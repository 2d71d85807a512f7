"""A procedure as a checklist: its steps, who did which when, and the commands to copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from fleet_tui import terminal
from fleet_tui.domain.certificates import Certificate
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.procedures import Done, Procedure, Step, check_of, command_of, next_step, values_of
from fleet_tui.domain.spans import day_and_hour
from fleet_tui.screens.feed_screen import told
from fleet_tui.screens.host import Host
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.rows import Row

CLOSE, ANEW, OPEN, COPY, DONE = "q", "n", "o", "y", "space"
COLUMNS = (
    Column("step", "", 30, flex=True),
    Column("who", "", 14, align="right", drop_below=80),
    Column("when", "", 14, align="right", drop_below=90),
)
MOST_STEPS = 12
LOW = 30
"""Lines below which there is no room to say what the procedure is about."""


class ProcedureDialog(Dialog[None]):
    """Space ticks a step, `y` copies its command; what is ticked is kept, and other programs of the person see it."""

    DEFAULT_CSS = """
    ProcedureDialog {
        & > #frame { width: 104; }
        & #about { color: $text-muted; margin-bottom: 1; }
        & #step { height: auto; min-height: 6; margin-top: 1; padding: 0 3; }
    }
    """
    AUTO_FOCUS = "KeyedTable"

    def __init__(self, procedure: Procedure, host: Host, certificate: Certificate | None = None) -> None:
        answers: list[Answer[None]] = [
            Answer(CLOSE, "Close", None),
            Answer(ANEW, "Anew", None),
            Answer(OPEN, "Open", None),
            Answer(COPY, "Copy command", None),
            Answer(DONE, "Done", None),
        ]
        super().__init__(f"{procedure.title}{f': {certificate.name}' if certificate else ''}", answers)
        self._procedure = procedure
        self._host = host
        self._subject = certificate.id if certificate else ""
        self._values = values_of(certificate) if certificate else {}
        self._done: Mapping[str, Done] = {}

    def compose_body(self) -> ComposeResult:
        """What it is about, the steps, the one under the cursor."""
        if self._procedure.about:
            yield Static(Content(self._procedure.about.replace("\n", " ")), id="about")
        yield KeyedTable(COLUMNS, id="steps")
        yield Static(id="step")

    def on_mount(self) -> None:
        """Begin at the first step that is not done."""
        self._show()
        if ahead := next_step(self._procedure, self._done):
            self.query_one(KeyedTable).select(ahead.id)

    def on_resize(self) -> None:
        """The step under the cursor stays in view, whatever has to go."""
        super().on_resize()
        self.query("#about").set(display=self.size.height >= LOW)
        room = self.size.height - 19
        self.query_one(KeyedTable).styles.height = max(3, min(len(self._procedure.steps), MOST_STEPS, room))

    def _show(self) -> None:
        try:
            self._done = self._host.desks.certificates.progress(self._procedure, self._subject)
        except Failure as failure:
            self._host.say(failure.problem.text, bad=True)
        now, zone = self._host.now(), self._host.config.team.zone
        self.query_one(KeyedTable).sync(rows(self._procedure, self._done, now, zone))
        self.query_one(f"#answer-{ANEW}", Button).disabled = not self._done
        self._show_step()

    @on(KeyedTable.Moved)
    def _show_step(self) -> None:
        step = self._step
        told(self.query_one("#step", Static), self._about(step) if step else Content())
        self.query_one(f"#answer-{COPY}", Button).disabled = not (step and step.command)
        self.query_one(f"#answer-{OPEN}", Button).disabled = not (step and step.url)

    def _about(self, step: Step) -> Content:
        now, zone = self._host.now(), self._host.config.team.zone
        tick = self._done.get(step.id)
        by = [Content.styled(f"Done by {tick.who}, {day_and_hour(tick.at, zone, now=now)}", Tone.DONE)] if tick else []
        return Content("\n").join([about(step, self._values), *by])

    @property
    def _step(self) -> Step | None:
        key = self.query_one(KeyedTable).selected_key
        return next((step for step in self._procedure.steps if step.id == key), None)

    def _tick(self) -> None:
        step = self._step
        if step is None:
            return
        try:
            self._host.desks.certificates.tick(self._procedure, self._subject, step.id)
        except Failure as failure:
            self._host.say(failure.problem.text, bad=True)
        self._show()
        if step.id in self._done:
            self.query_one(KeyedTable).action_move(1)

    def give(self, answer: Answer[None]) -> None:
        """Close, tick, copy, open or begin anew."""
        step = self._step
        if answer.key == DONE:
            self._tick()
        elif answer.key == COPY and step and step.command:
            self.app.copy_to_clipboard(command_of(step, self._values))
            self._host.say("Copied the command.")
        elif answer.key == OPEN and step and step.url:
            problem = terminal.open_link(step.url)
            self._host.say(
                f"{problem.text} It is {step.url}" if problem else f"Opened {step.url}", bad=problem is not None
            )
        elif answer.key == ANEW and self._done:
            self._begin_anew()
        elif answer.key == CLOSE:
            super().give(answer)

    @work(exclusive=True)
    async def _begin_anew(self) -> None:
        lines = ("Who did which step, and when, is forgotten.",)
        if not await self.app.push_screen_wait(Confirm("Begin anew at the first step?", lines, yes="Begin anew")):
            return
        try:
            self._host.desks.certificates.start_anew(self._procedure, self._subject)
        except Failure as failure:
            self._host.say(failure.problem.text, bad=True)
        self._show()
        self.query_one(KeyedTable).action_edge(1)


def rows(procedure: Procedure, done: Mapping[str, Done], now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    """One line a step: its sign, its title, who did it and when."""
    ahead = next_step(procedure, done)
    for number, step in enumerate(procedure.steps, 1):
        tick = done.get(step.id)
        sign = (glyphs.DONE, Tone.DONE) if tick else (glyphs.COMING, Tone.ACCENT if step is ahead else Tone.OLD)
        title = Content.assemble(sign, f" {number:>2}  ", (step.title, Tone.OLD if tick else ""))
        who = Content.styled(tick.who if tick else "", Tone.OLD)
        when = Content.styled(day_and_hour(tick.at, zone, now=now) if tick else "", Tone.OLD)
        yield Row(step.id, (title, who, when))


def about(step: Step, values: Mapping[str, str]) -> Content:
    """What to do, the command with the real names, how to see that it is done, where."""
    parts = [Content(step.text.replace("\n", " "))] if step.text else []
    if step.command:
        parts.append(Content.assemble(("$ ", Tone.OLD), (command_of(step, values), "bold")))
    if step.check:
        parts.append(Content.assemble(("Done when: ", Tone.OLD), check_of(step, values).replace("\n", " ")))
    if step.url:
        parts.append(Content.styled(step.url, Tone.OLD))
    return Content("\n").join(parts or [Content.styled("The title says it all.", Tone.OLD)])
