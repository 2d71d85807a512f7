"""The figures of the first screen, gathered from the other desks: it reads and reckons nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from fleet_tui.desks.bugs import BugDesk, Placed
from fleet_tui.desks.certificates import CertificateDesk
from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.desks.release_qa import QaDesk
from fleet_tui.domain.bugs import State, is_blocker, is_critical, priority_of
from fleet_tui.domain.certificates import by_urgency
from fleet_tui.domain.checklist import Verdict
from fleet_tui.domain.on_call_waiting import Kind
from fleet_tui.domain.outlook import Outlook
from fleet_tui.domain.overview import (
    FEEDS,
    BugFigures,
    CertificateFigures,
    FreezeFigures,
    GroupQa,
    Line,
    OnCallFigures,
    Overview,
    QaFigures,
)
from fleet_tui.domain.pulls import Answer, Block
from fleet_tui.domain.qa_lines import lines_of, progress
from fleet_tui.domain.readiness import ready_groups
from fleet_tui.domain.ritual_agenda import Standing
from fleet_tui.domain.roster import Shift
from fleet_tui.domain.text import clean
from fleet_tui.domain.working_time import working_time


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
        ready=tuple(
            Line(str(one.pull.number), one.pull.title, one.judged.kind.value)
            for one in found
            if one.verdict.answer is Answer.ALLOWED and one.pull.block is Block.BLOCKED
        ),
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
    left = tuple(
        Line(line.item.name, clean(line.item.name), verdict.value)
        for verdict in (Verdict.FAIL, Verdict.UNTESTED)
        for line in lines
        if line.verdict is verdict
    )
    conflicts = sum(line.is_conflict for line in lines)
    return QaFigures(issue.number, issue.title, progress(lines), groups, conflicts, left)


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
        late=tuple(_line(one, desk) for one in board.of(State.INBOX) if one.is_overdue(now)),
    )


def _line(one: Placed, desk: BugDesk) -> Line:
    place = priority_of(one.bug, desk.config.labels)
    priority = [desk.config.labels.priorities[place]] if place is not None else []
    if one.state is State.INBOX and one.clock:
        priority.append(one.clock.words(desk.now(), desk.config))
    return Line(str(one.bug.number), one.bug.title, ", ".join([*priority, one.state.value]))


def certificate_figures(desk: CertificateDesk) -> CertificateFigures | None:
    """What expires soon; None when no source is configured or none has been read."""
    if not desk.has_sources or desk.reading("certificates").at is None:
        return None
    found = desk.inventory
    until = desk.now() + timedelta(days=max(desk.config.certificates.threshold_days, default=0))
    near = tuple(one for one in by_urgency(found.certificates) if one.valid_until <= until)
    return CertificateFigures(near, found.unreadable, len(found.certificates))


def on_call_figures(desk: OnCallDesk) -> OnCallFigures | None:
    """Who is on call and what waits; None without a roster and before anything is known of what waits."""
    if not desk.has_roster and not desk.is_known:
        return None
    now, config = desk.now(), desk.config
    waiting = tuple(one for one in desk.waiting(desk.community) if one.our_turn)
    warned = timedelta(hours=config.on_call.answer_warning_hours)
    late = tuple(
        one
        for one in waiting
        if one.kind is Kind.COMMUNITY and one.due and working_time(now, one.due, config.team) <= warned
    )
    shifts = desk.on_call
    return OnCallFigures(
        shifts,
        is_me=any(desk.is_mine(shift) for shift in shifts),
        coming=tuple(_coming(desk, shifts[0])) if shifts else (),
        late=late,
        waiting=waiting,
        rituals=tuple(one for one in desk.agenda if one.standing <= Standing.TODAY),
        rituals_later=tuple(one for one in desk.agenda if one.standing is Standing.THIS_WEEK),
        is_team_known=not desk.members_note,
    )


def _coming(desk: OnCallDesk, shift: Shift) -> Iterator[Shift]:
    following: Shift | None = shift
    while following := desk.roster.next_after(following) if following else None:
        yield following


def overview(
    outlook: Outlook, qa: QaDesk, bugs: BugDesk, on_call: OnCallDesk, certificates: CertificateDesk
) -> Overview:
    """Everything that the first screen shows, at this moment."""
    return Overview(
        bugs.now(),
        freeze_figures(outlook, qa.config.team.branch, heard=qa.reading("freeze").value is not None),
        qa_figures(qa),
        bug_figures(bugs),
        on_call_figures(on_call),
        certificate_figures(certificates),
        unread=frozenset(name for name in (*FEEDS, "me") if qa.reading(name).at is None),
    )
