"""The line at the top of every screen: what, in which phase, who, how fresh, when."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct
from textual.content import Content

from fleet_tui.domain.freeze import Phase
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.phases import SIGNS
from fleet_tui.widgets.told import Told

GAP = 3
FEW_CALLS = 500


class Freshness(Enum):
    """Whether what is shown is the present state; with its sign and tone."""

    READING = (glyphs.PENDING, "reading", Tone.OLD)
    """Nothing has been read yet."""
    LIVE = (glyphs.LIVE, "live", Tone.DONE)
    STALE = (glyphs.STALE, "stale", Tone.SOON)
    OFFLINE = (glyphs.FAILED, "offline", Tone.ACT)
    """A source does not answer."""
    FAILING = (glyphs.FAILED, "failing", Tone.ACT)
    """A source answers, and not with what it was asked for."""
    PAUSED = (glyphs.PAUSED, "paused", Tone.SOON)


class Status(Struct, frozen=True):
    """Everything the line says. What is None or empty is left out."""

    program: str = "fleet-tui"
    repository: str = ""
    phase: Phase | None = None
    next_change: str = ""
    """`deep freeze in 2 d 4 h`"""
    alarm: str = ""
    """`critical bug #16402`, until somebody has taken notice."""
    expiring: str = ""
    """`MDM vendor 6 d 4 h`: the certificate that ends first, when that is near."""
    expiring_now: bool = False
    """Whether that calls for a hand at once."""
    on_call: str = ""
    """`lucas → Wed`"""
    unseen: int = 0
    """Alerts that nobody has looked at."""
    calls_left: int | None = None
    """What the rate limit still allows."""
    freshness: Freshness = Freshness.LIVE
    since: str = ""
    """`5 min`, `since 14:02`"""
    read_only: bool = False
    clock: str = ""
    """`14:32 PT`"""


class StatusLine(Told[Status]):
    """One line in three parts, which drops what matters least when it gets narrow."""

    DEFAULT_CSS = "StatusLine { height: 1; background: $surface; }"

    def __init__(self, value: Status | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(value or Status(), id=id, classes=classes)

    def draw(self, value: Status, width: int) -> Content:
        """The line for `value`."""
        return draw(value, width)


LEFT, MIDDLE = ("program", "repository"), ("alarm", "phase", "expiring")
RIGHT = ("unseen", "on_call", "calls", "read_only", "freshness", "clock")
SHRINKING = (
    *("calls", "repository", "unseen", "on_call", "repository", "program", "on_call", "freshness", "phase", "expiring"),
    *("read_only", "clock", "read_only", "phase", "expiring"),
)
"""Each name takes one step of its part's forms; least important first."""


def draw(status: Status, width: int) -> Content:
    """`status` in at most `width` cells."""
    forms = _forms(status)
    level = dict.fromkeys(forms, 0)

    def side(names: tuple[str, ...]) -> Content:
        shown = [form for name in names if (form := forms[name][min(level[name], len(forms[name]) - 1)])]
        return Content(" " * GAP).join(shown)

    for name in ("", *SHRINKING):
        if name:
            level[name] += 1
        left, middle, right = side(LEFT), side(MIDDLE), side(RIGHT)
        room = width - 2 - sum(part.cell_length + GAP * bool(part) for part in (left, middle, right)) + GAP
        if room >= 0:
            break
    start = 1 + left.cell_length + GAP * bool(left)
    end = width - 1 - right.cell_length - GAP * bool(right) - middle.cell_length
    at = max(min((width - middle.cell_length) // 2, end), start) if left else start
    line = Content.assemble(" ", left.pad_right(max(0, at - 1 - left.cell_length)), middle)
    line = line.pad_right(max(0, width - 1 - right.cell_length - line.cell_length)) + right
    return line.truncate(width, ellipsis=True)


def _forms(status: Status) -> Mapping[str, tuple[Content, ...]]:
    """Each part from its longest form to its shortest."""
    nothing = Content()
    sign, word, tone = status.freshness.value
    freshness = Content.styled(f"{sign} {word}", tone)
    who = status.on_call
    return {
        "program": (Content.styled(status.program, "bold"), nothing),
        "repository": (
            Content.styled(status.repository, Tone.OLD),
            Content.styled(status.repository.rpartition("/")[2], Tone.OLD),
            nothing,
        ),
        "alarm": (Content.styled(f"{glyphs.ACT} {status.alarm}", f"bold {Tone.ACT}") if status.alarm else nothing,),
        "phase": _phase(status),
        "expiring": _expiring(status),
        "on_call": (
            Content.assemble(("on call: ", Tone.OLD), who) if who else nothing,
            Content(who.partition(" ")[0]),
            nothing,
        ),
        "unseen": _unseen(status.unseen),
        "calls": (_calls(status.calls_left), nothing),
        "read_only": (
            (Content.styled("read-only", Tone.SOON), Content.styled("ro", Tone.SOON), nothing)
            if status.read_only
            else (nothing,)
        ),
        "freshness": (Content.styled(f"{sign} {word} {status.since}".rstrip(), tone), freshness),
        "clock": (Content.styled(status.clock, Tone.OLD), nothing),
    }


def _unseen(count: int) -> tuple[Content, ...]:
    if not count:
        return (Content(),)
    words = "1 alert" if count == 1 else f"{count} alerts"
    return tuple(Content.styled(f"{glyphs.ACT} {form}", Tone.SOON) for form in (words, str(count)))


def _phase(status: Status) -> tuple[Content, ...]:
    if status.phase is None:
        return (Content(),)
    sign, tone = SIGNS[status.phase]
    name = Content.styled(f"{sign} {status.phase.value.upper()}", f"bold {tone}")
    return (Content.assemble(name, f" {glyphs.DOT} {status.next_change}") if status.next_change else name, name)


def _expiring(status: Status) -> tuple[Content, ...]:
    if not status.expiring:
        return (Content(),)
    tone = Tone.ACT if status.expiring_now else Tone.SOON
    return (
        Content.styled(f"{glyphs.ACT} {status.expiring}", tone),
        Content.styled(f"{glyphs.ACT} certificate", tone),
        Content(),
    )


def _calls(left: int | None) -> Content:
    return (
        Content()
        if left is None
        else Content.styled(f"{left:,} calls left", Tone.SOON if left < FEW_CALLS else Tone.OLD)
    )
