"""Reports on commits, branches and tags."""

from __future__ import annotations

from aiohttp import web

from fleet_tui.simulator.github import render_pull
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import GithubError
from fleet_tui.simulator.github.paging import window
from fleet_tui.simulator.world import Repository
from fleet_tui.simulator.world.model import Commit

routes = web.RouteTableDef()


@routes.get("/repos/{owner}/{repo}/commits/{ref}/status")
async def combined_status(request: web.Request) -> web.Response:
    """All statuses of a commit."""
    call = Call(request)
    repo = call.repo()
    return web.json_response(render_pull.combined_status(call.base, repo, _commit(repo, call.place("ref"))))


@routes.get("/repos/{owner}/{repo}/commits/{ref}/check-runs")
async def check_runs(request: web.Request) -> web.Response:
    """The check runs of a commit."""
    call = Call(request)
    repo = call.repo()
    commit = _commit(repo, call.place("ref"))
    _, size, start = window(call)
    runs = [render_pull.check_run(call.base, repo, commit, run) for run in commit.checks[start : start + size]]
    return web.json_response({"total_count": len(commit.checks), "check_runs": runs})


@routes.get("/repos/{owner}/{repo}/branches/{branch}")
async def branch(request: web.Request) -> web.Response:
    """A branch and its newest commit."""
    call = Call(request)
    repo, name = call.repo(), call.place("branch")
    try:
        sha = repo.branch_head(name).sha
    except KeyError:
        raise GithubError(404, "Branch not found") from None
    url = f"{call.base}/repos/{repo.full_name}"
    return web.json_response(
        {"name": name, "commit": {"sha": sha, "url": f"{url}/commits/{sha}"}, "protected": name == repo.default_branch}
    )


@routes.get("/repos/{owner}/{repo}/git/matching-refs/tags/{prefix:.*}")
async def matching_tags(request: web.Request) -> web.Response:
    """The tags whose names begin with a prefix."""
    call = Call(request)
    repo = call.repo()
    url = f"{call.base}/repos/{repo.full_name}/git"
    return web.json_response(
        [
            {
                "ref": f"refs/tags/{name}",
                "node_id": f"REF_{name}",
                "url": f"{url}/refs/tags/{name}",
                "object": {"sha": sha, "type": "commit", "url": f"{url}/commits/{sha}"},
            }
            for name, sha in sorted(repo.tags.items())
            if name.startswith(call.place("prefix"))
        ]
    )


def _commit(repo: Repository, ref: str) -> Commit:
    if ref == repo.default_branch:
        return repo.branch_head(ref)
    if ref not in repo.commits:
        raise GithubError(422, f"No commit found for SHA: {ref}")
    return repo.commits[ref]
