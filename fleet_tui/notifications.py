"""How an alert reaches somebody who is not looking: the terminal's own notification, and the desktop's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleet_tui.config.alerts import Alerts, TerminalNotice
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.text import clean

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

APP = "fleet-tui"
LONGEST = 200
"""Characters of an alert; terminals and desktops cut longer ones."""
DESKTOP_SECONDS = 5.0
ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"


class Style(Enum):
    """The control sequences that make a terminal notify."""

    OSC_9 = "9;{title}: {words}"
    """Of iTerm2; also kitty, ghostty, WezTerm."""
    OSC_777 = "777;notify;{title};{words}"
    """Of rxvt; also foot, VTE, WezTerm."""


OF_SETTING = {"osc9": Style.OSC_9, "osc777": Style.OSC_777, "off": None}
# tmux puts its own name into TERM and TERM_PROGRAM; these variables of the terminal around it get through.
OF_VARIABLE = {
    "ITERM_SESSION_ID": Style.OSC_9,
    "KITTY_WINDOW_ID": Style.OSC_9,
    "GHOSTTY_RESOURCES_DIR": Style.OSC_9,
    "WEZTERM_PANE": Style.OSC_9,
    "VTE_VERSION": Style.OSC_777,
}
OF_TERM = {"xterm-kitty": Style.OSC_9, "xterm-ghostty": Style.OSC_9, "foot": Style.OSC_777, "rxvt": Style.OSC_777}


def is_loud(kind: str, alerts: Alerts, now: datetime, zone: ZoneInfo) -> bool:
    """Whether an alert of this kind is told aloud at `now`; else it is listed and nothing more."""
    return kind not in alerts.muted and not is_quiet(alerts, now, zone)


def is_quiet(alerts: Alerts, now: datetime, zone: ZoneInfo) -> bool:
    """Whether `now` is in the quiet hours, on the clock of `zone`: from their first moment until before their last."""
    clock, start, end = now.astimezone(zone).time(), alerts.quiet_from, alerts.quiet_until
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def style_of(setting: TerminalNotice, env: Mapping[str, str]) -> Style | None:
    """The sequence to send to the terminal that `env` tells of; None: send nothing.

    A terminal that does not know a sequence ought to swallow it, but old ones print it: so `auto` sends only what a
    terminal is known to take.
    """
    if setting != "auto":
        return OF_SETTING[setting]
    term = env.get("TERM", "")
    of_term = next((style for name, style in OF_TERM.items() if term == name or term.startswith(f"{name}-")), None)
    return of_term or next((style for name, style in OF_VARIABLE.items() if env.get(name)), None)


def notice(words: str, style: Style, *, in_tmux: bool) -> str:
    """The sequence that makes the terminal show `words`, for it to be written as it is.

    `words` may be any text: what could end the sequence, or be read as one of its fields, is taken out. The title
    comes first because `9;4;…` is the progress bar of several terminals.
    """
    shown = clean(words, LONGEST).replace(";", ",")
    sequence = f"{ESC}]{style.value.format(title=APP, words=shown)}{BEL}"
    return f"{ESC}Ptmux;{sequence.replace(ESC, ESC * 2)}{ST}" if in_tmux else sequence


class Desktop:
    """The notifications of the desktop, by the extra `notify`."""

    def __init__(self) -> None:
        self._notifier: DesktopNotifier | None = None

    async def show(self, words: str) -> Problem | None:
        """Show `words`; the problem, if that cannot be. Never takes longer than 5 s; call it in one event loop only."""
        try:
            from desktop_notifier import DesktopNotifier
        except ImportError:
            return _problem("Desktop notifications are not installed.", "Install the extra `notify`.")
        self._notifier = self._notifier or DesktopNotifier(app_name=APP, app_icon=None)
        try:
            async with asyncio.timeout(DESKTOP_SECONDS):
                shown = await _send(self._notifier, words)
        except TimeoutError:
            shown = False
        if shown:
            return None
        self._notifier = None  # it holds a connection that may be dead
        return _problem("The desktop did not take a notification.", "Is there a desktop here (SSH?)?")


async def _send(notifier: DesktopNotifier, words: str) -> bool:
    """Whether it was shown. The library only logs a failure, and where it knows no desktop it does nothing."""
    from desktop_notifier import Capability

    sent = asyncio.Event()
    await notifier.send(APP, _for_desktop(words), on_dispatched=sent.set)
    return sent.is_set() and Capability.TITLE in await notifier.get_capabilities()


def _for_desktop(words: str) -> str:
    """Desktops on Linux read the text as markup."""
    shown = clean(words, LONGEST)
    if not sys.platform.startswith("linux"):
        return shown
    from html import escape

    return escape(shown, quote=False)


def _problem(sentence: str, remedy: str) -> Problem:
    return Problem("Desktop", Cause.MISSING, sentence, f"{remedy} `desktop = false` in [alerts] switches them off.")
