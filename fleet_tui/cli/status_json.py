"""The figures of the first screen as JSON, for programs: `docs/status.md` says what each field means."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from fleet_tui.cli.status_sources import Source
from fleet_tui.config.schema import Config
from fleet_tui.domain.checklist import Progress
from fleet_tui.domain.on_call_waiting import Waiting
from fleet_tui.domain.overview import (
    COMMUNITY,
    QA,
    WAITING,
    BugFigures,
    CertificateFigures,
    FreezeFigures,
    Line,
    OnCallFigures,
    Overview,
    QaFigures,
)
from fleet_tui.domain.ritual_agenda import Due, Standing
from fleet_tui.domain.roster import Shift

FORMAT = 1
"""Raised when a field changes its meaning or goes. One that comes does not raise it."""


def document(shown: Overview, found: Sequence[Source], config: Config) -> dict[str, Any]:
    """The same for programs: `docs/status.md` says what each field means."""
    unread = shown.unread
    return {
        "format": FORMAT,
        "at": shown.at.isoformat(),
        "repository": config.team.repository,
        "freeze": freeze_fields(shown.freeze, unread) if shown.freeze else None,
        "on_call": _on_call_fields(shown.on_call, unread) if shown.on_call else None,
        "release_qa": _qa_fields(shown.qa) if shown.qa and not unread & QA else None,
        "bugs": _bug_fields(shown.bugs) if shown.bugs else None,
        "certificates": _certificate_fields(shown.certificates) if shown.certificates else None,
        "sources": [_source_fields(one) for one in found],
    }


def freeze_fields(figures: FreezeFigures, unread: Set[str] = frozenset()) -> dict[str, Any]:
    """The branch and its pull requests in figures; what follows from sources that are `unread` is null."""
    at = figures.at
    phase, moment = at.next_change or (None, None)
    return {
        "branch": figures.branch,
        "frozen": at.frozen,
        "phase": at.phase.value,
        "mismatch": at.mismatch.value if at.mismatch else None,
        "next": {"phase": phase.value, "at": moment.isoformat()} if phase and moment else None,
        "version": figures.version or None,
        "pull_requests": None if "pulls" in unread else _pull_figures(figures),
        "ready": None if "pulls" in unread else [_line(one) for one in figures.ready],
    }


def _pull_figures(figures: FreezeFigures) -> dict[str, int]:
    return {"open": figures.waiting, "may_merge": figures.may_merge, "unfrozen": figures.unfrozen}


def _on_call_fields(figures: OnCallFigures, unread: Set[str]) -> dict[str, Any]:
    rostered = "roster" not in unread
    return {
        "now": [_shift_fields(shift) for shift in figures.now] if rostered else None,
        "coming": [_shift_fields(shift) for shift in figures.coming] if rostered else None,
        "is_me": None if unread & {"roster", "me"} else figures.is_me,
        "waiting": None if unread & WAITING else len(figures.waiting),
        "community": None if unread & COMMUNITY else [_waiting_fields(one) for one in figures.late],
        "team_known": None if "members" in unread else figures.is_team_known,
        "rituals": None if "rituals" in unread else [_ritual_fields(one) for one in figures.rituals],
    }


def _ritual_fields(one: Due) -> dict[str, Any]:
    return {
        "task": one.ritual.task,
        "dri": one.ritual.dri or None,
        "due": one.day.isoformat() if one.day else None,
        "overdue": one.standing is Standing.OVERDUE,
    }


def _waiting_fields(one: Waiting) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "author": one.author,
        "due": one.due.isoformat() if one.due else None,
        "url": one.url,
    }


def _shift_fields(shift: Shift) -> dict[str, Any]:
    return {
        "rotation": shift.rotation,
        "person": shift.person,
        "login": shift.login or None,
        "since": shift.start.isoformat(),
        "until": shift.end.isoformat(),
    }


def _qa_fields(figures: QaFigures) -> dict[str, Any]:
    return {
        "number": figures.number,
        "title": figures.title,
        **_progress_fields(figures.progress),
        "conflicts": figures.conflicts,
        "left": [{"test": one.key, "note": one.note} for one in figures.left],
        "groups": [
            {"label": group.label, **_progress_fields(group.progress), "ready_by": group.ready_by or None}
            for group in figures.groups
        ],
    }


def _progress_fields(of: Progress) -> dict[str, Any]:
    return {"tests": of.total, "passed": of.passed, "failed": of.failed, "untested": of.untested, "other": of.other}


def _bug_fields(figures: BugFigures) -> dict[str, Any]:
    return {
        "open": figures.open,
        "opened_this_week": figures.opened,
        "closed_this_week": figures.closed,
        "states": {
            state: {"count": count, "overdue": figures.overdue.get(state, 0)} for state, count in figures.states.items()
        },
        "critical": [_line(one) for one in figures.critical],
        "blockers": [_line(one) for one in figures.blockers],
    }


def _line(one: Line) -> dict[str, Any]:
    return {"number": int(one.key), "title": one.title, "note": one.note}


def _certificate_fields(figures: CertificateFigures) -> dict[str, Any]:
    return {
        "total": figures.total,
        "near": [
            {"name": one.name, "kind": one.kind.value, "ends": one.valid_until.isoformat(), "owner": one.owner or None}
            for one in figures.near
        ],
        "unreadable": [
            {"name": one.name, "sentence": one.sentence, "remedy": one.remedy or None} for one in figures.unreadable
        ],
    }


def _source_fields(one: Source) -> dict[str, Any]:
    problem = one.problem
    return {
        "name": one.name,
        "title": one.title,
        "at": one.at.isoformat() if one.at else None,
        "age_seconds": round(one.age) if one.age is not None else None,
        "problem": {"sentence": problem.sentence, "remedy": problem.remedy or None} if problem else None,
    }
