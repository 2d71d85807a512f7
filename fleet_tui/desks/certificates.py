"""The certificates that their screen works on: what is found, what was warned of, how far each renewal is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from fleet_tui.aside import aside
from fleet_tui.desks.desk import Desk
from fleet_tui.domain import certificate_alerts
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.certificate_alerts import Event
from fleet_tui.domain.certificates import Certificate, Inventory, crossed, most_urgent
from fleet_tui.domain.problem import Failure, Problem
from fleet_tui.domain.procedures import Done, Procedure, next_step, renewal_of
from fleet_tui.domain.verify import Candidate
from fleet_tui.services import reminders
from fleet_tui.services.certificate_verify import candidate
from fleet_tui.services.certificate_watch import CertificateWatch
from fleet_tui.services.passphrases import passphrase
from fleet_tui.services.procedure_log import ProcedureLog
from fleet_tui.services.procedures import Library, library

KIND, SCREEN = "certificate", "certificates"
WARNINGS = "certificate warnings"
STANDS = {Event.TOPIC_CHANGED, Event.BACK_IN_TIME}
"""Warned of until somebody has taken notice of it."""


class CertificateDesk(Desk):
    """What expires, and renewing it."""

    FEEDS = ("certificates",)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._rules = self.config.certificates
        self._watch = CertificateWatch(self.store, self._rules.threshold_days)
        self._looked: tuple[object, datetime | None] = (None, None)
        self._library = Library(())
        self._progress: dict[tuple[str, str], Mapping[str, Done]] = {}

    # What is shown

    @property
    def inventory(self) -> Inventory:
        """Everything that was found."""
        return self.reading("certificates").value or Inventory()

    @property
    def has_sources(self) -> bool:
        """Whether the configuration names anything to look at."""
        wanted = self._rules
        return bool(wanted.fleet_server or wanted.files or wanted.endpoints or wanted.dates)

    @property
    def most_urgent(self) -> Certificate | None:
        """The one for the status line."""
        return most_urgent(self.inventory.certificates, self.now(), self._rules.status_days)

    # Alerts

    @property
    def tells_at_start(self) -> bool:
        """What was announced before is kept, so all that it tells is news, but for the very first run."""
        return self._watch.has_seen

    def alerts(self) -> Iterable[Alert]:
        """What has become of each certificate since the last look."""
        moment = (self.inventory, self.now().replace(second=0, microsecond=0))
        if moment[0] is self._looked[0] and moment[1] == self._looked[1]:
            return ()
        self._looked = moment
        told = self._watch.look(self.inventory.certificates, self.now())
        for alert in told:
            if alert.event in STANDS:
                self._keep_warning(alert.certificate.id, alert.sentence)
            elif alert.event is Event.RENEWED:
                self.acknowledge(alert.certificate.id)
        return [self._as_alert(alert) for alert in told]

    def _as_alert(self, told: certificate_alerts.Alert) -> Alert:
        one = told.certificate
        reached = crossed(one, self.now(), self._rules.threshold_days)
        which = reached if told.event is Event.THRESHOLD else f"{one.serial} {one.topic}"
        key = f"certificate {one.id} {told.event.value} {one.valid_until:%Y-%m-%dT%H:%M} {which}"
        return Alert(key, KIND, told.sentence, SCREEN, one.id, good=told.event is Event.RENEWED)

    @property
    def warnings(self) -> Mapping[str, str]:
        """What nobody has taken notice of yet, by the certificate's id: another topic, an older certificate."""
        return self.store.recall(WARNINGS, dict[str, str], {})

    def acknowledge(self, id_: str) -> None:
        """Somebody has taken notice of the warning."""
        if id_ in (kept := dict(self.warnings)):
            del kept[id_]
            self.store.remember(WARNINGS, kept)

    def _keep_warning(self, id_: str, sentence: str) -> None:
        self.store.remember(WARNINGS, {**self.warnings, id_: sentence})

    # Procedures

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """All procedures by title, as last read."""
        return self._library.procedures

    async def read_procedures(self) -> Library:
        """Read all procedures anew: a team may have changed its own."""
        self._library = await aside(library, self._rules.procedures)
        return self._library

    def renewal(self, one: Certificate) -> Procedure | None:
        """The procedure that renews it."""
        return renewal_of(one.kind, self.procedures)

    def progress(self, procedure: Procedure, subject: str) -> Mapping[str, Done]:
        """The steps that are done, by id, read anew. Raises `Failure` when they cannot be read."""
        found = self._log.progress(procedure.name, subject)
        self._progress[procedure.name, subject] = found
        return found

    def known_progress(self, procedure: Procedure, subject: str) -> Mapping[str, Done]:
        """The steps that are done as last read: for what is shown at every move of the cursor. Raises `Failure`."""
        known = self._progress.get((procedure.name, subject))
        return self.progress(procedure, subject) if known is None else known

    def tick(self, procedure: Procedure, subject: str, step: str) -> None:
        """Write down that a step is done, or that it is not. Raises `Failure`."""
        if step in self.progress(procedure, subject):
            self._log.unmark(procedure.name, subject, step)
        else:
            self._log.mark(procedure.name, subject, step, Done(self.login or "you", self.now()))

    def start_anew(self, procedure: Procedure, subject: str) -> None:
        """Forget what is done. Raises `Failure`."""
        self._log.start_anew(procedure.name, subject)

    def address(self, one: Certificate) -> str:
        """Where to go on with its renewal: the address of the next step, else the first of any; empty without one."""
        procedure = self.renewal(one)
        if procedure is None:
            return ""
        ahead = next_step(procedure, self.known_progress(procedure, one.id))
        return (ahead.url if ahead else "") or next((step.url for step in procedure.steps if step.url), "")

    @cached_property
    def _log(self) -> ProcedureLog:
        return ProcedureLog(self.store)

    # Verify, remind

    async def candidate(self, path: Path, key: Path | None, chain: Path | None) -> Candidate | Problem:
        """The renewed certificate in a file, compared with a private key on this machine; or why it cannot be read."""
        try:
            return await aside(candidate, path, key, passphrase, chain)
        except Failure as failure:
            return failure.problem

    async def write_reminder(self, ones: Sequence[Certificate], path: Path, *, overwrite: bool) -> Problem | None:
        """Write a calendar file; why it could not be written. One that is there stays unless `overwrite`."""
        content = reminders.calendar(ones, self.now(), self._rules.reminder_days)
        try:
            await asyncio.to_thread(reminders.write, path, content, overwrite=overwrite)
        except Failure as failure:
            return failure.problem
        return None
