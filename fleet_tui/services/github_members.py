"""The members of the organization that the repository belongs to: who is of the team, and who is community."""

from __future__ import annotations

import msgspec

from fleet_tui.domain.community import Members
from fleet_tui.domain.logins import is_same
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub

NAME_THEM = "Name the team in `on_call.team_members`."


async def read_members(github: GitHub, login: str = "") -> Members:
    """The organization's members; free while nothing has changed. Raises `Failure`.

    A token that may not see them, or an owner that is no organization, is no failure: that is told in `note`. So is one
    that is shown public members alone (docs.github.com, "List organization members"), which is known by `login`, whom
    it belongs to: that is not among them.
    """
    path = f"/orgs/{github.owner}/members"
    try:
        pages = [page async for page in github.http.pages(github.service, path, {}, list[_Member])]
    except Failure as failure:
        if failure.problem.cause not in {Cause.PERMISSION, Cause.MISSING}:
            raise
        return Members(frozenset(), f"The GitHub token may not see who is a member of {github.owner}. {NAME_THEM}")
    logins = frozenset(clean(one.login) for page in pages for one in page)
    if login and not any(is_same(login, one) for one in logins):
        return Members(logins, f"The GitHub token sees public members of {github.owner} alone. {NAME_THEM}")
    return Members(logins)


class _Member(msgspec.Struct):
    login: str
