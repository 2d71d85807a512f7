"""The writes to the freeze, declared: for its screen and for the command line."""

from __future__ import annotations

from collections.abc import Collection

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.domain.permission import Permission, comment, why
from fleet_tui.domain.pulls import Candidate, PullRequest
from fleet_tui.wiring import Backend

REFRESHES = ("freeze", "pulls")
NOBODY = "fleet-tui"
"""Who did it, as long as GitHub has not said whom the token belongs to."""


def unfreeze(
    one: Candidate, leave: Permission, pulls: Collection[PullRequest], backend: Backend, config: Config
) -> Deed:
    """Let one pull request merge; an exception is recorded in a comment on it first."""
    pull, by = one.pull, backend.login or NOBODY

    async def run(tell: Tell) -> str:
        text = comment(one, leave, by)
        if leave.is_exception and not any(remark.text.strip() == text for remark in pull.remarks):
            tell(f"Recording the exception on #{pull.number} …")
            await backend.writer.comment(pull.number, text)
        return await backend.freeze.writes.unfreeze(pull, pulls, by=by, tell=tell)

    return Deed(
        action="freeze.unfreeze",
        title=f"Unfreeze #{pull.number}{' against the rule' if leave.override else ''}",
        target=f"{config.team.repository}#{pull.number}",
        run=run,
        before=pull.block.value,
        detail=why(one, leave),
        url=pull.url,
        refreshes=REFRESHES,
    )


def freeze(note: str, backend: Backend, config: Config, unfrozen: frozenset[int] = frozenset()) -> Deed:
    """Freeze the branch, but for `unfrozen`."""
    by, branch = backend.login or NOBODY, config.team.branch
    return Deed(
        action="freeze.toggle",
        title=f"Freeze {branch}",
        target=f"{config.team.repository}:{branch}",
        run=lambda tell: backend.freeze.writes.freeze(by=by, note=note, unfrozen=unfrozen, tell=tell),
        before="open",
        detail=note,
        refreshes=REFRESHES,
    )


def lift(note: str, backend: Backend, config: Config) -> Deed:
    """Open the branch."""
    by, branch = backend.login or NOBODY, config.team.branch
    return Deed(
        action="freeze.toggle",
        title=f"Lift the freeze of {branch}",
        target=f"{config.team.repository}:{branch}",
        run=lambda tell: backend.freeze.writes.lift(by=by, note=note, tell=tell),
        before="frozen",
        detail=note,
        refreshes=REFRESHES,
    )
