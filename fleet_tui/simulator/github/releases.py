"""Releases, commits by path, and comparing a tag with a branch."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import not_found
from fleet_tui.simulator.github.paging import paged, window
from fleet_tui.simulator.github.render import WEB, timestamp, user
from fleet_tui.simulator.world import Repository
from fleet_tui.simulator.world.history import Landed, Release

routes = web.RouteTableDef()


@routes.get("/repos/{owner}/{repo}/releases")
async def list_releases(request: web.Request) -> web.Response:
    """The releases, the newest first; drafts are shown to those with push access."""
    call = Call(request)
    repo = call.repo()
    shown = [one for one in repo.releases if call.may_push or not one.draft]
    shown.sort(key=lambda one: one.published_at, reverse=True)
    return paged(call, shown, lambda one: _release(repo, one))


@routes.get("/repos/{owner}/{repo}/commits")
async def list_commits(request: web.Request) -> web.Response:
    """The commits of the default branch that touch a path, the newest first."""
    call = Call(request)
    repo = call.repo()
    if call.argument("sha", repo.default_branch) != repo.default_branch:
        raise not_found()
    found = repo.history.under(call.argument("path"), call.time_argument("since"))
    return paged(call, found, lambda one: _commit(call, repo, one))


@routes.get("/repos/{owner}/{repo}/compare/{basehead:.+}")
async def compare(request: web.Request) -> web.Response:
    """`TAG...BRANCH`: what the branch has that the tag has not. The files stand on the first page alone."""
    call = Call(request)
    repo = call.repo()
    base, _, head = call.place("basehead").partition("...")
    sha = repo.tags.get(base, base)
    if head != repo.default_branch:
        raise not_found()
    shared = repo.history.merge_base(sha)
    ahead = repo.history.after(shared)
    page, size, start = window(call)
    answer: dict[str, Any] = {
        "status": "diverged" if sha in repo.history.forks else "ahead" if ahead else "identical",
        "ahead_by": len(ahead),
        "behind_by": int(sha in repo.history.forks),
        "total_commits": len(ahead),
        "merge_base_commit": _commit(call, repo, shared),
        "commits": [_commit(call, repo, one) for one in ahead[start : start + size]],
    }
    if page == 1:
        answer["files"] = [{"filename": path, "status": "modified"} for one in ahead for path in one.paths][:300]
    return web.json_response(answer)


def _release(repo: Repository, one: Release) -> dict[str, Any]:
    return {
        "id": one.id,
        "tag_name": one.tag,
        "name": one.tag,
        "html_url": f"{WEB}/{repo.full_name}/releases/tag/{one.tag}",
        "draft": one.draft,
        "prerelease": one.prerelease,
        "created_at": timestamp(one.published_at),
        "published_at": None if one.draft else timestamp(one.published_at),
    }


def _commit(call: Call, repo: Repository, one: Landed) -> dict[str, Any]:
    signature = {"name": one.author.name, "email": f"{one.author.login}@example.com", "date": timestamp(one.at)}
    return {
        "sha": one.sha,
        "html_url": f"{WEB}/{repo.full_name}/commit/{one.sha}",
        "commit": {"message": one.message, "author": signature, "committer": signature},
        "author": user(call.base, one.author),
    }
