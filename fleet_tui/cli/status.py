"""`fleet-tui status`: all sources asked once, at the same time, and what the first screen shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fleet_tui.cli.output import FORMS, as_json, format_option, put
from fleet_tui.cli.start import Start, say
from fleet_tui.exits import Exit
from fleet_tui.services.secret import redact

if TYPE_CHECKING:
    from fleet_tui.cli.session import Session
    from fleet_tui.domain.overview import Overview


@click.command()
@format_option(*FORMS)
@click.option("--json", "form", flag_value="json", help="Short for --format json.")
@click.pass_obj
def command(start: Start, form: str) -> int:
    """Ask all sources once and print the figures of the screen Today.

    The exit code is 1 when a source could not be read: its last value is shown with its age.
    """
    from fleet_tui.cli import status_json, status_text
    from fleet_tui.cli.session import session
    from fleet_tui.cli.status_sources import sources

    with session(start, reads_only=True) as at:
        at.poll_all()
        at.settle_bugs()
        shown, found = at.overview, sources(at.backend.feeds.values(), at.now())
        if form == "json":
            put(as_json(status_json.document(shown, found, at.config)))
        else:
            made = {"table": status_text.as_text, "md": status_text.as_markdown, "csv": status_text.as_csv}
            put(made[form](status_text.parts(shown, found, at.config)))
        return max(_told_of_failures(at), _told_of_unreadable(shown))


def _told_of_unreadable(shown: Overview) -> Exit:
    """Name each certificate, or source of them, that could not be read: the others were."""
    unreadable = shown.certificates.unreadable if shown.certificates else ()
    for fault in unreadable:
        say(redact(f"{fault.name}: {fault.sentence} {fault.remedy}".rstrip()))
    return Exit.PROBLEM if unreadable else Exit.OK


def _told_of_failures(at: Session) -> Exit:
    """Name each source that failed, and what to do about it; once, where several failed of the same."""
    failed: dict[str, list[str]] = {}
    for feed in at.backend.feeds.values():
        if problem := feed.reading.problem:
            failed.setdefault(problem.text, []).append(feed.title)
    for text, titles in failed.items():
        say(f"{', '.join(titles)}: {text}")
    return Exit.PROBLEM if failed else Exit.OK
