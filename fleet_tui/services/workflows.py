"""A workflow on GitHub: starting it, and looking at its runs.

To start it is one request that is never repeated. Newer hosts say which run came of it (`return_run_details`); older
ones refuse that field, which starts nothing, and are asked again without it. Then the run is the one that was not
there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from fleet_tui.config.dependencies import Dependencies
from fleet_tui.domain.dogfood import Run, image_in, run_state
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub

DETAILS = {"return_run_details": True}


class Workflow:
    """The workflow that deploys, on one branch."""

    def __init__(self, github: GitHub, settings: Dependencies, branch: str) -> None:
        self._github = github
        self._settings = settings
        self._branch = branch
        self._path = f"{github.path}/actions/workflows/{quote(settings.deploy_workflow)}"

    async def runs(self) -> tuple[Run, ...]:
        """The 100 newest runs that somebody started, newest first; asked anew each time. Raises `Failure`."""
        query: dict[str, str | int] = {"event": "workflow_dispatch", "per_page": 100}
        github = self._github
        answer = await github.http.get(github.service, f"{self._path}/runs", query, conditional=False)
        return tuple(one.value(self._settings) for one in answer.decode(_Runs).workflow_runs)

    async def run(self, number: int) -> Run:
        """The run with this id. Raises `Failure`."""
        github = self._github
        answer = await github.http.get(github.service, f"{github.path}/actions/runs/{number}")
        return answer.decode(_Run).value(self._settings)

    async def dispatch(self, inputs: Mapping[str, str]) -> int | None:
        """Start it; the id of the run, or None from a host that does not say it. Raises `Failure`."""
        wanted: dict[str, object] = {"ref": self._branch, "inputs": dict(inputs)}
        try:
            return await self._post(wanted | DETAILS)
        except Failure as failure:
            if failure.problem.cause is not Cause.REFUSED:
                raise
        return await self._post(wanted)

    async def _post(self, wanted: Mapping[str, object]) -> int | None:
        github = self._github
        answer = await github.http.post(github.service, f"{self._path}/dispatches", json=wanted)
        return answer.decode(_Started).workflow_run_id if answer.body else None


class _Started(msgspec.Struct):
    workflow_run_id: int | None = None


class _Actor(msgspec.Struct):
    login: str


class _Run(msgspec.Struct):
    id: int
    run_number: int
    status: str
    html_url: str
    created_at: datetime
    conclusion: str | None = None
    display_title: str = ""
    run_started_at: datetime | None = None
    actor: _Actor | None = None

    def value(self, settings: Dependencies) -> Run:
        title = clean(self.display_title)
        return Run(
            self.id,
            self.run_number,
            title,
            run_state(self.status, self.conclusion),
            self.run_started_at or self.created_at,
            self.html_url,
            clean(self.actor.login) if self.actor else "",
            image_in(title, settings),
        )


class _Runs(msgspec.Struct):
    workflow_runs: tuple[_Run, ...]
