"""One bug in full: its text as Markdown, the last comments, linked pull requests, and what its labels went through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fleet_tui.domain.bug_detail import BugDetail, LabelChange, LinkedPull
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.spans import day_and_hour, until
from fleet_tui.theme import Tone
from fleet_tui.widgets.dialog import Answer, Dialog

LONGEST, MOST_LINES = 20_000, 1_000
"""Characters and lines of a text that are shown."""
PULL_TONES = {"open": Tone.ACCENT, "draft": Tone.OLD, "merged": Tone.DONE, "closed": Tone.OLD}


class BugDialog(Dialog[None]):
    """Shows a bug in full; arrows and page keys scroll, any key of the answer closes."""

    DEFAULT_CSS = """
    BugDialog {
        & > #frame { width: 110; }
        & #rest { height: auto; }
    }
    """

    def __init__(self, bug: Bug, facts: Content, now: datetime, zone: ZoneInfo) -> None:
        super().__init__(f"#{bug.number} {bug.title}", [Answer("q", "Close", None)])
        self._facts = facts
        self._now = now
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        """Facts, text, comments, pull requests, labels."""
        yield Static(self._facts)
        yield Vertical(Static(Content.styled("\nReading the rest …", Tone.OLD)), id="rest")

    async def tell(self, found: BugDetail | Problem) -> None:
        """Show what was read of it, or why nothing could be."""
        if self.is_attached:
            await show_detail(self.query_one("#rest", Vertical), found, self._now, self._zone)


async def show_detail(place: Vertical, found: BugDetail | Problem, now: datetime, zone: ZoneInfo) -> None:
    """Fill `place` with what was read of a bug, or with why nothing could be."""
    if isinstance(found, Problem):
        shown = [Static(Content.styled(f"\n{found.text}", Tone.SOON))]
    else:
        shown = [Static(part) for part in parts(found, now, zone)]
    async with place.batch():
        await place.remove_children()
        await place.mount_all(shown)


def parts(detail: BugDetail, now: datetime, zone: ZoneInfo) -> Iterator[RenderableType | Content]:
    """What is known of a bug beyond its card, most useful first."""
    if detail.pulls:
        yield _heading("Pull requests")
        yield Content("\n").join(_pull(one) for one in detail.pulls)
    yield Text()
    yield Markdown(_beginning(detail.body) or "*It has no text.*", hyperlinks=False)
    if detail.comments:
        earlier = f", {detail.earlier_comments} earlier ones left out" if detail.earlier_comments else ""
        yield _heading(f"Last comments{earlier}")
    for remark in detail.comments:
        yield Content.assemble((remark.author or "somebody", "bold"), (f"  {until(remark.at, now)}", Tone.OLD))
        yield Markdown(_beginning(remark.text), hyperlinks=False)
    if detail.label_changes:
        yield _heading("Labels")
        yield Content("\n").join(_change(one, now, zone) for one in reversed(detail.label_changes))


def _beginning(text: str) -> str:
    """So much of it as is drawn at once: 64 kB of code fences took three seconds, in which no key worked."""
    lines = text[:LONGEST].split("\n")[:MOST_LINES]
    shown = "\n".join(lines)
    return shown if shown == text else f"{shown}\n\n*The rest is on GitHub.*"


def _heading(words: str) -> Content:
    return Content.assemble("\n", (words, "bold"))


def _pull(pull: LinkedPull) -> Content:
    tie = "would close it" if pull.closes else "mentions it"
    where = f" {pull.url}" if pull.elsewhere else ""
    return Content.assemble(
        (f"#{pull.number} ", Tone.OLD),
        pull.title,
        (f"  {pull.state}", PULL_TONES.get(pull.state, Tone.OLD)),
        (f" · {tie}{where}", Tone.OLD),
    )


def _change(change: LabelChange, now: datetime, zone: ZoneInfo) -> Content:
    sign = "+" if change.added else "-"
    when = day_and_hour(change.at, zone, now=now)
    return Content.assemble(f"{sign} {change.label}", (f"  {change.by or 'somebody'}, {when}", Tone.OLD))
