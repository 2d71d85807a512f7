"""Merge Freeze's interface: the state of a branch, and changing it.

The list of unfrozen pull requests that is sent replaces the former one, and a list without `frozen=true` has opened
a whole repository: so every write here says both. The token stands in the address, so no address is ever shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Http
from fleet_tui.services.http_problems import writing
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret


def merge_freeze_service(config: Config, token: Secret | None) -> Service:
    """Merge Freeze at the configured address."""
    return Service("Merge Freeze", config.addresses.merge_freeze, token, token_in="access_token")


class MergeFreeze:
    """One branch of one repository in Merge Freeze."""

    def __init__(self, http: Http, service: Service, config: Config) -> None:
        self._http = http
        self._service = service
        self._branch = config.team.branch
        self._path = f"/branches/{config.team.repository}/{quote(config.team.branch)}/"

    async def state(self) -> BranchState:
        """The branch as Merge Freeze has it. Raises `Failure`."""
        answer = await self._http.get(self._service, self._path, conditional=False)
        return answer.decode(_Branch).value(self._branch)

    async def freeze(self, *, by: str, note: str, unfrozen: Iterable[int] = ()) -> None:
        """Freeze the branch but for the pull requests `unfrozen`, the complete list. Raises `Failure`."""
        numbers = sorted(set(unfrozen))
        form = {"frozen": "true", "user_name": by}
        if note:
            form["note"] = note
        if numbers:
            form["unblocked_prs"] = msgspec.json.encode(numbers).decode()
        await self._post(form)

    async def lift(self, *, by: str, note: str) -> None:
        """Open the branch. Raises `Failure`."""
        form = {"frozen": "false", "user_name": by} | ({"note": note} if note else {})
        await self._post(form)

    async def _post(self, form: Mapping[str, str]) -> None:
        with writing():
            await self._http.post(self._service, self._path, form=form)


class _Branch(msgspec.Struct):
    """`frozen_at` and `unblocked_prs` are documented nowhere: used when they come."""

    frozen: bool
    frozen_by: str | None = None
    note: str | None = None
    frozen_at: object = None
    unblocked_prs: tuple[int, ...] | None = None

    def value(self, branch: str) -> BranchState:
        unfrozen = frozenset(self.unblocked_prs) if self.unblocked_prs is not None else None
        return BranchState(
            branch, self.frozen, clean(self.frozen_by or ""), clean(self.note or ""), _moment(self.frozen_at), unfrozen
        )


def _moment(value: object) -> datetime | None:
    """Epoch seconds or ISO 8601, as other moments of theirs come; None for anything else."""
    try:
        moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
