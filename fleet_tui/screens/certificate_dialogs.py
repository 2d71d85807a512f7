"""The forms of the certificates screen: verifying a renewed certificate, writing a calendar reminder."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fleet_tui.domain.certificates import Certificate
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.verify import Finding, Line, may_be_put_in_place, verify
from fleet_tui.screens.host import Host
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.confirm import NO, YES
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.path_input import PathInput

FINDINGS = {
    Finding.PASS: (glyphs.DONE, Tone.DONE),
    Finding.FAIL: (glyphs.FAILED, Tone.ACT),
    Finding.UNTOLD: (glyphs.UNKNOWN, Tone.SOON),
}
QUESTION_WIDTH = 26
FIELDS = {
    "new": ("Certificate", "the renewed one, such as ~/Downloads/mdm.cer"),
    "key": ("Private key", "to compare with; may stay empty"),
    "chain": ("Issuers", "their certificates; may stay empty"),
}
FROM_FILE = "file:"


class VerifyDialog(Dialog[None]):
    """Asks for the renewed certificate, and where wanted its key and its chain; shows old and new side by side.

    Nothing leaves this machine, and nothing is changed.
    """

    DEFAULT_CSS = """
    VerifyDialog {
        & > #frame { width: 112; }
        & #fields { margin: 0; }
        & #fields Horizontal { height: 1; }
        & #fields Static { width: 13; }
        & #fields Input { width: 1fr; background: $panel; }
        & #result { height: auto; margin-top: 1; }
    }
    """
    AUTO_FOCUS = "#new"

    def __init__(self, old: Certificate, host: Host) -> None:
        super().__init__(
            f"Verify a renewed certificate: {old.name}", [Answer("q", "Close", None), Answer("v", "Verify", None)]
        )
        self._old = old
        self._host = host

    def compose_body(self) -> ComposeResult:
        """Three paths, and what was found."""
        folder = f"{Path(self._old.source).parent}/" if self._old.id.startswith(FROM_FILE) else ""
        with Vertical(id="fields"):
            for name, (label, hint) in FIELDS.items():
                with Horizontal():
                    yield Static(Content(label))
                    yield PathInput(folder if name == "new" else "", placeholder=hint, id=name)
        yield Static(HELP, id="result")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._verify()

    def give(self, answer: Answer[None]) -> None:
        """Verify, or close."""
        if answer.key == "v":
            self._verify()
        else:
            super().give(answer)

    @work(exclusive=True)
    async def _verify(self) -> None:
        new, key, chain = (self.query_one(f"#{name}", PathInput).path for name in FIELDS)
        result, width = self.query_one("#result", Static), self.query_one("#fields").size.width
        if new is None:
            result.update(Content.styled("Say first which file holds the renewed certificate.", Tone.SOON))
            return
        found = await self._host.desks.certificates.candidate(new, key, chain)
        if isinstance(found, Problem):
            result.update(Content.styled(f"{glyphs.FAILED} {found.text}", Tone.ACT))
            return
        lines = verify(self._old, found, self._host.now(), self._host.config.certificates)
        result.update(Content("\n").join(comparison(lines, width)))
        self.call_after_refresh(result.scroll_visible, animate=False, top=True)


HELP = Content.styled(
    "Tab leads to the next field, → takes the path that is offered, Enter verifies. The key is compared on this "
    "machine and let go again; nothing is sent and nothing is changed.",
    Tone.OLD,
)


def comparison(lines: Sequence[Line], width: int) -> Iterator[Content]:
    """Whether it may be put in place; then each question, old and new side by side, and what follows if not."""
    yield _conclusion(lines)
    half = max(12, (width - QUESTION_WIDTH - 4) // 2)
    yield Content.styled(f"{'':{QUESTION_WIDTH}}  {'in use now':{half}}  renewed", Tone.OLD)
    for line in lines:
        yield from _beside(line, half)
        if line.finding is not Finding.PASS:
            condition = "" if line.finding is Finding.FAIL else "If not: "
            for part in textwrap.wrap(condition + line.consequence, max(1, width - 2)):
                yield Content.styled(f"  {part}", FINDINGS[line.finding][1])


def _conclusion(lines: Sequence[Line]) -> Content:
    failed = sum(line.finding is Finding.FAIL for line in lines)
    untold = sum(line.finding is Finding.UNTOLD for line in lines)
    if not may_be_put_in_place(tuple(lines)):
        words = f"Do not put it in place: {failed} of {len(lines)} checks failed."
        return Content.styled(f"{glyphs.FAILED} {words}", f"bold {Tone.ACT}")
    if untold:
        words = f"Nothing speaks against it, but {untold} of {len(lines)} checks could not be made."
        return Content.styled(f"{glyphs.UNKNOWN} {words}", f"bold {Tone.SOON}")
    return Content.styled(f"{glyphs.DONE} It may be put in place: all {len(lines)} checks passed.", f"bold {Tone.DONE}")


def _beside(line: Line, half: int) -> Iterator[Content]:
    sign, tone = FINDINGS[line.finding]
    question = textwrap.wrap(line.question, QUESTION_WIDTH - 2)
    old, new = (textwrap.wrap(words, half) for words in (line.old or glyphs.NONE, line.new or glyphs.NONE))
    for number, (asked, before, after) in enumerate(zip_longest(question, old, new, fillvalue="")):
        yield Content.assemble(
            (sign if number == 0 else " ", tone),
            f" {asked:{QUESTION_WIDTH - 2}}  ",
            (f"{before:{half}}  ", Tone.OLD),
            after,
        )


class ReminderDialog(Dialog[Path | None]):
    """Asks where to write the calendar file."""

    DEFAULT_CSS = "ReminderDialog Input { background: $panel; margin-top: 1; }"
    AUTO_FOCUS = "PathInput"

    def __init__(self, title: str, lines: Sequence[str], path: Path) -> None:
        answers: list[Answer[Path | None]] = [Answer(NO, "No", None), Answer(YES, "Write it", path)]
        super().__init__(title, answers)
        self._lines = tuple(lines)
        self._path = path

    def compose_body(self) -> ComposeResult:
        """What it is for, and the path."""
        for line in self._lines:
            yield Static(Content(line))
        yield PathInput(str(self._path), placeholder="The file to write", id="path")

    @on(Input.Changed)
    def _typed(self) -> None:
        self.withhold(YES, "" if self.query_one(PathInput).path else "Say which file to write.")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.give(self._answers[-1])

    def give(self, answer: Answer[Path | None]) -> None:
        """Close with the path as it is typed."""
        path = self.query_one(PathInput).path
        super().give(replace(answer, value=path) if answer.key == YES else answer)
