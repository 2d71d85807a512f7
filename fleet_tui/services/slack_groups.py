"""Slack's user groups: who is in one, and moving it to somebody else.

Slack replaces all members of a group at once. So what would change is shown first, the group is compared with that
before the write, and read back after it. A write is never repeated by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

import msgspec
from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Answer, Http
from fleet_tui.services.http_problems import writing
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret, renewal, the_token
from fleet_tui.services.slack import LOST

T = TypeVar("T")

# https://api.slack.com/methods/usergroups.users.update lists the errors.
CAUSES = {
    "not_authed": Cause.TOKEN,
    "invalid_auth": Cause.TOKEN,
    "token_revoked": Cause.TOKEN,
    "token_expired": Cause.TOKEN,
    "account_inactive": Cause.TOKEN,
    "missing_scope": Cause.PERMISSION,
    "permission_denied": Cause.PERMISSION,
    "no_permission": Cause.PERMISSION,
    "not_allowed_token_type": Cause.PERMISSION,
    "no_such_subteam": Cause.MISSING,
    "subteam_not_found": Cause.MISSING,
    "user_not_found": Cause.MISSING,
    "invalid_users": Cause.MISSING,
    "ratelimited": Cause.LIMITED,
    "internal_error": Cause.SERVER,
    "fatal_error": Cause.SERVER,
    "service_unavailable": Cause.SERVER,
}


class Member(Struct, frozen=True):
    """Somebody in Slack."""

    id: str
    name: str
    """As people in Slack see it; the id where the token may not read names."""


class UserGroup(Struct, frozen=True):
    """A user group as it was read."""

    id: str
    handle: str
    members: tuple[Member, ...]


class Handover(Struct, frozen=True):
    """What moving a user group would do."""

    group: UserGroup
    to: Member

    @property
    def removed(self) -> tuple[Member, ...]:
        """Who would be taken out."""
        return tuple(member for member in self.group.members if member.id != self.to.id)

    @property
    def added(self) -> tuple[Member, ...]:
        """Who would come in; nobody when it is them already."""
        return () if self.to.id in {member.id for member in self.group.members} else (self.to,)

    @property
    def changes_nothing(self) -> bool:
        """Whether the group is theirs alone already."""
        return not self.removed and not self.added


def slack_service(config: Config, token: Secret | None) -> Service:
    """Slack's interface at the configured address."""
    return Service("Slack", config.addresses.slack, token)


class UserGroups:
    """The user groups that the token may see. Scopes: `usergroups:read`, `usergroups:write`, `users:read`."""

    def __init__(self, http: Http, service: Service) -> None:
        self._http = http
        self._service = service

    async def count(self, handle: str) -> int:
        """How many people are in a group. Raises `Failure`."""
        return len(await self._members((await self._find(handle)).id))

    async def plan(self, handle: str, member: str) -> Handover:
        """What it would do to move the group to the member with this id alone. Raises `Failure`."""
        found = await self._find(handle)
        ids = await self._members(found.id)
        *members, to = await asyncio.gather(*(self._person(id_) for id_ in (*ids, member)))
        return Handover(UserGroup(found.id, clean(found.handle), tuple(members)), to)

    async def move(self, handover: Handover) -> str:
        """Carry out what was shown; returns what was done. The list of members is replaced as a whole.

        Raises `Failure`, also when somebody changed the group since; `Unconfirmed` when it is not known.
        """
        group, wanted = handover.group, {handover.to.id}
        if set(await self._members(group.id)) != {member.id for member in group.members}:
            sentence = f"Somebody changed @{group.handle} in the meantime."
            raise self._failure(Cause.REFUSED, sentence, "Look at it again.")
        try:
            form = {"usergroup": group.id, "users": handover.to.id}
            with writing():
                self._check(await self._http.post(self._service, "/usergroups.users.update", form=form), _Verdict)
        except Failure as failure:
            if failure.problem.cause not in LOST:
                raise
            if await self._members_after(group, failure) != wanted:
                raise
        else:
            if set(await self._members_after(group)) != wanted:
                sentence = f"Slack took the change of @{group.handle} but did not carry it out."
                raise self._failure(Cause.REFUSED, sentence, "Look at the group in Slack.")
        return f"@{group.handle} is {handover.to.name} now."

    async def _find(self, handle: str) -> _Group:
        groups = (await self._read("usergroups.list", {}, _Groups)).usergroups
        found = next((one for one in groups if one.handle.casefold() == handle.casefold()), None)
        if found is None:
            sentence = f"Slack knows no user group @{clean(handle)}."
            raise self._failure(Cause.MISSING, sentence, "Check `slack.on_call_group`.")
        return found

    async def _members_after(self, group: UserGroup, lost: Failure | None = None) -> set[str]:
        try:
            return set(await self._members(group.id))
        except Failure as failure:
            problem = (lost or failure).problem
            sentence = f"Whether @{group.handle} was moved is not known: {problem.sentence}"
            unknown = Problem("Slack", problem.cause, sentence, "Look at the group in Slack.", problem.detail)
            raise Unconfirmed(unknown) from None

    async def _members(self, group: str) -> tuple[str, ...]:
        return (await self._read("usergroups.users.list", {"usergroup": group}, _Members)).users

    async def _person(self, id_: str) -> Member:
        try:
            user = (await self._read("users.info", {"user": id_}, _Person)).user
        except Failure as failure:
            if failure.problem.cause is not Cause.PERMISSION:
                raise
            return Member(id_, id_)
        return Member(id_, clean(user.profile.display_name or user.profile.real_name or user.name) or id_)

    async def _read(self, method: str, query: Mapping[str, str], type_: type[T]) -> T:
        return self._check(await self._http.get(self._service, f"/{method}", query, conditional=False), type_)

    def _check(self, answer: Answer, type_: type[T]) -> T:
        """The answer as `type_`; Slack answers 200 to what it refuses as well."""
        said = answer.decode(_Verdict)
        if not said.ok:
            raise Failure(self._refused(said))
        return answer.decode(type_)

    def _refused(self, said: _Verdict) -> Problem:
        cause = CAUSES.get(said.error, Cause.REFUSED)
        error, needed, token = clean(said.error, 100), clean(said.needed, 100), self._service.token
        needs = f"It needs: {needed}." if needed else ASK
        sentence, remedy = {
            Cause.TOKEN: ("Slack does not accept the token.", renewal("slack", token)),
            Cause.PERMISSION: (f"{the_token('Slack', token)} may not do this.", needs),
            Cause.MISSING: ("Slack does not know the group or the person.", "Check `slack` in `on_call.people`."),
            Cause.LIMITED: ("Slack has had too many requests from this token.", "Try again in a minute."),
            Cause.SERVER: ("Slack has a fault of its own.", ""),
        }.get(cause, (f"Slack refused: {error or 'it gave no reason'}.", ""))
        retry_at = self._http.now() + timedelta(minutes=1) if cause is Cause.LIMITED else None
        return Problem("Slack", cause, sentence, remedy, error, retry_at)

    @staticmethod
    def _failure(cause: Cause, sentence: str, remedy: str) -> Failure:
        return Failure(Problem("Slack", cause, sentence, remedy))


ASK = "Ask an administrator of the workspace: only some people may change user groups."


class _Verdict(msgspec.Struct):
    ok: bool
    error: str = ""
    needed: str = ""


class _Group(msgspec.Struct):
    id: str
    handle: str


class _Groups(msgspec.Struct):
    usergroups: tuple[_Group, ...]


class _Members(msgspec.Struct):
    users: tuple[str, ...]


class _Profile(msgspec.Struct):
    display_name: str = ""
    real_name: str = ""


class _User(msgspec.Struct):
    profile: _Profile = msgspec.field(default_factory=_Profile)
    name: str = ""


class _Person(msgspec.Struct):
    user: _User
