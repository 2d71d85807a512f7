"""What `fleet-tui doctor` asks the outside systems: are they there, whose token is it, and what may it do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.spans import span, until
from fleet_tui.domain.text import clean
from fleet_tui.services import setup_probes
from fleet_tui.services.doctor import Check
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_members import read_members
from fleet_tui.services.http import Answer, Http, Limit
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.tokens import Secret

MOST_SKEW = timedelta(seconds=30)
SCARCE = 0.1
"""Below this share of the allowance, the rest is called scarce."""
SCOPES = {"repo", "public_repo"}
"""Either lets a classic token see pull requests and comment on them."""


async def probe(config: Config, tokens: Mapping[str, Secret]) -> list[Check]:
    """All findings on the services for which there is a token. Never raises `Failure`."""
    http = Http()
    try:
        async with asyncio.TaskGroup() as group:
            probes = [group.create_task(one) for one in _probes(http, config, tokens)]
    finally:
        await http.aclose()
    return [check for one in probes for check in one.result()]


def _probes(http: Http, config: Config, tokens: Mapping[str, Secret]) -> Iterator[Coroutine[Any, Any, list[Check]]]:
    if token := tokens.get("github"):
        yield probe_github(http, config, token)
    if token := tokens.get("merge-freeze"):
        yield probe_merge_freeze(http, config, token)
    if token := tokens.get("zenhub"):
        yield setup_probes.probe_zenhub(http, config, token)
    if token := tokens.get("slack"):
        yield setup_probes.probe_slack(http, config, token)
    for calendar in config.on_call.calendars:
        if calendar.file or calendar.address in tokens:
            yield setup_probes.probe_calendar(http, config, calendar, tokens, datetime.now(UTC))
    if config.certificates.fleet_server and (token := tokens.get("fleet")):
        yield setup_probes.probe_fleet(http, config, token)


async def probe_github(http: Http, config: Config, token: Secret) -> list[Check]:
    """GitHub: reachable, whose token, its permissions, the repository and branch, allowance, clock."""
    github = GitHub(http, github_service(config, token), config.team.repository)
    try:
        user = await http.get(github.service, "/user", conditional=False)
        login = clean(user.decode(_User).login)
    except Failure as failure:
        return [_failed("GitHub", failure)]
    checks = [Check("GitHub", True, f"It answers; the token belongs to {login}.")]
    checks += check_scopes(user.headers)
    try:
        checks += await _probe_repository(github, config)
        checks += await _probe_members(github, config, login)
    except Failure as failure:
        checks.append(_failed("repository", failure))
    checks += check_limit(github.limit, datetime.now(UTC))
    checks += check_clock(http.clock_skew)
    return checks


async def probe_merge_freeze(http: Http, config: Config, token: Secret) -> list[Check]:
    """Merge Freeze: reachable, the token accepted, the branch known."""
    branch = config.team.branch
    try:
        state = await MergeFreeze(http, merge_freeze_service(config, token), config).state()
    except Failure as failure:
        if failure.problem.cause is not Cause.MISSING:
            return [_failed("Merge Freeze", failure)]
        sentence = f"It does not know the branch {branch} of {config.team.repository}."
        return [Check("Merge Freeze", False, sentence, "It knows protected branches only; check both names.")]
    return [Check("Merge Freeze", True, f"It answers; {branch} is {'frozen' if state.frozen else 'open'}.")]


def check_scopes(headers: Mapping[str, str]) -> list[Check]:
    """Whether a classic token has the scope it needs. Others have no scopes, and GitHub names none."""
    named = headers.get("x-oauth-scopes")
    if named is None or SCOPES & {scope.strip() for scope in named.split(",")}:
        return []
    remedy = "Add `repo` (or `public_repo` for a public repository) on github.com/settings/tokens."
    return [Check("permissions", False, "The GitHub token lacks the scope `repo`.", remedy)]


def check_limit(limit: Limit | None, now: datetime) -> list[Check]:
    """How much of the allowance is left; nothing when the service named none."""
    if limit is None:
        return []
    sentence = f"{limit.remaining} of {limit.total} requests are left; full again {until(limit.resets, now)}."
    scarce = limit.remaining < limit.total * SCARCE
    remedy = "Something else uses this token, too; give fleet-tui one of its own." if scarce else ""
    return [Check("rate limit", None if scarce else True, sentence, remedy)]


def check_clock(skew: timedelta | None) -> list[Check]:
    """Whether this machine's clock agrees with the answer's; nothing when the answer named no time."""
    if skew is None:
        return []
    if abs(skew) <= MOST_SKEW:
        return [Check("clock", True, "It agrees with GitHub's.")]
    off = span(skew) if abs(skew) >= timedelta(minutes=1) else f"{abs(skew).seconds} s"
    direction = "ahead of" if skew > timedelta() else "behind"
    return [Check("clock", None, f"It is {off} {direction} GitHub's.", "Switch on time synchronization.")]


def check_name(configured: str, found: str) -> Check:
    """Whether the repository still has the configured name: GitHub leads from a former name to the new one."""
    if configured.casefold() == found.casefold():
        return Check("repository", True, f"{found} is visible.")
    remedy = f'Set `repository = "{found}"` under [team] in the configuration.'
    return Check("repository", None, f"{configured} was renamed to {found}.", remedy)


async def _probe_repository(github: GitHub, config: Config) -> list[Check]:
    repository = (await github.http.get(github.service, github.path, conditional=False)).decode(_Repository)
    checks = [check_name(config.team.repository, clean(repository.full_name))]
    branch = config.team.branch
    try:
        found = await _ask(github, f"/branches/{quote(branch, safe='')}")
    except Failure as failure:
        if failure.problem.cause is not Cause.MISSING:
            raise
        checks.append(Check("branch", False, f"There is no branch {branch}.", "Set `branch` under [team]."))
        return checks
    checks.append(Check("branch", True, f"{branch} is visible."))
    return checks + await _probe_permissions(github, found.decode(_Branch).commit.sha, push=repository.permissions.push)


async def _probe_members(github: GitHub, config: Config, login: str) -> list[Check]:
    """Whether the token is shown who is of the team; nothing when it is, or the settings name them."""
    note = "" if config.on_call.team_members else (await read_members(github, login)).note
    return [Check("members", None, note)] if note else []


async def _probe_permissions(github: GitHub, sha: str, *, push: bool) -> list[Check]:
    """What the token may read is found by reading it; what it may write only shows in its push access."""
    reads = {"issues": "/issues", "pull requests": "/pulls", "commit statuses": f"/commits/{sha}/status"}
    checks = []
    for what, path in reads.items():
        try:
            await _ask(github, path, {"per_page": 1})
        except Failure as failure:
            if failure.problem.cause not in {Cause.PERMISSION, Cause.MISSING}:
                raise
            checks.append(Check("permissions", False, f"The token may not read {what}.", failure.problem.remedy))
    if not push:
        remedy = "Ask an administrator for write access, or start with --read-only."
        checks.append(Check("permissions", None, "The token may not change labels and milestones.", remedy))
    return checks or [Check("permissions", True, "The token may read and write what is needed.")]


async def _ask(github: GitHub, path: str, params: Mapping[str, Any] | None = None) -> Answer:
    return await github.http.get(github.service, github.path + path, params, conditional=False)


def _failed(name: str, failure: Failure) -> Check:
    return Check(name, False, failure.problem.sentence, failure.problem.remedy)


class _User(msgspec.Struct):
    login: str


class _Permissions(msgspec.Struct, frozen=True):
    push: bool = False


class _Repository(msgspec.Struct):
    full_name: str
    permissions: _Permissions = _Permissions()


class _Commit(msgspec.Struct):
    sha: str


class _Branch(msgspec.Struct):
    commit: _Commit
