"""How things look in REST answers: GitHub's field names and types."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fleet_tui.simulator.world import Issue, PullRequest, Repository
from fleet_tui.simulator.world.model import Comment, Label, Milestone, User

WEB = "https://github.com"
Json = dict[str, Any]


@lru_cache(maxsize=4096)
def timestamp(moment: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def user(base: str, who: User | None) -> Json | None:
    """An account in short."""
    if who is None:
        return None
    login = who.login + ("[bot]" if who.bot else "")
    return {
        "login": login,
        "id": who.id,
        "node_id": f"U_kgDO{who.id:08x}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{who.id}?v=4",
        "url": f"{base}/users/{login}",
        "html_url": f"{WEB}/{login}",
        "type": "Bot" if who.bot else "User",
        "site_admin": False,
    }


def repository(base: str, repo: Repository, *, push: bool) -> Json:
    """A repository."""
    url = f"{base}/repos/{repo.full_name}"
    open_count = sum(issue.state == "open" for issue in repo.issues.values())
    return {
        "id": repo.id,
        "node_id": f"R_kgDO{repo.id:08x}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": False,
        "owner": {"login": repo.owner, "id": 1, "type": "Organization", "url": f"{base}/users/{repo.owner}"},
        "html_url": f"{WEB}/{repo.full_name}",
        "description": "Open-source platform for IT and security teams.",
        "fork": False,
        "url": url,
        "issues_url": f"{url}/issues{{/number}}",
        "created_at": timestamp(repo.created_at),
        "default_branch": repo.default_branch,
        "open_issues_count": open_count,
        "has_issues": True,
        "archived": False,
        "disabled": False,
        "visibility": "public",
        "permissions": {"admin": False, "maintain": False, "push": push, "triage": push, "pull": True},
    }


def label(base: str, repo: Repository, one: Label) -> Json:
    """A label."""
    return {
        "id": one.id,
        "node_id": f"LA_kwDO{one.id:08x}",
        "url": f"{base}/repos/{repo.full_name}/labels/{one.name}",
        "name": one.name,
        "color": one.color,
        "default": False,
        "description": one.description,
    }


def milestone(base: str, repo: Repository, one: Milestone | None) -> Json | None:
    """A milestone."""
    if one is None:
        return None
    url = f"{base}/repos/{repo.full_name}/milestones/{one.number}"
    members = repo.issues_of(one)
    open_count = sum(issue.state == "open" for issue in members)
    return {
        "url": url,
        "html_url": f"{WEB}/{repo.full_name}/milestone/{one.number}",
        "labels_url": f"{url}/labels",
        "id": one.id,
        "node_id": f"MI_kwDO{one.id:08x}",
        "number": one.number,
        "title": one.title,
        "description": one.description,
        "creator": user(base, one.creator),
        "open_issues": open_count,
        "closed_issues": len(members) - open_count,
        "state": one.state,
        "created_at": timestamp(one.created_at),
        "updated_at": timestamp(one.updated_at),
        "due_on": timestamp(one.due_on),
        "closed_at": timestamp(one.closed_at),
    }


def comment(base: str, issue: Issue, one: Comment) -> Json:
    """A comment on an issue."""
    repo = issue.repository
    return {
        "url": f"{base}/repos/{repo.full_name}/issues/comments/{one.id}",
        "html_url": f"{html_url(issue)}#issuecomment-{one.id}",
        "issue_url": f"{base}/repos/{repo.full_name}/issues/{issue.number}",
        "id": one.id,
        "node_id": f"IC_kwDO{one.id:08x}",
        "user": user(base, one.author),
        "created_at": timestamp(one.created_at),
        "updated_at": timestamp(one.updated_at),
        "author_association": association(one.author),
        "body": one.body,
    }


def issue(base: str, one: Issue) -> Json:
    """An issue, or a pull request as an issue."""
    repo = one.repository
    url = f"{base}/repos/{repo.full_name}/issues/{one.number}"
    shown: Json = {
        "url": url,
        "repository_url": f"{base}/repos/{repo.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": html_url(one),
        "timeline_url": f"{url}/timeline",
        "comments": len(one.comments),
        "author_association": association(one.author),
        "active_lock_reason": None,
        "state_reason": one.state_reason,
        "closed_by": user(base, one.closed_by),
        **common(base, one),
    }
    if isinstance(one, PullRequest):
        pull_url = f"{base}/repos/{repo.full_name}/pulls/{one.number}"
        shown["draft"] = one.draft
        shown["pull_request"] = {
            "url": pull_url,
            "html_url": html_url(one),
            "diff_url": f"{html_url(one)}.diff",
            "patch_url": f"{html_url(one)}.patch",
            "merged_at": timestamp(one.merged_at),
        }
    return shown


def common(base: str, one: Issue) -> Json:
    """The fields that issues and pull requests share."""
    return {
        "id": one.id,
        "node_id": one.node_id,
        "number": one.number,
        "title": one.title,
        "user": user(base, one.author),
        "labels": [label(base, one.repository, name) for name in one.labels],
        "state": one.state,
        "locked": one.locked,
        "assignee": user(base, one.assignees[0]) if one.assignees else None,
        "assignees": [user(base, who) for who in one.assignees],
        "milestone": milestone(base, one.repository, one.milestone),
        "created_at": timestamp(one.created_at),
        "updated_at": timestamp(one.updated_at),
        "closed_at": timestamp(one.closed_at),
        "body": one.body or None,
    }


def html_url(one: Issue) -> str:
    """The web page of an issue or pull request."""
    kind = "pull" if isinstance(one, PullRequest) else "issues"
    return f"{WEB}/{one.repository.full_name}/{kind}/{one.number}"


def association(who: User) -> str:
    """What the author is to the repository."""
    return "MEMBER" if who.member else "CONTRIBUTOR"
