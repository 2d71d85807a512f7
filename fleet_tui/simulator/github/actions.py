"""Workflows: starting one, and its runs."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import GithubError, not_found
from fleet_tui.simulator.github.paging import window
from fleet_tui.simulator.github.render import WEB, timestamp, user
from fleet_tui.simulator.world.workflow import Workflow, WorkflowRun

routes = web.RouteTableDef()


@routes.post("/repos/{owner}/{repo}/actions/workflows/{file}/dispatches")
async def dispatch(request: web.Request) -> web.Response:
    """Start a run. An older host refuses a field that it does not know."""
    call = Call(request)
    login, workflow, wanted = call.pusher("actions=write"), _workflow(call), await call.json()
    if not workflow.tells_runs and "return_run_details" in wanted:
        raise GithubError(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.')
    if wanted.get("ref") != call.repo().default_branch:
        raise GithubError(422, f"No ref found for: {wanted.get('ref')}")
    inputs = wanted.get("inputs") or {}
    if unexpected := set(inputs) - set(workflow.inputs):
        raise GithubError(422, f"Unexpected inputs provided: {sorted(unexpected)}")
    if missing := set(workflow.inputs) - set(inputs):
        raise GithubError(422, f"Required input '{min(missing)}' not provided")
    world = call.world
    run = workflow.start(world.next_id(), inputs, by=world.user(login), at=world.now())
    if not wanted.get("return_run_details"):
        return web.Response(status=204)
    shown = _run(call, workflow, run)
    return web.json_response({"workflow_run_id": run.id, "run_url": shown["url"], "html_url": shown["html_url"]})


@routes.get("/repos/{owner}/{repo}/actions/workflows/{file}/runs")
async def list_runs(request: web.Request) -> web.Response:
    """The runs of a workflow, the newest first. All of them were started by hand."""
    call = Call(request)
    workflow = _workflow(call)
    runs = workflow.runs[::-1] if call.argument("event", "workflow_dispatch") == "workflow_dispatch" else []
    _, size, start = window(call)
    shown = [_run(call, workflow, run) for run in runs[start : start + size]]
    return web.json_response({"total_count": len(runs), "workflow_runs": shown})


@routes.get(r"/repos/{owner}/{repo}/actions/runs/{id:\d+}")
async def get_run(request: web.Request) -> web.Response:
    """One run."""
    call = Call(request)
    for workflow in call.repo().workflows.values():
        for run in workflow.runs:
            if run.id == int(call.place("id")):
                return web.json_response(_run(call, workflow, run))
    raise not_found()


def _workflow(call: Call) -> Workflow:
    workflow = call.repo().workflows.get(call.place("file"))
    if workflow is None:
        raise not_found()
    return workflow


def _run(call: Call, workflow: Workflow, run: WorkflowRun) -> dict[str, Any]:
    repo, now = call.repo(), call.world.now()
    return {
        "id": run.id,
        "name": workflow.name,
        "display_title": run.title,
        "run_number": run.number,
        "run_attempt": 1,
        "event": "workflow_dispatch",
        "status": run.status(now),
        "conclusion": run.conclusion(now),
        "path": f".github/workflows/{workflow.file}",
        "head_branch": repo.default_branch,
        "url": f"{call.base}/repos/{repo.full_name}/actions/runs/{run.id}",
        "html_url": f"{WEB}/{repo.full_name}/actions/runs/{run.id}",
        "actor": user(call.base, run.actor),
        "created_at": timestamp(run.created_at),
        "run_started_at": timestamp(run.created_at),
        "updated_at": timestamp(min(now, run.ends_at)),
    }
