"""A critical bug: the alarm, product's hour, and the steps after it, as a checklist."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from textual import events, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from fleet_tui.desks.bugs import BugDesk
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.critical import (
    Incident,
    Task,
    alarm_text,
    is_unanswered,
    named_by_alarm,
    next_words,
    ticked,
    to_do,
    unticked,
)
from fleet_tui.domain.spans import day_and_hour
from fleet_tui.screens import bug_deeds
from fleet_tui.screens.host import Host
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.wiring import Backend

POST, COPY, CLOSE = "s", "y", "q"


class CriticalDialog(Dialog[None]):
    """Digits tick the steps; `s` posts the alarm after a question, `y` copies it."""

    def __init__(self, bug: Bug, desk: BugDesk, host: Host, backend: Backend) -> None:
        answers: list[Answer[None]] = [Answer(CLOSE, "Close", None), Answer(COPY, "Copy the alarm", None)]
        if backend.slack:
            answers.append(Answer(POST, "Post the alarm", None))
        super().__init__(f"Critical bug #{bug.number}", answers, grave=True)
        self._bug = bug
        self._desk = desk
        self._host = host
        self._backend = backend

    def compose_body(self) -> ComposeResult:
        """What is next, the steps, the text of the alarm."""
        yield Static(id="next")
        yield Static(id="steps")
        who = ", ".join(named_by_alarm(self._bug, self._host.config)) or "nobody yet: it has no group"
        yield Static(Content.styled(f"\nThe alarm, for {who}:", Tone.OLD))
        yield Static(Content(alarm_text(self._bug, self._host.config)))

    def on_mount(self) -> None:
        """How far it has come."""
        self._show()

    @property
    def _incident(self) -> Incident:
        return self._desk.incident(self._bug.number)

    def _show(self) -> None:
        now, config = self._host.now(), self._host.config
        late = is_unanswered(self._incident, now, config)
        words = next_words(self._incident, self._bug, now, config)
        self.query_one("#next", Static).update(Content.styled(words, f"bold {Tone.ACT}" if late else "bold"))
        lines = steps(self._incident, to_do(self._incident, self._bug, config), now, config.team.zone)
        self.query_one("#steps", Static).update(Content("\n").join([Content(), *lines]))

    def on_key(self, event: events.Key) -> None:
        """A digit ticks the step of that number, or makes it undone."""
        if event.key.isdigit() and 0 < int(event.key) <= len(Task):
            event.stop()
            self._toggle(list(Task)[int(event.key) - 1])

    def _toggle(self, task: Task) -> None:
        incident = self._incident
        if task is Task.PRIORITY:
            key = self._host.key("bugs.priority")
            self._host.say(f"The priority is read from the bug's labels: set it on the board with {key}.")
            return
        done = incident.tick_of(task) is not None
        changed = unticked(incident, task) if done else ticked(incident, task, self._desk.login, self._host.now())
        self._desk.keep_incident(changed)
        self._show()

    def give(self, answer: Answer[None]) -> None:
        """Close, copy or post."""
        if answer.key == COPY:
            self.app.copy_to_clipboard(alarm_text(self._bug, self._host.config))
            self._host.say("Copied the alarm. Paste it into the group's channel, then press 1.")
        elif answer.key == POST:
            self._post()
        else:
            super().give(answer)

    @work
    async def _post(self) -> None:
        config = self._host.config
        question = Confirm(f"Post the alarm to {config.slack.webhook_channel}?", yes="Post it")
        if not await self.app.push_screen_wait(question):
            return
        text = alarm_text(self._bug, config)
        await self._host.carry_out(bug_deeds.post_alarm(self._bug, text, self._desk, self._backend))
        self._show()


def steps(incident: Incident, left: tuple[Task, ...], now: datetime, zone: ZoneInfo) -> list[Content]:
    """Each step with its digit, its sign, and who did it when."""
    lines = []
    for number, task in enumerate(Task, 1):
        tick, open_ = incident.tick_of(task), task in left
        sign = Content.styled(glyphs.COMING, Tone.OLD) if open_ else Content.styled(glyphs.DONE, Tone.DONE)
        who = f"  {tick.by or 'you'}, {day_and_hour(tick.at, zone, now=now)}" if tick and not open_ else ""
        lines.append(Content.assemble((f"{number} ", "bold"), sign, f" {task.value}", (who, Tone.OLD)))
    return lines
