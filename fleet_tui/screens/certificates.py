"""Certificates: what expires when, the most urgent first, and renewing it step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from textual import on, work
from textual.command import SimpleCommand
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.aside import aside
from fleet_tui.desks.certificates import CertificateDesk
from fleet_tui.domain.certificates import Certificate, Unreadable, until_it_reads_otherwise
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.procedures import Procedure
from fleet_tui.keys.certificates import CERTIFICATES
from fleet_tui.screens import certificate_detail
from fleet_tui.screens import certificates_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.certificate_dialogs import ReminderDialog, VerifyDialog
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.procedure_dialog import ProcedureDialog
from fleet_tui.theme import Tone
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.containers import Across, Detail, Down
from fleet_tui.widgets.keyed_table import KeyedTable

SIDES = 4
"""Cells beside the headline."""
READING = "Reading the certificates …"


class CertificatesScreen(FeedScreen):
    """The most urgent one above, all of them below, the one under the cursor beside or below them."""

    NAME = "certificates"
    FEEDS = ("certificates",)
    BINDINGS = bindings(CERTIFICATES)

    def __init__(self) -> None:
        super().__init__()
        self._ticking: Timer | None = None

    def body(self) -> Iterator[Widget]:
        """Headline, figures, table, detail."""
        with Down(id="state"):
            yield Static(id="headline")
            yield Static(id="summary")
        with Across(id="main"):
            yield KeyedTable(view.COLUMNS, empty=READING, id="certificates")
            with Detail():
                yield Static(id="about")

    @property
    def _desk(self) -> CertificateDesk:
        return self.host.desks.certificates

    def on_mount(self) -> None:
        """The procedures are wanted for where each renewal is."""
        super().on_mount()
        self._read_procedures()

    @work(group="certificates")
    async def _read_procedures(self) -> None:
        await self._desk.read_procedures()
        self.show()

    # Showing

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        desk, host, table = self._desk, self.host, self.query_one(KeyedTable)
        found, now, rules = desk.inventory, host.now(), host.config.certificates
        reading, warnings = host.reading("certificates"), desk.warnings
        empty = not (found.certificates or found.unreadable)
        headline, summary = view.headline(found, now, rules, warnings), self._figures(empty=empty)
        bare = empty and not desk.has_sources
        self.set_class(bare, "-bare")
        if bare:
            headline = Content(view.NO_SOURCE)
        elif reading.at is None and reading.problem is None:
            headline, table.empty = Content.styled(READING, Tone.OLD), READING
        else:
            table.empty = f"No row contains “{self.filter_text}”." if self.filter_text else "Nothing that expires."
        told(self.query_one("#headline", Static), headline)
        told(self.query_one("#summary", Static), summary)
        self.query_one("#summary").display = bool(summary)
        old = reading.is_stale(now, host.interval("certificates"))
        zone, words = host.config.team.zone, self.filter_text
        table.sync(view.rows(found, now, rules, zone, warnings=warnings, old=old, words=words, grouped=self.is_high))
        self._show_detail()
        self._tick_on()

    def _figures(self, *, empty: bool) -> Content:
        """The year ahead, above the headings that count; where there is no room for those, the figures alone."""
        desk, now, config = self._desk, self.host.now(), self.host.config
        if empty or not self.is_high:
            return view.summary(desk.inventory, now, config.certificates, desk.warnings)
        width = self.size.width - SIDES
        return view.horizon(desk.inventory, now, config.certificates, desk.warnings, config.team.zone, width)

    @on(KeyedTable.Moved)
    def _show_detail(self) -> None:
        one, fault, host = self._certificate, self._fault, self.host
        if one is not None:
            now, zone, rules = host.now(), host.config.team.zone, host.config.certificates
            warning = self._desk.warnings.get(one.id, "")
            seen, renewal = host.key("certs.warning_seen"), self._renewal_words(one)
            about = certificate_detail.detail(one, now, rules, zone, warning=warning, seen=seen, renewal=renewal)
        elif fault is not None:
            about = certificate_detail.unreadable_detail(fault)
        else:
            about = Content() if self._desk.has_sources else Content(view.HOW_TO_BEGIN)
        told(self.query_one("#about", Static), about)
        self.refresh_keys()

    def _renewal_words(self, one: Certificate) -> str:
        procedure = self._desk.renewal(one)
        try:
            return (
                certificate_detail.renewal_words(procedure, self._desk.known_progress(procedure, one.id))
                if procedure
                else ""
            )
        except Failure as failure:
            return failure.problem.sentence

    # The countdown

    def _tick_on(self) -> None:
        """Look again when the first of the countdowns reads otherwise: seconds, minutes or days from now."""
        self._stop()
        now = self.host.now()
        waits = [until_it_reads_otherwise(one, now) for one in self._desk.inventory.certificates]
        if waits and self.is_current:
            self._ticking = self.set_timer(min(waits).total_seconds(), self._show_all)

    def _stop(self) -> None:
        if self._ticking:
            self._ticking.stop()
            self._ticking = None

    def on_screen_suspend(self) -> None:
        """Nothing ticks on a hidden screen."""
        self._stop()

    # What is under the cursor

    @property
    def _certificate(self) -> Certificate | None:
        key = self.query_one(KeyedTable).selected_key
        return next((one for one in self._desk.inventory.certificates if one.id == key), None)

    @property
    def _fault(self) -> Unreadable | None:
        key = self.query_one(KeyedTable).selected_key
        return next((one for one in self._desk.inventory.unreadable if view.unreadable_key(one) == key), None)

    @property
    def link(self) -> str:
        """Where the certificate under the cursor is renewed."""
        try:
            return self._desk.address(self._certificate) if self._certificate else ""
        except Failure:  # the detail says it
            return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but the list of procedures and the reminder of all needs a certificate."""
        allowed = super().check_action(action, parameters)
        if not allowed:
            return allowed
        one = self._certificate
        if action in {"procedure", "verify", "remind"}:
            return True if one else None
        if action == "remind_all":
            return True if self._desk.inventory.certificates else None
        if action == "acknowledge_warning":
            return True if one and one.id in self._desk.warnings else None
        return True

    def action_acknowledge_warning(self) -> None:
        """The warning was seen."""
        if one := self._certificate:
            self._desk.acknowledge(one.id)
            self.show()

    # Procedures

    def choose(self) -> None:
        """Enter leads to the steps of the renewal."""
        self.call_later(self.action_procedure)

    @work(group="certificates", exclusive=True)
    async def action_procedure(self) -> None:
        """Open the steps that renew the certificate under the cursor."""
        one = self._certificate
        if one is None:
            return
        await self._desk.read_procedures()
        procedure = self._desk.renewal(one)
        if procedure is None:
            self.host.say(f"No procedure renews the kind “{one.kind.value}”.", bad=True)
        else:
            self.app.push_screen(ProcedureDialog(procedure, self.host, one), self._came_back)

    @work(group="certificates", exclusive=True)
    async def action_procedures(self) -> None:
        """Choose any procedure."""
        found = await self._desk.read_procedures()
        for fault in found.malformed:
            self.host.say(f"{fault.file}: {fault.sentence}", bad=True)
        items = [SimpleCommand(one.title, partial(self._open, one), one.short) for one in found.procedures]
        self.app.search_commands(items, "Which procedure?")

    def _open(self, procedure: Procedure) -> None:
        self.app.push_screen(ProcedureDialog(procedure, self.host))

    def _came_back(self, _: None) -> None:
        self.show()

    # Verify

    def action_verify(self) -> None:
        """Compare a renewed certificate with the one under the cursor."""
        if one := self._certificate:
            self.app.push_screen(VerifyDialog(one, self.host))

    # Reminders

    def action_remind(self) -> None:
        """Write a calendar reminder for the certificate under the cursor."""
        if one := self._certificate:
            self._write_reminder([one], re.sub(r"[^a-z0-9]+", "-", one.name.casefold()).strip("-") or "certificate")

    def action_remind_all(self) -> None:
        """Write one calendar file for all that have not expired."""
        ones = [one for one in self._desk.inventory.certificates if one.valid_until > self.host.now()]
        if ones:
            self._write_reminder(ones, "certificates")
        else:
            self.host.say("All have expired: there is nothing left to be reminded of.")

    @work(group="certificates", exclusive=True)
    async def _write_reminder(self, ones: Sequence[Certificate], name: str) -> None:
        days = sorted(self.host.config.certificates.reminder_days, reverse=True)
        what = f"the end of {ones[0].name}" if len(ones) == 1 else f"the ends of {len(ones)} certificates"
        lines = (
            f"A calendar file with {what}, and alarms {' and '.join(map(str, days))} days before.",
            "Open it with your calendar. Taken in again later, the events move instead of standing there twice.",
        )
        path = await self.app.push_screen_wait(
            ReminderDialog("Write a calendar reminder?", lines, Path.home() / f"{name}.ics")
        )
        if path is None:
            return
        overwrite = await aside(path.exists)
        if overwrite and not await self.app.push_screen_wait(
            Confirm("Overwrite it?", (f"{path} is there already.",), yes="Overwrite it", grave=True)
        ):
            return
        problem = await self._desk.write_reminder(ones, path, overwrite=overwrite)
        self.host.say(problem.text if problem else f"Wrote {path}", bad=problem is not None)
