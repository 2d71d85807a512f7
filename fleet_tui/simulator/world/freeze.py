"""What Merge Freeze knows, including its known fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from fleet_tui.simulator.world.model import StatusState, Unknown

if TYPE_CHECKING:
    from fleet_tui.simulator.world.pull import PullRequest
    from fleet_tui.simulator.world.world import World

STATUS_CONTEXT = "mergefreeze"


@dataclass(slots=True, eq=False)
class FrozenBranch:
    """A protected branch. `frozen` is the truth; `claims_frozen` is what the API says of it."""

    repository: str
    name: str
    frozen: bool = False
    claims_frozen: bool = False
    frozen_by: str | None = None
    frozen_at: datetime | None = None
    note: str = ""
    unblocked: list[int] = field(default_factory=list)

    def verdict(self, number: int) -> tuple[StatusState, str]:
        """State and description of the commit status of a pull request."""
        if not self.frozen:
            return "success", f"{self.name} is not frozen"
        if number in self.unblocked:
            return "success", "This pull request is unblocked"
        return "failure", f"Blocked: {self.name} is frozen"


class MergeFreeze:
    """The Merge Freeze account.

    Without a `status_delay` the commit statuses are there at once; else whoever listens (`on_change`) reports them one
    by one.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.token = "sim-mergefreeze"  # not a secret: it opens nothing but this simulator
        self.branches: dict[tuple[str, str], FrozenBranch] = {}
        self.on_change: list[Callable[[FrozenBranch], None]] = []
        self.lists_unblocked = True
        self.loses_freeze_on_next_post = False
        self.status_delay = 0.0
        self.requests_per_second: float | None = None

    def protect(self, repository: str, branch: str = "main") -> FrozenBranch:
        """Make a branch known."""
        return self.branches.setdefault((repository, branch), FrozenBranch(repository, branch))

    def branch(self, repository: str | None = None, name: str = "main") -> FrozenBranch:
        """A known branch, `main` of the first repository by default. Raises `Unknown`."""
        key = (repository or self._world.repo().full_name, name)
        if key not in self.branches:
            raise Unknown(key)
        return self.branches[key]

    def freeze(
        self,
        branch: FrozenBranch,
        *,
        by: str,
        note: str | None = None,
        unblocked: Iterable[int] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Freeze `branch`, or change a freeze; a given list of unblocked pull requests replaces the former one."""
        if not branch.frozen:
            branch.frozen_at, branch.frozen_by, branch.unblocked = at or self._world.now(), by, []
        branch.frozen = branch.claims_frozen = True
        branch.note = branch.note if note is None else note
        branch.unblocked = branch.unblocked if unblocked is None else list(unblocked)
        self._changed(branch)

    def unfreeze(self, branch: FrozenBranch) -> None:
        """Lift the freeze."""
        branch.frozen = branch.claims_frozen = False
        branch.frozen_by = branch.frozen_at = None
        branch.note, branch.unblocked = "", []
        self._changed(branch)

    def lose_freeze(self, branch: FrozenBranch, unblocked: Iterable[int]) -> None:
        """Lift the freeze while the API goes on to say that it stands: the known fault."""
        branch.frozen, branch.unblocked = False, list(unblocked)
        self._changed(branch)

    def report(self, pull: PullRequest, *, at: datetime | None = None) -> None:
        """Set the commit status of an open pull request, unless it stands already."""
        branch = self.branches.get((pull.repository.full_name, pull.base))
        if branch is None or pull.state != "open":
            return
        state, description = branch.verdict(pull.number)
        standing = next((status for status in pull.head.latest_statuses() if status.context == STATUS_CONTEXT), None)
        if standing is None or (standing.state, standing.description) != (state, description):
            pull.set_status(STATUS_CONTEXT, state, description, at=at)

    def pulls(self, branch: FrozenBranch) -> list[PullRequest]:
        """The open pull requests against `branch`."""
        return self._world.repo(branch.repository).pulls(base=branch.name, state="open")

    def _changed(self, branch: FrozenBranch) -> None:
        if not self.status_delay:
            for pull in self.pulls(branch):
                self.report(pull)
        for listener in self.on_change:
            listener(branch)
