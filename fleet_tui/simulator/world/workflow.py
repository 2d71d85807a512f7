"""Workflows that are started by hand: their runs take time, by the world's clock, and may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from fleet_tui.simulator.world.model import User

Conclusion = Literal["success", "failure", "cancelled"]


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run. Nothing tells its inputs but, where the workflow names its runs, the title."""

    id: int
    number: int
    title: str
    inputs: Mapping[str, str]
    actor: User
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    ends_as: Conclusion

    def status(self, now: datetime) -> str:
        """`queued`, `in_progress` or `completed`."""
        if now < self.starts_at:
            return "queued"
        return "in_progress" if now < self.ends_at else "completed"

    def conclusion(self, now: datetime) -> Conclusion | None:
        """How it ended; None while it has not."""
        return self.ends_as if now >= self.ends_at else None


@dataclass(slots=True, eq=False)
class Workflow:
    """A workflow of a repository."""

    file: str
    name: str
    inputs: tuple[str, ...]
    names_runs: bool = True
    """Whether it has a `run-name` with the inputs in it."""
    tells_runs: bool = True
    """Whether the host knows `return_run_details`."""
    queue_seconds: float = 5
    run_seconds: float = 60
    next_ends_as: Conclusion = "success"
    runs: list[WorkflowRun] = field(default_factory=list)

    def start(self, id_: int, inputs: Mapping[str, str], *, by: User, at: datetime) -> WorkflowRun:
        """Start a run; the one after it succeeds again."""
        title = f"{self.name}: {', '.join(inputs.values())}" if self.names_runs else self.name
        starts_at = at + timedelta(seconds=self.queue_seconds)
        ends_at = starts_at + timedelta(seconds=self.run_seconds)
        run = WorkflowRun(id_, len(self.runs) + 1, title, dict(inputs), by, at, starts_at, ends_at, self.next_ends_as)
        self.next_ends_as = "success"
        self.runs.append(run)
        return run
