"""Issues and their comments."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from fleet_tui.simulator.github import render
from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import GithubError, invalid
from fleet_tui.simulator.github.filters import filtered
from fleet_tui.simulator.github.paging import paged
from fleet_tui.simulator.world import Issue
from fleet_tui.simulator.world.model import Milestone, Unknown

routes = web.RouteTableDef()
LONGEST_BODY = 65_536


@routes.get("/repos/{owner}/{repo}/issues")
async def list_issues(request: web.Request) -> web.Response:
    """Issues and pull requests, filtered and sorted."""
    call = Call(request)
    return paged(call, filtered(call), lambda issue: render.issue(call.base, issue))


@routes.get(r"/repos/{owner}/{repo}/issues/{number:\d+}")
async def get_issue(request: web.Request) -> web.Response:
    """One of them."""
    call = Call(request)
    return web.json_response(render.issue(call.base, call.issue()))


@routes.post("/repos/{owner}/{repo}/issues")
async def create_issue(request: web.Request) -> web.Response:
    """Open an issue. Without push access labels, assignees and the milestone are dropped without a word."""
    call = Call(request)
    login, wanted = call.writer(), await call.json()
    if not isinstance(wanted.get("title"), str) or not wanted["title"]:
        raise invalid("Issue", "title")
    extras = _extras(call, wanted)
    issue = call.repo().open_issue(
        wanted["title"],
        checked_body(wanted.get("body") or ""),
        by=login,
        labels=extras.get("labels", ()),
        assignees=extras.get("assignees", ()),
        milestone=extras.get("milestone"),
    )
    shown = render.issue(call.base, issue)
    return web.json_response(shown, status=201, headers={"Location": shown["url"]})


@routes.patch(r"/repos/{owner}/{repo}/issues/{number:\d+}")
async def edit_issue(request: web.Request) -> web.Response:
    """Change an issue. Labels and assignees replace the former ones; without push access they are dropped."""
    call = Call(request)
    login, issue, wanted = call.writer(), call.issue(), await call.json()
    if {"title", "body", "state"} & wanted.keys() and not call.may_push and issue.author.login != login:
        raise GithubError(403, "Must have admin rights to Repository.")
    _refuse_if_locked(call, issue)
    extras = _extras(call, wanted)
    if "body" in wanted:
        issue.edit(checked_body(wanted["body"] or ""), by=login)
    if "title" in wanted:
        issue.rename(wanted["title"], by=login)
    if "labels" in extras:
        issue.set_labels(extras["labels"], by=login)
    if "assignees" in extras:
        issue.unassign(*(user.login for user in issue.assignees if user.login not in extras["assignees"]), by=login)
        issue.assign(*extras["assignees"], by=login)
    if "milestone" in extras:
        issue.set_milestone(extras["milestone"], by=login)
    _set_state(issue, wanted, login)
    return web.json_response(render.issue(call.base, issue))


@routes.get(r"/repos/{owner}/{repo}/issues/{number:\d+}/comments")
async def list_comments(request: web.Request) -> web.Response:
    """The comments on an issue, oldest first."""
    call = Call(request)
    issue, since = call.issue(), call.time_argument("since")
    comments = [comment for comment in issue.comments if since is None or comment.updated_at >= since]
    return paged(call, comments, lambda comment: render.comment(call.base, issue, comment))


@routes.post(r"/repos/{owner}/{repo}/issues/{number:\d+}/comments")
async def create_comment(request: web.Request) -> web.Response:
    """Comment on an issue."""
    call = Call(request)
    login, issue, wanted = call.writer(), call.issue(), await call.json()
    _refuse_if_locked(call, issue)
    if not wanted.get("body"):
        raise invalid("IssueComment", "body")
    comment = issue.comment(checked_body(wanted["body"]), by=login)
    return web.json_response(render.comment(call.base, issue, comment), status=201)


def checked_body(body: Any) -> str:
    """A text that is not too long. Refuses any other."""
    if not isinstance(body, str):
        raise invalid("Issue", "body")
    if len(body) > LONGEST_BODY:
        raise invalid("Issue", "body", f"body is too long (maximum is {LONGEST_BODY} characters)")
    return body


def _refuse_if_locked(call: Call, issue: Issue) -> None:
    if issue.locked and not call.may_push:
        raise GithubError(403, "Unable to create comment because issue is locked.")


def _extras(call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
    """Labels, assignees and milestone of a request, checked; nothing without push access."""
    if not call.may_push:
        return {}
    extras: dict[str, Any] = {}
    if "labels" in wanted:
        extras["labels"] = [label["name"] if isinstance(label, dict) else label for label in wanted["labels"] or ()]
    if "assignees" in wanted or "assignee" in wanted:
        extras["assignees"] = _assignees(call, wanted)
    if "milestone" in wanted:
        extras["milestone"] = _milestone(call, wanted["milestone"])
    return extras


def _assignees(call: Call, wanted: dict[str, Any]) -> list[str]:
    logins: list[str] = wanted.get("assignees") or ([wanted["assignee"]] if wanted.get("assignee") else [])
    for login in logins:
        try:
            call.world.user(login)
        except Unknown:
            raise invalid("Issue", "assignees", value=login) from None
    return logins


def _milestone(call: Call, number: int | None) -> Milestone | None:
    if number is None:
        return None
    milestone = call.repo().milestones.get(number)
    if milestone is None:
        raise invalid("Issue", "milestone", value=number)
    return milestone


def _set_state(issue: Issue, wanted: dict[str, Any], login: str) -> None:
    state = wanted.get("state", issue.state)
    if state == "closed" and issue.state == "open":
        issue.close(by=login, reason=wanted.get("state_reason") or "completed")
    elif state == "open" and issue.state == "closed":
        issue.reopen(by=login)
