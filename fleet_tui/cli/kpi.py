"""`fleet-tui kpi`: the row of the weekly sheet, from the same figures as the board's."""

from __future__ import annotations

import click

from fleet_tui.cli.output import FORMS, format_option, put
from fleet_tui.cli.start import Start
from fleet_tui.exits import Exit, Stop


@click.command()
@click.option("--week", metavar="WEEK", help="Another week than the one under way: `2026-W47`.")
@format_option(*FORMS)
@click.pass_obj
def command(start: Start, week: str | None, form: str) -> int:
    """Print the weekly figures of the bugs: opened, closed, open, and how many are in each state.

    How many are in each state is told for the week under way, and for those in which this program has looked.
    """
    from fleet_tui.cli.session import session
    from fleet_tui.domain.kpi_text import FORMATS
    from fleet_tui.domain.kpis import WEEKS, parse_week, week_of

    try:
        wanted = parse_week(week) if week is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--week'") from None
    with session(start, reads_only=True) as at:
        at.require("bugs", "columns")
        at.backend.bugs.keep_figures()
        wanted = wanted or week_of(at.now(), at.config.team.zone)
        found = at.bugs.past(wanted)
        if found is None:
            raise Stop(
                Exit.REFUSED, f"Nothing is known of {wanted}: it is to come, or over for more than {WEEKS} weeks."
            )
        put(FORMATS[form]([found]).rstrip("\n"))
    return Exit.OK
