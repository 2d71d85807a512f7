"""Tells alerts: toast, bell, the terminal's notification, the desktop's; each alert once."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from fleet_tui.config.schema import Config
from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.notifications import Desktop, is_loud, notice, style_of
from fleet_tui.services.alert_log import AlertLog

log = logging.getLogger(__name__)


class Voice(Protocol):
    """What the app lends to it."""

    def bell(self) -> None:
        """Ring the terminal's bell."""

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """Show a toast."""

    def send(self, sequence: str) -> None:
        """Write a control sequence to the terminal."""


class Announcer:
    """Looks at what the desks hold for true, and tells what is new. What was so at the start is only listed."""

    def __init__(
        self, desks: Iterable[Desk], told: AlertLog, voice: Voice, config: Config, now: Callable[[], datetime]
    ) -> None:
        self._desks = tuple(desks)
        self._quiet = {desk for desk in self._desks if not desk.tells_at_start}
        self._told = told
        self._voice = voice
        self._config = config
        self._now = now
        self._style = style_of(config.alerts.terminal, os.environ)
        self._in_tmux = bool(os.environ.get("TMUX"))
        self._desktop = Desktop()

    def look(self) -> tuple[Alert, ...]:
        """Tell what is new; gives what was told aloud."""
        loud: list[Alert] = []
        for desk in self._desks:
            if not desk.is_settled:
                continue
            news = self._told.take(desk.alerts(), seen=desk in self._quiet)
            if desk in self._quiet:
                self._quiet.discard(desk)
            else:
                loud += [alert for alert in news if self._is_loud(alert)]
        if any(not alert.good for alert in loud) and self._config.alerts.bell:
            self._voice.bell()
        for alert in loud:
            self._voice.say(alert.words, bad=not alert.good)
            if self._style:
                self._voice.send(notice(alert.words, self._style, in_tmux=self._in_tmux))
        return tuple(loud)

    def _is_loud(self, alert: Alert) -> bool:
        return is_loud(alert.kind, self._config.alerts, self._now(), self._config.team.zone)

    async def tell_desktop(self, alerts: Iterable[Alert]) -> None:
        """Show `alerts` on the desktop, if that is switched on. One that cannot be shown is logged, once."""
        if not self._config.alerts.desktop:
            return
        for alert in alerts:
            if problem := await self._desktop.show(alert.words):
                log.warning("%s", problem.text)
                return
