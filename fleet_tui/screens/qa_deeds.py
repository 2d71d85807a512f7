"""The writes of the release QA screen that are done once and journalled. Verdicts and notes go through the outbox."""

from __future__ import annotations

from msgspec.structs import replace

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.desks.release_qa import QaDesk
from fleet_tui.domain.checklist import Item, Progress
from fleet_tui.domain.problem import Failure, Unconfirmed
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.readiness import ready_comment
from fleet_tui.domain.release_qa import NewIssue, version_in
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
    """Tell the release DRI that a group is ready, and move the ticket on the group's board if there is one."""
    workspace = board_of(group, backend, config)

    async def run(tell: Tell) -> str:
        tell(f"Telling {config.team.release_dri} …")
        version = version_in(issue.title) or issue.title
        await backend.writer.comment(issue.number, ready_comment(group, version, figures, config, override=override))
        told = f"{config.team.release_dri} has been told"
        if backend.zenhub is None or not workspace:
            return f"{told}."
        tell(f"Moving #{issue.number} …")
        try:
            repository = await backend.github.repository_id()
            column = await backend.zenhub.move(workspace, repository, issue.number, config.release_qa.ready_column)
        except Failure as failure:
            raise _not_moved(failure, issue.number, config) from None
        return f"{told}; #{issue.number} is in {column}."

    return Deed(
        action="qa.ready",
        title=f"{group} is ready{' although not every test passed' if override else ''}",
        target=f"{config.team.repository}#{issue.number} {group}",
        run=run,
        detail=f"{figures.passed} passed, {figures.failed} failed, {figures.untested} untested",
        url=issue.url,
        refreshes=REFRESHES,
    )


def board_of(group: str, backend: Backend, config: Config) -> str:
    """The id of the group's board; empty when none is configured or there is no token for it."""
    return next((one.workspace for one in config.groups if one.label == group), "") if backend.zenhub else ""


def _not_moved(failure: Failure, number: int, config: Config) -> Failure:
    """What went wrong with the move, beside what has been done already: the comment."""
    problem, unknown = failure.problem, isinstance(failure, Unconfirmed)
    outcome = "" if unknown else f" #{number} was not moved:"
    sentence = f"The comment to {config.team.release_dri} stands.{outcome} {problem.sentence}"
    deed = "See that it is in" if unknown else "Move it to"
    remedy = f"{problem.remedy} {deed} “{config.release_qa.ready_column}” in ZenHub; g would comment again.".strip()
    return type(failure)(replace(problem, sentence=sentence, remedy=remedy))
