"""`fleet-tui freeze freeze` and `fleet-tui freeze lift`: the whole branch."""

from __future__ import annotations

import click

from fleet_tui.cli.ask import confirm_by_typing, yes_option
from fleet_tui.cli.start import Start, say
from fleet_tui.exits import Exit, Stop

note_option = click.option("--note", default="", metavar="TEXT", help="A note that everybody sees.")


@click.command()
@note_option
@yes_option
@click.pass_obj
def freeze(start: Start, note: str, yes: bool) -> int:
    """Freeze the branch: only what somebody unfreezes can be merged. Asks for the branch's name."""
    return _change(start, note, frozen=True, yes=yes)


@click.command()
@note_option
@yes_option
@click.pass_obj
def lift(start: Start, note: str, yes: bool) -> int:
    """Lift the freeze of the branch: everything can be merged. Asks for the branch's name."""
    return _change(start, note, frozen=False, yes=yes)


def _change(start: Start, note: str, *, frozen: bool, yes: bool) -> int:
    """Raises `Stop` when the branch is so already, or nobody agrees."""
    from fleet_tui.cli.session import exit_code, refuse_if_read_only, session
    from fleet_tui.desks import freeze_deeds
    from fleet_tui.domain.freeze import BranchState, consequences

    refuse_if_read_only(start)
    with session(start) as at:
        at.require("freeze", "milestones", "pulls", "me")
        branch: BranchState = at.backend.value("freeze")
        if branch.frozen is frozen:
            raise Stop(Exit.REFUSED, f"{branch.branch} is {'frozen' if frozen else 'open'} already.")
        unfrozen = sum(one.unfrozen for one in at.outlook.candidates)
        for sentence, _ in consequences(branch, at.outlook.at, unfrozen):
            say(sentence)
        question = f"Freeze {branch.branch}?" if frozen else f"Lift the freeze of {branch.branch}?"
        confirm_by_typing(question, branch.branch, yes=yes)
        make = freeze_deeds.freeze if frozen else freeze_deeds.lift
        return exit_code(at.carry_out(make(note.strip(), at.backend, at.config)))
