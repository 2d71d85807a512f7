"""The writes of the release QA screen that are done once and journalled. Verdicts and notes go through the outbox."""

from __future__ import annotations

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import Item, Progress
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.readiness import ready_comment
from fleet_tui.domain.release_qa import NewIssue, version_in
from fleet_tui.qa_desk import QaDesk
from fleet_tui.wiring import Backend

REFRESHES = ("release_qa", "checklist")


def create(new: NewIssue, backend: Backend, config: Config) -> Deed:
    """Create the release QA issue."""

    async def run(tell: Tell) -> str:
        tell(f"Creating {new.title} …")
        created = await backend.writer.create_issue(new.title, new.body, new.labels, new.assignees)
        return f"Created #{created.number}{created.dropped_words}."

    target = f"{config.team.repository}: {new.title}"
    return Deed("qa.create", f"Create {new.title}", target, run, refreshes=REFRESHES)


def file_bug(new: NewIssue, item: Item, desk: QaDesk, backend: Backend, config: Config) -> Deed:
    """File a bug, and put its link into the notes of the release QA issue."""

    async def run(tell: Tell) -> str:
        tell(f"Filing {new.title} …")
        created = await backend.writer.create_issue(new.title, new.body, new.labels, new.assignees)
        noted = desk.note_bug(item.id.section, created.number, new.title)
        return f"Filed #{created.number}{created.dropped_words}{' and noted' if noted else ''}."

    target = f"{config.team.repository}: {new.title}"
    return Deed("qa.bug", f"File bug: {new.title}", target, run, detail=f"Test: {item.name}", refreshes=REFRESHES)


def group_ready(
    group: str, issue: QaIssue, figures: Progress, backend: Backend, config: Config, *, override: bool
) -> Deed:
    """Tell the release DRI that a group is ready."""

    async def run(tell: Tell) -> str:
        tell(f"Telling {config.team.release_dri} …")
        version = version_in(issue.title) or issue.title
        await backend.writer.comment(issue.number, ready_comment(group, version, figures, config, override=override))
        return f"{config.team.release_dri} has been told."

    return Deed(
        action="qa.ready",
        title=f"{group} is ready{' although not every test passed' if override else ''}",
        target=f"{config.team.repository}#{issue.number} {group}",
        run=run,
        detail=f"{figures.passed} passed, {figures.failed} failed, {figures.untested} untested",
        url=issue.url,
        refreshes=REFRESHES,
    )
