"""`fleet-tui freeze unfreeze`: let one pull request merge, on the leave that the rules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from fleet_tui.cli.ask import can_ask, confirm, yes_option
from fleet_tui.cli.start import Start, say
from fleet_tui.exits import Exit, Stop

if TYPE_CHECKING:
    from fleet_tui.actions import Ended
    from fleet_tui.cli.session import Session
    from fleet_tui.domain.permission import Permission
    from fleet_tui.domain.pulls import Candidate, Role


class PullNumber(click.ParamType):  # type: ignore[type-arg]
    """`16231` or `#16231`."""

    name = "pr"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Raises click's usage error for anything else."""
        digits = str(value).removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            self.fail(f"{value!r} is no number of a pull request", param, ctx)
        return int(digits)


@click.command()
@click.argument("number", metavar="PR", type=PullNumber())
@click.option("--manager", default="", metavar="NAME", help="The engineering manager, who has approved the exception.")
@click.option("--qa-lead", default="", metavar="NAME", help="The QA lead, who has approved the exception.")
@click.option("--release-dri", default="", metavar="NAME", help="The release DRI, who has approved the exception.")
@click.option("--override", default="", metavar="PR", help="The number again: go against the rule. It is journalled.")
@yes_option
@click.pass_obj
def command(start: Start, number: int, manager: str, qa_lead: str, release_dri: str, override: str, yes: bool) -> int:
    """Let the pull request PR merge although the branch is frozen.

    What the rules do not allow needs the approvals of a freeze exception: those on the pull request are found, the
    others are named. They are recorded in a comment on it.
    """
    from fleet_tui.cli.session import exit_code, refuse_if_read_only, session
    from fleet_tui.desks import freeze_deeds
    from fleet_tui.domain.pulls import Role

    refuse_if_read_only(start)
    by_hand = {Role.MANAGER: manager, Role.QA_LEAD: qa_lead, Role.RELEASE_DRI: release_dri}
    with session(start) as at:
        at.require("freeze", "milestones", "pulls", "me")
        one = _blocked(at, number)
        say(f"#{number} {one.pull.title}\n{one.judged.kind.value}: {one.judged.reason}. Rule: {one.verdict.reason}.")
        leave = _leave(one, by_hand, override, ask=can_ask() and not yes)
        confirm(f"Unfreeze #{number}?", yes=yes)
        pulls = at.backend.value("pulls")
        ended = at.carry_out(freeze_deeds.unfreeze(one, leave, pulls, at.backend, at.config))
        restore(at, ended, yes=yes)
        return exit_code(ended)


def _blocked(at: Session, number: int) -> Candidate:
    """The pull request. Raises `Stop` when it need not, or cannot, be unfrozen."""
    branch = at.config.team.branch
    one = next((one for one in at.outlook.candidates if one.pull.number == number), None)
    if one is None:
        raise Stop(Exit.REFUSED, f"#{number} is no open pull request against {branch}.")
    if not at.outlook.at.frozen:
        raise Stop(Exit.REFUSED, f"{branch} is not frozen. #{number} can merge as it is.")
    if one.unfrozen:
        raise Stop(Exit.REFUSED, f"#{number} is unfrozen already.")
    return one


def _leave(one: Candidate, by_hand: Mapping[Role, str], override: str, *, ask: bool) -> Permission:
    """The leave by the rule, by the approvals, or against the rule. Raises `Stop` without any."""
    from fleet_tui.domain.permission import permission, required, why_not

    leave = permission(one, by_hand, typed=override)
    if leave is None and ask:
        by_hand = {role: by_hand[role] or _ask(f"{role.value}: name of who approved") for role in required(one)}
        number = one.pull.number
        leave = permission(one, by_hand)
        leave = leave or permission(one, by_hand, typed=_ask(f"Or type {number} to go against the rule (journalled)"))
    if leave is None:
        how = "Name who approved (--manager, --qa-lead, --release-dri)" if required(one) else "Nothing was changed"
        raise Stop(Exit.REFUSED, f"{why_not(one, by_hand)} {how}, or add --override {one.pull.number}.")
    return leave


def _ask(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, err=True))


def restore(at: Session, ended: Ended, *, yes: bool) -> None:
    """When the write has opened the whole branch: freeze it again, as it was."""
    from fleet_tui.desks import freeze_deeds
    from fleet_tui.domain.freeze import FreezeLost

    if isinstance(ended.failure, FreezeLost):
        confirm(f"Freeze it again, with {len(ended.failure.unfrozen)} unfrozen as before?", yes=yes)
        note = "Restored with fleet-tui"
        at.carry_out(freeze_deeds.freeze(note, at.backend, at.config, ended.failure.unfrozen))
