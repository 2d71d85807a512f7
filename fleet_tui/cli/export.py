"""`fleet-tui export`: what this program has kept, for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from fleet_tui.cli.lazy import Commands
from fleet_tui.cli.output import FORMS, format_option, put_list
from fleet_tui.cli.params import since as moment_since
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.exits import Exit

if TYPE_CHECKING:
    from fleet_tui.config.schema import Config
    from fleet_tui.domain.journal import Entry
    from fleet_tui.services.store import Store

FORMAT = 1
"""Of the JSON: raised when a field changes its meaning or goes."""
FIELDS = ("at", "who", "action", "title", "target", "before", "after", "outcome", "detail", "url")
FOR_PEOPLE = ("at", "who", "title", "target", "outcome", "after")
"""The columns that fit on a screen."""


@click.group(cls=Commands)
def command() -> None:
    """Print what this program has kept."""


@command.command("journal")
@click.option("--since", metavar="WHEN", help="No older: a span such as 14d, or a day such as 2026-01-31.")
@format_option(*FORMS)
@click.pass_obj
def journal(start: Start, since: str | None, form: str) -> int:
    """Print every write of this program for the team on this machine, by time: who, what, when, how it ended."""
    from fleet_tui.feed import utc_now
    from fleet_tui.services.store import Store

    config = settings(start.paths)
    oldest = moment_since(since, utc_now(), config.team.zone) if since is not None else None
    file = start.paths.store(config.team.repository)
    store = Store(file if file.exists() else None)
    try:
        found = [one for one in entries(store, config) if oldest is None or one.at >= oldest]
    finally:
        store.close()
    if store.trouble:
        say(store.trouble)
    fields = [_fields(one) for one in found]
    rows, document = [[one[name] for name in FOR_PEOPLE] for one in fields], {"format": FORMAT, "entries": fields}
    nothing = "" if store.trouble else f"Nothing has been written {'since then' if since else 'yet'}."
    put_list(form, FOR_PEOPLE, rows, document, entries="entries", fields=FIELDS, nothing=nothing, whole=("at",))
    return Exit.UNAVAILABLE if store.trouble else Exit.OK


def entries(store: Store, config: Config) -> Iterable[Entry]:
    """Journalled writes, and verdicts and notes of release QA, by time."""
    from fleet_tui.domain.qa_journal import journal_entry
    from fleet_tui.services.outbox import Outbox
    from fleet_tui.services.store import KEPT_ENTRIES

    outbox = Outbox(store, config.team.repository, adopt=False)
    try:
        changes = [one for one in outbox.history() if not one.change.restores]
    finally:
        outbox.close()
    verdicts = (journal_entry(one, f"{config.team.repository}#{one.change.issue}", "") for one in changes)
    return sorted((*store.journal(KEPT_ENTRIES), *verdicts), key=lambda one: one.at)


def _fields(one: Entry) -> dict[str, str]:
    fields = {name: getattr(one, name) for name in FIELDS}
    return {**fields, "at": one.at.isoformat(timespec="seconds"), "outcome": one.outcome.value}
