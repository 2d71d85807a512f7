"""The questions of the release screen: previews, which image, what concluding would change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

from msgspec.structs import replace
from rich.markdown import Markdown
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Checkbox, Input, Static

from fleet_tui.domain.dogfood import Judgement
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.pushing import Push
from fleet_tui.domain.release_qa import NewIssue, version_in
from fleet_tui.screens.release_qa_dialogs import preview
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.confirm import NO, YES, Confirm
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.tick import Tick

Judge = Callable[[str], Awaitable[Judgement | Problem]]


class LongConfirm(Confirm):
    """A question with a lot to read first: wide, and read from the top; Yes leads to the field at the end."""

    DEFAULT_CSS = "LongConfirm > #frame { width: 110; }"


class PushDialog(Confirm):
    """Shows what pushing each of the stories would do."""

    DEFAULT_CSS = "PushDialog > #frame { width: 90; }"

    def __init__(self, pushes: Sequence[Push]) -> None:
        what = f"#{pushes[0].story.number}" if len(pushes) == 1 else f"{len(pushes)} stories"
        super().__init__(f"Push {what} to {pushes[0].milestone}?", yes="Push" if len(pushes) == 1 else "Push all")
        self._pushes = pushes

    def compose_body(self) -> ComposeResult:
        """Label, milestone and comment of each."""
        text = "\n\n---\n\n".join(push.preview for push in self._pushes)
        yield Static(Markdown(text, hyperlinks=False))


class FleetdDialog(Dialog[NewIssue | None]):
    """Asks which version of fleetd is to be released, and shows the QA issue before it is posted."""

    AUTO_FOCUS = "#version"
    DEFAULT_CSS = "FleetdDialog > #frame { width: 90; }"

    def __init__(self, make: Callable[[str], NewIssue | None], version: str) -> None:
        answers: list[Answer[NewIssue | None]] = [Answer(NO, "No", None), Answer(YES, "Create it", None)]
        super().__init__("Create the fleetd release QA issue?", answers)
        self._make = make
        self._version = version

    def compose_body(self) -> ComposeResult:
        """Version and preview."""
        yield Static(Content("Which version of fleetd is to be released?"))
        yield Input(self._version, placeholder="Version, e.g. 1.23.0", id="version", compact=True)
        yield Static(id="preview")

    def on_mount(self) -> None:
        """Show what would be posted."""
        self.query_one(Input).cursor_blink = False
        self._preview()

    @property
    def _new(self) -> NewIssue | None:
        return self._make(self.query_one(Input).value.strip())

    @on(Input.Changed)
    def _preview(self) -> None:
        version, new = self.query_one(Input).value.strip(), self._new
        named = bool(version) and version_in(version) == version.removeprefix("v")
        self.withhold(YES, "" if named else "A version has three numbers, such as 1.23.0.")
        self.query_one("#preview", Static).update(preview(new) if new else Content())

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.give(self._answers[-1])

    def give(self, answer: Answer[NewIssue | None]) -> None:
        """Close with the issue as it is shown."""
        super().give(replace(answer, value=self._new) if answer.key == YES else answer)


Deployment = tuple[str, tuple[str, ...]]
"""The image's tag, and the doubts that a person has decided on."""


class DeployDialog(Dialog[Deployment | None]):
    """Asks which image goes to dogfood. A refusal locks the answer, each doubt has to be ticked."""

    AUTO_FOCUS = "#answers Button"

    def __init__(self, tag: str, image: str, judge: Judge) -> None:
        answers: list[Answer[Deployment | None]] = [Answer(NO, "No", None), Answer(YES, "Deploy it", None)]
        super().__init__("Deploy to dogfood?", answers, grave=True)
        self._tag = tag
        self._image = image
        self._judge = judge
        self._judged: tuple[str, Judgement | Problem] | None = None

    def compose_body(self) -> ComposeResult:
        """The tag, and what speaks against it."""
        yield Static(Content(f"Tag of the image {self._image}, of a release or a commit:"))
        yield Input(self._tag, placeholder="v4.45.0", id="tag", compact=True, select_on_focus=False)
        yield Vertical(id="fields")

    def on_mount(self) -> None:
        """Look at once."""
        self.query_one(Input).cursor_blink = False

    @on(Input.Changed, "#tag")
    def _changed(self) -> None:
        """What was judged was another image."""
        self._judged = None
        self.withhold(YES, "Asking Docker Hub and GitHub …" if self._wanted else "Say which image.")
        if self._wanted:
            self._look(self._wanted)

    @property
    def _wanted(self) -> str:
        return self.query_one("#tag", Input).value.strip()

    @work(group="judge", exclusive=True)
    async def _look(self, tag: str) -> None:
        judged = await self._judge(tag)
        if tag == self._wanted:
            self._judged = (tag, judged)
            await self._show(judged)

    async def _show(self, judged: Judgement | Problem) -> None:
        fields = self.query_one("#fields", Vertical)
        await fields.remove_children()
        refusals = (judged.text,) if isinstance(judged, Problem) else judged.refusals
        doubts = () if isinstance(judged, Problem) else judged.doubts
        against = [Static(Content.styled(f"{glyphs.FAILED} {one}", Tone.ACT)) for one in refusals]
        if not refusals and not doubts:
            against = [
                Static(Content.styled(f"{glyphs.DONE} Docker Hub has it, and nothing speaks against it.", Tone.DONE))
            ]
        await fields.mount(*against)
        for one in doubts:
            words = Static(Content.styled(f"{glyphs.UNKNOWN} {one}", Tone.SOON))
            await fields.mount(words, Tick("Deploy it all the same", compact=True))
        self._weigh()

    @on(Checkbox.Changed)
    def _weigh(self) -> None:
        judged = self._judged[1] if self._judged else None
        refused = isinstance(judged, Problem) or (judged is not None and judged.refusals)
        open_doubts = [box for box in self.query(Checkbox) if not box.value]
        why = "Tick what you have decided on: Tab leads there." if open_doubts else ""
        self.withhold(YES, "It is not deployed." if refused else why)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    def give(self, answer: Answer[Deployment | None]) -> None:
        """Close with the tag and the doubts that were ticked."""
        judged = self._judged[1] if self._judged else None
        if answer.key == YES and self._judged and isinstance(judged, Judgement):
            answer = replace(answer, value=(self._judged[0], judged.doubts))
        super().give(answer)


class GoOn(Enum):
    """What becomes of a conclusion that was cut off."""

    LATER = "later"
    NOW = "now"
    NEVER = "never"


class GoOnDialog(Dialog[GoOn]):
    """Asks whether a conclusion that was cut off is gone on with, or given up."""

    DEFAULT_CSS = "GoOnDialog > #frame { width: 110; }"

    def __init__(self, title: str, over: int, left: Sequence[str]) -> None:
        answers = [
            Answer(NO, "Not now", GoOn.LATER),
            Answer("x", "Give it up", GoOn.NEVER),
            Answer(YES, "Go on", GoOn.NOW),
        ]
        super().__init__(f"Go on concluding {title}?", answers)
        self._over = over
        self._left = left

    def compose_body(self) -> ComposeResult:
        """How far it is, and what is left."""
        total = self._over + len(self._left)
        yield Static(Content(f"It was cut off after {self._over} of {total} steps."))
        yield Static(Content("Whether a step is done already is looked at before it is taken: none is done twice."))
        yield Static(Content("Given up, what is done stays done, and m makes another dry run."))
        listed = "\n".join(f"   {words}" for words in self._left)
        yield Static(Content.assemble("\n", ("Left to do", "bold"), f"\n{listed}"))


class ReportDialog(Dialog[bool]):
    """Shows a long text; True when it is to be copied."""

    DEFAULT_CSS = "ReportDialog > #frame { width: 110; }"

    def __init__(self, title: str, text: Content) -> None:
        super().__init__(title, [Answer("q", "Close", False), Answer("c", "Copy", True)])
        self._text = text

    def compose_body(self) -> ComposeResult:
        """The text."""
        yield Static(self._text)
