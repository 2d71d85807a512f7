"""The handoff: answers and ticks are typed in a dialog, then the note goes where it is wanted."""

from __future__ import annotations

from pathlib import PurePath

from textual.app import App

from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.domain.handoff import note
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.roster import Shift, is_login
from fleet_tui.domain.spans import day_and_hour
from fleet_tui.screens import on_call_deeds as deeds
from fleet_tui.screens.comment_dialog import CommentDialog
from fleet_tui.screens.host import Host
from fleet_tui.screens.on_call_dialogs import HandoffDialog, LineDialog, Way
from fleet_tui.services.note_files import write_new
from fleet_tui.widgets.confirm import Confirm


class Handoff:
    """One handoff, of `shift`."""

    def __init__(self, app: App[object], host: Host, shift: Shift) -> None:
        self._app = app
        self._host = host
        self._shift = shift

    @property
    def _desk(self) -> OnCallDesk:
        return self._host.desks.on_call

    @property
    def _following(self) -> Shift | None:
        return self._desk.roster.next_after(self._shift)

    @property
    def _note(self) -> str:
        return note(self._desk.facts(self._shift), self._desk.draft(self._shift), self._host.now(), self._host.config)

    async def run(self) -> None:
        """Until the person closes the dialog: there may be several ways to go."""
        while (way := await self._app.push_screen_wait(self._dialog())) is not None:
            match way:
                case Way.COPY:
                    self._app.copy_to_clipboard(self._note)
                    self._host.say("Copied the handoff note.")
                case Way.FILE:
                    await self._to_a_file()
                case Way.COMMENT:
                    await self._post()
                case Way.GROUP:
                    await self._move_group()

    def _dialog(self) -> HandoffDialog:
        shift, config, now = self._shift, self._host.config, self._host.now()
        whose = "Your" if self._desk.is_mine(shift) else f"{shift.person}'s"
        whom = self._following.person if self._following else "nobody who is known"
        ends = day_and_hour(shift.end, config.team.zone, now=now)
        waiting = len(self._desk.waiting(self._desk.community))
        lines = (f"To {whom}, {ends}. The note lists what is open ({waiting}), the freeze and the release.",)
        group = config.slack.on_call_group if self._slack_id and self._groups else ""
        return HandoffDialog(
            f"{whose} handoff", self._desk.draft(shift), config, self._desk.keep_draft, lines=lines, group=group
        )

    async def _to_a_file(self) -> None:
        there = self._shift.end.astimezone(self._host.config.team.zone)
        file = await self._app.push_screen_wait(
            LineDialog(
                "Write the note into which file?",
                f"~/on-call-handoff-{there:%Y-%m-%d}.md",
                "Path of a new file",
                yes="Write it",
                why_not=lambda typed: "" if PurePath(typed).name else "Name a file.",
            )
        )
        if file is None:
            return
        try:
            self._host.say(f"Wrote the handoff note into {await write_new(file, self._note)}")
        except Failure as failure:
            self._host.say(failure.problem.text, bad=True)

    async def _post(self) -> None:
        number, backend = self._host.config.on_call.handoff_issue, self._host.backend
        text = await self._app.push_screen_wait(CommentDialog(f"Post the note on #{number}?", self._note))
        if text is not None and backend:
            await self._host.carry_out(deeds.post_note(number, text, backend, self._host.config))

    # Slack

    @property
    def _groups(self) -> bool:
        """Whether there is a token with which the user group can be moved."""
        return self._host.backend is not None and self._host.backend.on_call.groups is not None

    @property
    def _slack_id(self) -> str:
        """Who takes over, as Slack calls them; empty when the settings do not say."""
        following = self._following
        people = self._host.config.on_call.people
        known = (one.slack for one in people if following and is_login(following, one.login))
        return next(known, "")

    async def _move_group(self) -> None:
        """Show whom it would remove and add, then move it."""
        backend = self._host.backend
        groups = backend.on_call.groups if backend else None
        if groups is None:
            return
        try:
            plan = await groups.plan(self._host.config.slack.on_call_group, self._slack_id)
        except Failure as failure:
            self._host.say(failure.problem.text, bad=True)
            return
        if plan.changes_nothing:
            self._host.say(f"@{plan.group.handle} is {plan.to.name} already.")
            return
        lines = [f"Takes out: {', '.join(member.name for member in plan.removed) or 'nobody'}"]
        lines.append(f"Brings in: {', '.join(member.name for member in plan.added) or 'nobody'}")
        if await self._app.push_screen_wait(Confirm(f"Move @{plan.group.handle}?", lines, yes="Move it")):
            await self._host.carry_out(deeds.move_group(plan, groups))
