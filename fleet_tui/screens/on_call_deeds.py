"""The writes of the on-call screen, declared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.domain.community import CommunityPull
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.pulls import PullRequest
from fleet_tui.services import github_pull_writes as writes
from fleet_tui.services.slack_groups import Handover, UserGroups
from fleet_tui.wiring import Backend

REFRESHES = ("pulls",)


def comment(pull: PullRequest, text: str, backend: Backend, config: Config) -> Deed:
    """Answer the contributor."""

    async def run(tell: Tell) -> str:
        tell(f"Commenting on #{pull.number} …")
        await backend.writer.comment(pull.number, text)
        return "done"

    return _deed("oncall.comment", f"Comment on #{pull.number}", pull, run, config, detail=text)


def assign_reviewer(pull: PullRequest, login: str, backend: Backend, config: Config) -> Deed:
    """Ask somebody for a review."""

    async def run(tell: Tell) -> str:
        tell(f"Asking {login} to review #{pull.number} …")
        await backend.writer.do(lambda repository: writes.request_review(repository, pull.number, login))
        return f"{login} is asked"

    return _deed("oncall.reviewer", f"Reviewer of #{pull.number}", pull, run, config, detail=login)


def approve(pull: PullRequest, backend: Backend, config: Config) -> Deed:
    """Approve it as it was looked at."""

    async def run(tell: Tell) -> str:
        tell(f"Approving #{pull.number} …")
        await backend.writer.do(lambda repository: writes.approve(repository, pull.number, pull.head))
        return "done"

    return _deed("oncall.approve", f"Approve #{pull.number}", pull, run, config, before=pull.review.value)


def merge(one: CommunityPull, desk: OnCallDesk, backend: Backend, config: Config) -> Deed:
    """Merge it as it was looked at; freeze and conditions are read and judged anew right before."""
    pull, method = one.pull, config.on_call.merge_method

    async def run(tell: Tell) -> str:
        tell(f"Looking at the freeze and at #{pull.number} once more …")
        branch = await backend.freeze.merge_freeze.state()
        why = desk.why_not_merge_now(pull, branch, await backend.on_call.pulls_anew())
        if why:
            raise Failure(Problem("The rules", Cause.REFUSED, f"#{pull.number} was not merged. {why}"))
        tell(f"Merging #{pull.number} …")
        await backend.writer.do(lambda repository: writes.merge(repository, pull.number, pull.head, method))
        return f"merged ({method})"

    said = "; ".join(f"{one.condition.value}: {one.reason}" for one in one.conditions)
    return _deed("oncall.merge", f"Merge #{pull.number}", pull, run, config, before="open", detail=said)


def post_note(number: int, text: str, backend: Backend, config: Config) -> Deed:
    """Post the handoff note on the configured issue."""

    async def run(tell: Tell) -> str:
        tell(f"Posting the handoff note on #{number} …")
        return f"posted: {await backend.writer.comment(number, text)}"

    target = f"{config.team.repository}#{number}"
    return Deed("oncall.handoff", f"Handoff note on #{number}", target, run, detail=text)


def move_group(plan: Handover, groups: UserGroups) -> Deed:
    """Point the Slack user group at the next developer."""

    async def run(tell: Tell) -> str:
        tell(f"Moving @{plan.group.handle} …")
        return await groups.move(plan)

    before = ", ".join(member.name for member in plan.group.members)
    return Deed("oncall.handoff", f"Move @{plan.group.handle}", f"slack @{plan.group.handle}", run, before=before)


def _deed(
    action: str,
    title: str,
    pull: PullRequest,
    run: Callable[[Tell], Awaitable[str]],
    config: Config,
    *,
    before: str = "",
    detail: str = "",
) -> Deed:
    target = f"{config.team.repository}#{pull.number}"
    return Deed(action, title, target, run, before=before, detail=detail, url=pull.url, refreshes=REFRESHES)
