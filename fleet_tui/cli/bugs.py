"""`fleet-tui bugs`: the bug board for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.start import Start
from fleet_tui.exits import Exit

if TYPE_CHECKING:
    from datetime import datetime

    from fleet_tui.config.schema import Config
    from fleet_tui.desks.bugs import Placed

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("number", "state", "clock", "labels", "assignees", "title")
FIELDS = ("number", "state", "since", "demand", "due", "is_overdue", "labels", "assignees", "title", "url")
"""The columns of the sheet."""


FILTER = """Words of the title, `label:`, `assignee:`, `group:`, and `is:` with overdue, critical, blocker, mine or
unassigned; `-` turns one round. All have to hold: `group:mdm is:overdue`."""


@click.group(cls=Commands)
def command() -> None:
    """List the bugs of the board."""


@command.command("list")
@click.option("--filter", "text", metavar="TEXT", default="", help=FILTER)
@format_option(*FORMS)
@click.pass_obj
def list_bugs(start: Start, text: str, form: str) -> int:
    """List the open bugs as the board has them: state by state, each with its clock, the most urgent first."""
    from fleet_tui.cli.session import session
    from fleet_tui.domain.bug_filter import IS, parse

    filter_ = parse(text)
    if filter_.unknown:
        sentence = f"is:{filter_.unknown[0]} means nothing; there is is:{', is:'.join(IS)}."
        raise click.BadParameter(sentence, param_hint="'--filter'")
    with session(start, reads_only=True) as at:
        at.require("me", "bugs", "columns")
        at.settle_bugs()
        at.raise_for("bugs")
        now, config = at.now(), at.config
        found = [one for ones in at.bugs.wanted(filter_, "").values() for one in ones]
        document = {"format": FORMAT, "bugs": [_fields(one, now) for one in found]}
        rows = [_row(one, now, config) for one in found]
        nothing = "The filter fits no open bug." if text else "No bug is open."
        put_list(form, HEADINGS, rows, document, entries="bugs", fields=FIELDS, nothing=nothing, whole=("clock",))
    return Exit.OK


def _row(one: Placed, now: datetime, config: Config) -> tuple[str, ...]:
    bug, clock = one.bug, one.clock.words(now, config) if one.clock else ""
    labels, people = ", ".join(sorted(bug.labels)), ", ".join(bug.assignees)
    return str(bug.number), one.state.value, clock, labels, people, bug.title


def _fields(one: Placed, now: datetime) -> dict[str, Any]:
    bug, clock = one.bug, one.clock
    return {
        "number": bug.number,
        "title": bug.title,
        "url": bug.url,
        "state": one.state.value,
        "since": one.since.at.isoformat(),
        "since_is_known": one.since.known,
        "demand": clock.demand.value if clock else None,
        "due": clock.due.isoformat() if clock else None,
        "is_overdue": one.is_overdue(now),
        "labels": sorted(bug.labels),
        "assignees": list(bug.assignees),
        "author": bug.author,
        "created": bug.created.isoformat(),
    }
