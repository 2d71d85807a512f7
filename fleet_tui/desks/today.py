"""The figures of the first screen, gathered from the other desks: it reads and reckons nothing by itself."""

from __future__ import annotations

from datetime import timedelta

from fleet_tui.desks.bugs import BugDesk, Placed
from fleet_tui.desks.certificates import CertificateDesk
from fleet_tui.desks.release_qa import QaDesk
from fleet_tui.domain.bugs import State, is_blocker, is_critical, priority_of
from fleet_tui.domain.certificates import by_urgency
from fleet_tui.domain.outlook import Outlook
from fleet_tui.domain.overview import (
    BugFigures,
    BugLine,
    CertificateFigures,
    FreezeFigures,
    GroupQa,
    QaFigures,
)
from fleet_tui.domain.pulls import Answer
from fleet_tui.domain.qa_lines import lines_of, progress
from fleet_tui.domain.readiness import ready_groups


def freeze_figures(outlook: Outlook, branch: str, *, heard: bool) -> FreezeFigures | None:
    """The freeze; None while Merge Freeze has not been heard of."""
    if not heard:
        return None
    found = outlook.candidates
    return FreezeFigures(
        outlook.at,
        branch,
        outlook.release.version if outlook.release else "",
        waiting=len(found),
        may_merge=sum(one.verdict.answer is Answer.ALLOWED for one in found),
        unfrozen=sum(one.unfrozen for one in found),
    )


def qa_figures(desk: QaDesk) -> QaFigures | None:
    """The release QA issue; None when none is open."""
    issue = desk.issue
    if issue is None:
        return None
    labels = [group.label for group in desk.config.groups]
    lines = lines_of(desk.shown, desk.ticked, desk.login, desk.config.groups)
    ready = ready_groups(desk.remarks, labels)
    groups = tuple(
        GroupQa(label, progress(of_group), ready.get(label, ""))
        for label in labels
        if (of_group := [line for line in lines if line.group == label])
    )
    return QaFigures(issue.number, issue.title, progress(lines), groups, sum(line.is_conflict for line in lines))


def bug_figures(desk: BugDesk) -> BugFigures | None:
    """The board; None while no bug has been read."""
    if desk.reading("bugs").at is None:
        return None
    board, now, week = desk.board, desk.now(), desk.week
    states = [state for state in State if state is not State.CLOSED]
    labels = desk.config.labels
    urgent = sorted(board.by_number.values(), key=lambda one: one.order)
    return BugFigures(
        board.open,
        week.opened,
        week.closed,
        states={state.value: len(board.of(state)) for state in states},
        overdue={state.value: sum(one.is_overdue(now) for one in board.of(state)) for state in states},
        critical=tuple(_line(one, desk) for one in urgent if is_critical(one.bug, labels)),
        blockers=tuple(_line(one, desk) for one in urgent if is_blocker(one.bug, labels)),
    )


def _line(one: Placed, desk: BugDesk) -> BugLine:
    place = priority_of(one.bug, desk.config.labels)
    priority = [desk.config.labels.priorities[place]] if place is not None else []
    return BugLine(one.bug.number, one.bug.title, ", ".join([*priority, one.state.value]))


def certificate_figures(desk: CertificateDesk) -> CertificateFigures | None:
    """What expires soon; None when no source is configured or none has been read."""
    if not desk.has_sources or desk.reading("certificates").at is None:
        return None
    found = desk.inventory
    until = desk.now() + timedelta(days=max(desk.config.certificates.threshold_days, default=0))
    near = tuple(one for one in by_urgency(found.certificates) if one.valid_until <= until)
    return CertificateFigures(near, found.unreadable, len(found.certificates))
