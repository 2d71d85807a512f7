"""The one base of all dialogs, and the question whose answer is yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fleet_tui.widgets.closes_once import ClosesOnce

T = TypeVar("T")
AROUND, LEAST = 6, 8
"""Cells of the frame and the air within it; those of the narrowest answer."""


class Answer(Struct, Generic[T], frozen=True):
    """A button: the key that presses it, its word, and the value that it gives."""

    key: str
    word: str
    value: T

    @property
    def label(self) -> Content:
        """Key and word."""
        return Content.assemble((self.key, "bold"), f"  {self.word}")


class Dialog(ModalScreen[T], ClosesOnce[T]):
    """Title, body and buttons. The first answer refuses: it has the focus at first, and Esc gives it.

    A subclass says what is asked (`compose_body`) and may withhold answers until something is done (`withhold`).
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Cancel", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-8)", show=False),
        Binding("pagedown", "scroll(8)", show=False),
    ]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > ToastRack { dock: top; align: right top; margin: 0; }
        & > #frame {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            border: round $border-blurred;
            padding: 1 2;
        }
        &.-grave > #frame { border: round $error; }
        & #title { text-style: bold; margin-bottom: 1; }
        & #body { height: auto; scrollbar-size-vertical: 1; }
        & #why { height: auto; color: $text-muted; margin-top: 1; display: none; }
        & #answers { height: 1; margin-top: 1; align-horizontal: right; }
        & #answers.-many {
            layout: grid;
            grid-columns: auto;
            grid-rows: 1;
            grid-gutter: 0 2;
            width: auto;
            height: auto;
        }
        & #answers Button {
            height: 1;
            min-width: 8;
            margin-left: 2;
            padding: 0;
            border: none;
            background: $panel;
            text-style: none;
            &:focus { background: $accent; color: $background; text-style: bold; }
            &:disabled { color: $text-muted; text-opacity: 100%; text-style: strike; }
        }
        & #answers.-many Button { margin-left: 0; }
    }
    """
    AUTO_FOCUS = "#answers Button"

    def __init__(self, title: str, answers: Sequence[Answer[T]], *, grave: bool = False) -> None:
        super().__init__(classes="-grave" if grave else "")
        self._title = title
        self._answers = tuple(answers)
        self._locked: dict[str, str] = {}
        self._typed_ahead: list[str] | None = []
        """Answers given before there was anything to answer; None since there is."""

    def compose_body(self) -> ComposeResult:
        """What stands between title and buttons."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Title, body, why an answer is locked, buttons."""
        with Vertical(id="frame"):
            yield Static(Content(self._title), id="title")
            with VerticalScroll(id="body", can_focus=False):
                yield from self.compose_body()
            yield Static(id="why")
            with Horizontal(id="answers"):
                for answer in self._answers:
                    yield Button(answer.label, id=f"answer-{answer.key}")

    def withhold(self, key: str, why: str) -> None:
        """Keep the answer `key` from being given, and say `why`; an empty reason frees it."""
        self._locked[key] = why
        self.query_one(f"#answer-{key}", Button).disabled = bool(why)
        reasons = self.query_one("#why", Static)
        reasons.update(Content("\n".join(filter(None, self._locked.values()))))
        reasons.display = any(self._locked.values())

    def give(self, answer: Answer[T]) -> None:
        """Close with the value of `answer`, unless it is locked."""
        if not self._locked.get(answer.key):
            self.dismiss(answer.value)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer of the button."""
        event.stop()
        self._give_by_key((event.button.id or "").removeprefix("answer-"))

    def on_key(self, event: events.Key) -> None:
        """Give the answer that has this key; an input with the focus keeps its letters."""
        if any(answer.key == event.key for answer in self._answers):
            event.stop()  # or the app, too, would do what the key means outside of the dialog
            event.prevent_default()
            self._give_by_key(event.key)

    def on_mount(self) -> None:
        """Give the answer that was typed before there was anything to answer."""
        typed, self._typed_ahead = self._typed_ahead, None
        for key in typed or ():
            self.call_after_refresh(self._give_by_key, key)

    def _give_by_key(self, key: str) -> None:
        if self._typed_ahead is not None:
            self._typed_ahead.append(key)
            return
        for answer in self._answers:
            if answer.key == key:
                self.give(answer)

    def action_refuse(self) -> None:
        """Close with the first answer."""
        self.dismiss(self._answers[0].value)

    def action_scroll(self, lines: int) -> None:
        """Scroll the body, whatever has the focus; a key typed ahead may come before there is one."""
        for body in self.query("#body"):
            body.scroll_relative(y=lines, animate=False)

    def on_resize(self) -> None:
        """Leave room for title, reason and buttons: the body scrolls."""
        self.query_one("#body").styles.max_height = max(3, self.size.height - 10 - self.place_answers())

    def place_answers(self) -> int:
        """Put the answers on as many lines as they need; how many these are."""
        answers, width = self.query_one("#answers"), self.query_one("#frame").styles.width
        room = min(width.cells if width and width.cells else self.size.width, self.size.width) - AROUND
        across = columns([max(LEAST, cell_len(answer.label.plain) + 2) + 2 for answer in self._answers], room)
        answers.set_class(across < len(self._answers), "-many")
        answers.styles.grid_size_columns = across
        return -(-len(self._answers) // across)


def columns(widths: Sequence[int], room: int) -> int:
    """How many answers of these widths stand side by side in `room` cells; those below them in the same columns."""
    for count in range(len(widths), 1, -1):
        if sum(max(widths[column::count]) for column in range(count)) <= room:
            return count
    return 1
