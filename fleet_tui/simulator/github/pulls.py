"""Pull requests: lists, files, reviews, merging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from fleet_tui.simulator.github import render_pull
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import GithubError, invalid
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world import PullRequest
from fleet_tui.simulator.world.model import ReviewState

routes = web.RouteTableDef()

ORDERS: dict[str, Callable[[PullRequest], Any]] = {
    "created": lambda pull: (pull.created_at, pull.number),
    "updated": lambda pull: (pull.updated_at, pull.number),
}
REVIEW_EVENTS: dict[str, ReviewState] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


@routes.get("/repos/{owner}/{repo}/pulls")
async def list_pulls(request: web.Request) -> web.Response:
    """Pull requests, by state and base branch."""
    call = Call(request)
    state, base = call.argument("state", "open"), call.argument("base")
    sort = call.argument("sort", "created")
    if state not in {"open", "closed", "all"} or sort not in ORDERS:
        raise invalid("PullRequest", "sort" if sort not in ORDERS else "state")
    pulls = [pull for pull in call.repo().pulls(base=base or None) if state in ("all", pull.state)]
    newest_first = call.argument("direction", "desc" if sort == "created" else "asc") != "asc"
    pulls.sort(key=ORDERS[sort], reverse=newest_first)
    return paged(call, pulls, lambda pull: render_pull.pull(call.base, pull))


@routes.get(r"/repos/{owner}/{repo}/pulls/{number:\d+}")
async def get_pull(request: web.Request) -> web.Response:
    """One pull request."""
    call = Call(request)
    return web.json_response(render_pull.full_pull(call.base, call.pull()))


@routes.get(r"/repos/{owner}/{repo}/pulls/{number:\d+}/files")
async def list_files(request: web.Request) -> web.Response:
    """The files it changes."""
    call = Call(request)
    pull = call.pull()
    return paged(call, pull.files, lambda file: render_pull.file(call.base, pull, file))


@routes.get(r"/repos/{owner}/{repo}/pulls/{number:\d+}/reviews")
async def list_reviews(request: web.Request) -> web.Response:
    """Its reviews, oldest first."""
    call = Call(request)
    pull = call.pull()
    return paged(call, pull.reviews, lambda review: render_pull.review(call.base, pull, review))


@routes.post(r"/repos/{owner}/{repo}/pulls/{number:\d+}/reviews")
async def create_review(request: web.Request) -> web.Response:
    """Review it."""
    call = Call(request)
    login, pull, wanted = call.writer("pull_requests=write"), call.pull(), await call.json()
    state = REVIEW_EVENTS.get(wanted.get("event", ""))
    if state is None:
        raise invalid("PullRequestReview", "event")
    if pull.author.login == login and state != "COMMENTED":
        raise GithubError(422, "Unprocessable Entity", errors=["Can not approve your own pull request"])
    commit = wanted.get("commit_id") or pull.head.sha
    if commit not in pull.repository.commits:
        raise invalid("PullRequestReview", "commit_id")
    review = pull.review(state, by=login, body=wanted.get("body") or "", commit=commit)
    return web.json_response(render_pull.review(call.base, pull, review))


@routes.post(r"/repos/{owner}/{repo}/pulls/{number:\d+}/requested_reviewers")
async def request_reviewers(request: web.Request) -> web.Response:
    """Ask people for a review; all are asked, or none."""
    call = Call(request)
    call.pusher("pull_requests=write")
    pull, wanted = call.pull(), (await call.json()).get("reviewers") or []
    if pull.author.login in wanted:
        raise GithubError(422, "Review cannot be requested from pull request author.")
    people = [call.world.users.get(str(login).casefold()) for login in wanted]
    if not all(user and user.member for user in people):
        raise GithubError(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified is "
            f"not a collaborator of the {pull.repository.full_name} repository.",
        )
    pull.request_review(*wanted)
    return web.json_response(render_pull.pull(call.base, pull), status=201)


@routes.put(r"/repos/{owner}/{repo}/pulls/{number:\d+}/merge")
async def merge(request: web.Request) -> web.Response:
    """Merge it, unless branch protection forbids."""
    call = Call(request)
    login, pull, wanted = call.pusher("contents=write"), call.pull(), await call.json()
    if pull.state == "closed" or pull.draft:
        reason = "Pull Request is still a draft" if pull.draft else "Pull Request is not mergeable"
        raise GithubError(405, reason)
    if wanted.get("sha", pull.head.sha) != pull.head.sha:
        raise GithubError(409, "Head branch was modified. Review and try the merge again.")
    for context in pull.blocked_by():
        raise GithubError(405, f'Required status check "{context}" is failing.')
    pull.merge(by=login)
    return web.json_response({"sha": pull.merge_sha, "merged": True, "message": "Pull Request successfully merged"})
