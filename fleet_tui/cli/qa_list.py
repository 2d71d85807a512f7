"""`fleet-tui qa list`: the tests of the release QA issue with their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.start import Start, say
from fleet_tui.exits import Exit

if TYPE_CHECKING:
    from fleet_tui.cli.session import Session
    from fleet_tui.domain.qa_lines import Line

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
HEADINGS = ("section", "test", "verdict", "who", "group")
FIELDS = ("section", "test", "nth", "verdict", "text", "who", "at", "group")
"""The columns of the sheet."""
FEEDS = ("me", "release_qa", "checklist")


@click.command()
@format_option(*FORMS)
@click.pass_obj
def command(start: Start, form: str) -> int:
    """List the tests of the release QA issue that the screen works on, with their verdicts."""
    from fleet_tui.cli.session import session

    with session(start, reads_only=True) as at:
        at.require(*FEEDS)
        issue, found = at.qa.issue, lines(at)
        if issue:
            say(f"{issue.title} #{issue.number}")
        document = {
            "format": FORMAT,
            "issue": {"number": issue.number, "title": issue.title, "url": issue.url} if issue else None,
            "tests": [_fields(one) for one in found],
        }
        rows, nothing = [_row(one) for one in found], "It has no tests." if issue else "No release QA issue is open."
        put_list(form, HEADINGS, rows, document, entries="tests", fields=FIELDS, nothing=nothing)
    return Exit.OK


def lines(at: Session) -> tuple[Line, ...]:
    """The tests as the screen shows them; none without an issue."""
    from fleet_tui.domain.qa_lines import lines_of

    return lines_of(at.qa.shown, at.qa.ticked, at.qa.login, at.config.groups)


def _row(one: Line) -> tuple[str, ...]:
    from fleet_tui.domain.checklist.words import title

    item = one.item
    # What people wrote beside or instead of a verdict is the verdict to whoever reads the list.
    return item.section, title(item.name), item.shown_verdict or one.verdict.value, one.who, one.group


def _fields(one: Line) -> dict[str, Any]:
    from fleet_tui.domain.checklist.words import title

    item = one.item
    return {
        "section": item.section,
        "test": title(item.name),
        "nth": item.id.occurrence + 1,
        "verdict": one.verdict.value,
        "text": item.shown_verdict,
        "can_be_set": item.span is not None,
        "who": one.who or None,
        "at": one.at.isoformat() if one.at else None,
        "group": one.group or None,
    }
