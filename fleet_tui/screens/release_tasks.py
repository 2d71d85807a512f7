"""What the release screen does for people: asks, shows what would be done, and has it carried out."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from fleet_tui.actions import Deed
from fleet_tui.desks.release import Concluding, ReleaseDesk
from fleet_tui.domain.conclusion import Conclusion, next_minor
from fleet_tui.domain.conclusion_text import report_text
from fleet_tui.domain.dependencies import Dependency
from fleet_tui.domain.dogfood import Judgement
from fleet_tui.domain.fleetd_qa import fleetd_qa
from fleet_tui.domain.problem import Failure, Problem
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.domain.upstream import Changes
from fleet_tui.domain.versions import version
from fleet_tui.screens import conclusion_view, release_deeds
from fleet_tui.screens.comment_dialog import CommentDialog
from fleet_tui.screens.host import Host
from fleet_tui.screens.release_dialogs import (
    DeployDialog,
    FleetdDialog,
    GoOn,
    GoOnDialog,
    LongConfirm,
    PushDialog,
    ReportDialog,
)
from fleet_tui.screens.release_qa_dialogs import preview
from fleet_tui.wiring import Backend


class ReleaseTasks:
    """Each is called in a worker, and lasts until it is done: leaving the screen ends none."""

    def __init__(self, app: App[object], host: Host) -> None:
        self._app = app
        self._host = host

    @property
    def _desk(self) -> ReleaseDesk:
        return self._host.desks.release

    # Dependencies

    async def file(self, row: Dependency) -> None:
        """File what the rule asks for."""
        backend, new = self._host.backend, row.filing
        if backend is None or new is None:
            return
        kind = "bug" if any(label in self._host.config.labels.bug for label in new.labels) else "story"
        question = LongConfirm(f"File this {kind}?", [preview(new)], yes="File it")
        if await self._app.push_screen_wait(question):
            await self._host.carry_out(release_deeds.file_issue("release.file", new, backend, self._host.config))

    async def fleetd(self) -> None:
        """Create the release QA issue of what has changed in fleetd."""
        backend, found = self._host.backend, await self._desk.fleetd_changes()
        if backend is None or found is None:
            return
        template, changes = found
        dialog = FleetdDialog(lambda named: fleetd_qa(template, named, changes), self._next_fleetd(changes))
        new = await self._app.push_screen_wait(dialog)
        if new is not None:
            await self._host.carry_out(release_deeds.file_issue("release.fleetd", new, backend, self._host.config))

    def _next_fleetd(self, changes: Sequence[Changes]) -> str:
        """The minor version after the last of the first component that has changed; empty when none tells one."""
        prefixes = {one.name: one.tag_prefix for one in self._host.config.dependencies.components}
        for one in changes:
            last = version(one.tag.removeprefix(prefixes[one.name])) if one.commits and one.tag else None
            if last is not None:
                return str(next_minor(last))
        return ""

    # Stories

    async def push(self, stories: Sequence[OpenStory]) -> None:
        """Push one story after another, when the preview of all was agreed to."""
        backend = self._host.backend
        pushes = [push for story in stories if (push := self._desk.push_of(story))]
        if backend is None or not pushes or not await self._app.push_screen_wait(PushDialog(pushes)):
            return
        alone, failed = len(pushes) == 1, 0
        for push in pushes:
            deed = release_deeds.push(push, backend, self._host.config)
            ended = await self._host.carry_out(deed, quietly=not alone)
            failed += ended is None or ended.failure is not None
        if not alone:
            done = f"{len(pushes) - failed} of {len(pushes)} stories pushed."
            self._host.say(f"{done} See the activity screen for the others." if failed else done, bad=bool(failed))

    # Dogfood

    async def deploy(self) -> None:
        """Deploy an image and follow its run to the end."""
        backend, settings = self._host.backend, self._host.config.dependencies
        if backend is None:
            return
        dogfood = backend.release.dogfood

        async def judge(tag: str) -> Judgement | Problem:
            try:
                return await dogfood.judged(tag)
            except Failure as failure:
                return failure.problem

        dialog = DeployDialog(self._desk.deployments.tag, settings.image, judge)
        chosen = await self._app.push_screen_wait(dialog)
        if chosen is not None:
            tag, decided = chosen
            await self._host.carry_out(release_deeds.deploy(tag, decided, backend, self._host.config))

    # The milestone

    async def conclude(self) -> None:
        """Conclude the milestone: the dry run first. One that was cut off is gone on with, or abandoned."""
        backend, concluding = self._host.backend, self._desk.concluding
        if backend is None:
            return
        if concluding and concluding.is_unfinished:
            await self._go_on(concluding, backend)
        else:
            await self._begin(backend)

    async def _begin(self, backend: Backend) -> None:
        plan = await self._desk.read_plan()
        if isinstance(plan, Problem):
            self._host.say(f"There is no dry run. {plan.text}", bad=True)
            return
        text = conclusion_view.dry_run(plan, self._warnings(plan))
        question = LongConfirm(
            f"Conclude {plan.milestone.title}?", [text], yes="Conclude it", type_to_confirm=plan.title
        )
        if await self._app.push_screen_wait(question):
            await self._carry_out(release_deeds.conclude(plan, self._desk, backend))

    def _warnings(self, plan: Conclusion) -> list[str]:
        standing = self._desk.standing
        if standing is None or standing.version != plan.title or standing.is_published is None:
            return [f"Whether {plan.title} is published is not known."]
        return [] if standing.is_published else [f"{plan.title} has not been published yet."]

    async def _go_on(self, concluding: Concluding, backend: Backend) -> None:
        begun, left = concluding.begun, [row.step.words for row in concluding.automatic if not row.state.is_over]
        answer = await self._app.push_screen_wait(GoOnDialog(begun.title, concluding.over, left))
        if answer is GoOn.NOW:
            await self._carry_out(release_deeds.go_on(begun, self._desk, backend))
        elif answer is GoOn.NEVER:
            await self._host.carry_out(release_deeds.give_up(begun, self._desk, backend))

    async def _carry_out(self, deed: Deed) -> None:
        ended = await self._host.carry_out(deed)
        if ended and ended.failure is None:
            await self.report()
            await self.announce()

    async def report(self) -> None:
        """Show the report, and copy it if that is wanted."""
        report = self._desk.report
        if report is None:
            return
        copies = await self._app.push_screen_wait(ReportDialog(report.title, conclusion_view.report(report)))
        if copies:
            self._app.copy_to_clipboard(report_text(report))
            self._host.say("Copied the report.")

    async def announce(self) -> None:
        """Post the announcement where the webhook leads to the right channel; else copy it."""
        step, backend, config = self._desk.to_announce, self._host.backend, self._host.config
        if step is None or backend is None:
            return
        posts = backend.slack is not None and config.slack.webhook_channel == step.place
        yes = "Post it" if posts else "Copy it"
        lines = () if posts else (f"It is copied, to be posted in {step.place}.",)
        text = await self._app.push_screen_wait(
            CommentDialog(f"Announce it in {step.place}?", step.name, lines, yes=yes)
        )
        if text is None:
            return
        if posts:
            await self._host.carry_out(release_deeds.announce(step, text, self._desk, backend))
        else:
            self._app.copy_to_clipboard(text)
            self._desk.tick_step(step)
            self._host.say(f"Copied: post it in {step.place}.")
