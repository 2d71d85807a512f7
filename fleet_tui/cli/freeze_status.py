"""`fleet-tui freeze status`: how the branch stands, and what the rules say of each open pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.output import FORMS, format_option, put, put_list
from fleet_tui.cli.start import Start, say
from fleet_tui.exits import Exit

if TYPE_CHECKING:
    from fleet_tui.cli.session import Session
    from fleet_tui.domain.pulls import Candidate

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("number", "title", "author", "kind", "verdict", "state")
FIELDS = ("number", "title", "author", "kind", "verdict", "state", "missing", "url")
"""The columns of the sheet."""


@click.command()
@format_option(*FORMS)
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Say whether the branch is frozen, what comes next, and which pull requests may merge."""
    from fleet_tui.cli.session import session

    with session(start, reads_only=True) as at:
        at.require("freeze", "milestones", "pulls")
        found = at.outlook.candidates
        tell = put if form in {"table", "md"} else say  # what programs read has nothing beside it
        tell("\n".join(sentences(at)) + ("\n" if form in {"table", "md"} and found else ""))
        put_list(form, HEADINGS, [_row(one) for one in found], document(at), entries="pulls", fields=FIELDS)
    return Exit.OK


def sentences(at: Session) -> list[str]:
    """The branch: its state, what is wrong with it, and how many pull requests may merge."""
    from fleet_tui.cli.status_text import freeze_lines
    from fleet_tui.desks.today import freeze_figures

    figures = freeze_figures(at.outlook, at.config.team.branch, heard=True)
    return [*freeze_lines(figures, at.now(), at.config)]


def document(at: Session) -> dict[str, Any]:
    """The same for programs: the fields `freeze` of `docs/status.md`, and each pull request."""
    from fleet_tui.cli.status_json import freeze_fields
    from fleet_tui.desks.today import freeze_figures

    figures, branch = freeze_figures(at.outlook, at.config.team.branch, heard=True), at.backend.value("freeze")
    assert figures is not None
    return {
        "format": FORMAT,
        **freeze_fields(figures),
        "by": branch.by or None,
        "note": branch.note or None,
        "since": branch.since.isoformat() if branch.since else None,
        "pulls": [_fields(one) for one in at.outlook.candidates],
    }


def _row(one: Candidate) -> tuple[str, ...]:
    pull = one.pull
    kind, verdict = one.judged.kind.value, one.verdict.answer.value
    return str(pull.number), pull.title, pull.author, kind, verdict, pull.block.value


def _fields(one: Candidate) -> dict[str, Any]:
    return {
        "number": one.pull.number,
        "title": one.pull.title,
        "author": one.pull.author,
        "url": one.pull.url,
        "kind": one.judged.kind.value,
        "why": one.judged.reason,
        "verdict": one.verdict.answer.value,
        "rule": one.verdict.reason,
        "approved": [{"role": given.role.value, "by": given.by, "how": given.how} for given in one.approvals],
        "missing": [role.value for role in one.verdict.missing],
        "state": one.pull.block.value,
    }
