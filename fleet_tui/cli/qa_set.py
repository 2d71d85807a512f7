"""`fleet-tui qa set`: a verdict, written down first, then sent, then seen in the issue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from fleet_tui.cli.ask import confirm, yes_option
from fleet_tui.cli.qa_list import FEEDS
from fleet_tui.cli.start import Start, say
from fleet_tui.domain.problem import Failure
from fleet_tui.exits import Exit, Stop

if TYPE_CHECKING:
    from fleet_tui.domain.checklist import Item
    from fleet_tui.domain.qa import Pending
    from fleet_tui.services.qa_sync import QaSync

VERDICTS = ("pass", "fail", "untested")
PATIENCE = 60.0
"""Seconds for which others may save in between before the rest is left to the next program."""
SHORTEST_PAUSE = 0.2


@click.command()
@click.argument("test", metavar="TEST")
@click.argument("verdict", metavar="|".join(VERDICTS), type=click.Choice(VERDICTS))
@click.option("--section", default="", metavar="TITLE", help="Of several tests of that name, the one in this section.")
@click.option("--nth", type=click.IntRange(min=1), metavar="N", help="Of several there, the Nth.")
@yes_option
@click.pass_obj
def command(start: Start, test: str, verdict: str, section: str, nth: int | None, yes: bool) -> int:
    """Set the verdict of TEST in the release QA issue that the screen works on.

    The exit code is 10 when GitHub cannot be reached: the verdict is kept, and sent when fleet-tui starts next.
    """
    from fleet_tui.cli.session import refuse_if_read_only, session
    from fleet_tui.domain.checklist import Verdict
    from fleet_tui.domain.checklist.words import title
    from fleet_tui.domain.qa_find import find_item

    refuse_if_read_only(start)
    with session(start) as at:
        at.poll(*FEEDS)
        issue = at.qa.issue
        if issue is None:
            problem = at.reading("release_qa").problem or at.reading("checklist").problem
            raise Failure(problem) if problem else Stop(Exit.REFUSED, "No release QA issue is open.")
        item = find_item(at.qa.shown.checklist.items, test, section=section, nth=nth or 0)
        what = f"“{title(item.name)}” to {verdict} in {issue.title} #{issue.number}"
        confirm(f"Set {what} (it says {item.shown_verdict or 'nothing'})?", yes=yes)
        sync = at.backend.release_qa.sync(issue.number)
        sync.set_verdict(item.id, Verdict(verdict))
        at.run(settle(sync, item))
        return told(sync.pending.get(item.id), what)


async def settle(sync: QaSync, item: Item, patience: float = PATIENCE) -> None:
    """Send the verdict until it is seen in the issue, somebody has to decide, or it cannot be sent for now.

    After that it is watched by the programs that start on this machine, as every verdict is.
    """
    clock = asyncio.get_running_loop().time
    started, pause = clock(), 0.0
    while (one := sync.pending.get(item.id)) and _is_on_its_way(one) and clock() - started < patience:
        await asyncio.sleep(pause)
        try:
            await sync.sync()
        except Failure:
            return  # the verdict stays queued, and shows the problem
        pause = max(SHORTEST_PAUSE, sync.every(watching=0.0, idle=0.0))


def _is_on_its_way(one: Pending) -> bool:
    from fleet_tui.domain.qa import State

    return one.state is State.QUEUED and one.problem is None


def told(one: Pending | None, what: str) -> Exit:
    """Say how far the verdict has come; None: it stood there before."""
    from fleet_tui.domain.qa import State
    from fleet_tui.domain.qa_lines import opposed

    if one is None:
        say("Nothing to do: that is what stands there.")
    elif one.conflict:
        say(f"Not set: somebody else wants something else. {opposed(one)} Decide on the screen Release QA.")
        return Exit.REFUSED
    elif one.state is State.QUEUED:
        why = one.problem.text if one.problem else "Others keep saving in between."
        say(f"Not set yet: {why} It is kept, and sent when fleet-tui starts next.")
        return Exit.UNCONFIRMED
    else:
        say(f"Set {what}.")
    return Exit.OK
