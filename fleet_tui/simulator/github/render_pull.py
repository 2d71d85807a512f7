"""How pull requests and reports on commits look in REST answers."""

from __future__ import annotations

from fleet_tui.simulator.github.render import WEB, Json, association, common, html_url, timestamp, user
from fleet_tui.simulator.world import PullRequest, Repository
from fleet_tui.simulator.world.model import ChangedFile, CheckRun, Commit, Review, Status


def pull(base: str, one: PullRequest) -> Json:
    """A pull request as lists show it."""
    repo = one.repository
    url = f"{base}/repos/{repo.full_name}/pulls/{one.number}"
    issue_url = f"{base}/repos/{repo.full_name}/issues/{one.number}"
    return {
        "url": url,
        "html_url": html_url(one),
        "diff_url": f"{html_url(one)}.diff",
        "patch_url": f"{html_url(one)}.patch",
        "issue_url": issue_url,
        "commits_url": f"{url}/commits",
        "comments_url": f"{issue_url}/comments",
        "statuses_url": f"{base}/repos/{repo.full_name}/statuses/{one.head.sha}",
        **common(base, one),
        "merged_at": timestamp(one.merged_at),
        "merge_commit_sha": one.merge_sha,
        "requested_reviewers": [user(base, reviewer) for reviewer in one.requested],
        "requested_teams": [],
        "head": _ref(one.head_ref, one.head.sha, repo),
        "base": _ref(one.base, "0" * 40, repo),
        "author_association": association(one.author),
        "auto_merge": None,
        "draft": one.draft,
    }


def full_pull(base: str, one: PullRequest) -> Json:
    """A pull request alone, with what lists leave out."""
    return {
        **pull(base, one),
        "merged": one.merged,
        "mergeable": None if one.merged else True,
        "mergeable_state": "unknown" if one.merged else "blocked" if one.blocked_by() else "clean",
        "merged_by": user(base, one.merged_by),
        "comments": len(one.comments),
        "review_comments": 0,
        "maintainer_can_modify": True,
        "commits": 1,
        "additions": sum(file.additions for file in one.files),
        "deletions": sum(file.deletions for file in one.files),
        "changed_files": len(one.files),
    }


def file(base: str, one: PullRequest, changed: ChangedFile) -> Json:
    """A changed file."""
    return {
        "sha": one.head.sha,
        "filename": changed.path,
        "status": "modified",
        "additions": changed.additions,
        "deletions": changed.deletions,
        "changes": changed.additions + changed.deletions,
        "blob_url": f"{WEB}/{one.repository.full_name}/blob/{one.head.sha}/{changed.path}",
        "raw_url": f"{WEB}/{one.repository.full_name}/raw/{one.head.sha}/{changed.path}",
        "contents_url": f"{base}/repos/{one.repository.full_name}/contents/{changed.path}?ref={one.head.sha}",
    }


def review(base: str, one: PullRequest, given: Review) -> Json:
    """A review."""
    return {
        "id": given.id,
        "node_id": f"PRR_kwDO{given.id:08x}",
        "user": user(base, given.author),
        "body": given.body,
        "state": given.state,
        "html_url": f"{html_url(one)}#pullrequestreview-{given.id}",
        "pull_request_url": f"{base}/repos/{one.repository.full_name}/pulls/{one.number}",
        "submitted_at": timestamp(given.submitted_at),
        "commit_id": given.commit,
        "author_association": association(given.author),
    }


def combined_status(base: str, repo: Repository, commit: Commit) -> Json:
    """All commit statuses in one."""
    latest = commit.latest_statuses()
    states = {status.state for status in latest}
    overall = (
        "failure" if states & {"failure", "error"} else "pending" if not latest or "pending" in states else "success"
    )
    return {
        "state": overall,
        "statuses": [_status(base, repo, commit, status) for status in latest],
        "sha": commit.sha,
        "total_count": len(latest),
        "repository": {"full_name": repo.full_name, "url": f"{base}/repos/{repo.full_name}"},
        "commit_url": f"{base}/repos/{repo.full_name}/commits/{commit.sha}",
        "url": f"{base}/repos/{repo.full_name}/commits/{commit.sha}/status",
    }


def check_run(base: str, repo: Repository, commit: Commit, run: CheckRun) -> Json:
    """A check run."""
    return {
        "id": run.id,
        "node_id": f"CR_kwDO{run.id:08x}",
        "head_sha": commit.sha,
        "name": run.name,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": timestamp(run.started_at),
        "completed_at": timestamp(run.completed_at),
        "url": f"{base}/repos/{repo.full_name}/check-runs/{run.id}",
        "html_url": f"{WEB}/{repo.full_name}/runs/{run.id}",
        "app": {"slug": "github-actions", "name": "GitHub Actions"},
    }


def _status(base: str, repo: Repository, commit: Commit, status: Status) -> Json:
    return {
        "url": f"{base}/repos/{repo.full_name}/statuses/{commit.sha}",
        "id": status.id,
        "node_id": f"SC_kwDO{status.id:08x}",
        "state": status.state,
        "description": status.description,
        "target_url": None,
        "context": status.context,
        "created_at": timestamp(status.at),
        "updated_at": timestamp(status.at),
    }


def _ref(name: str, sha: str, repo: Repository) -> Json:
    short = {"id": repo.id, "name": repo.name, "full_name": repo.full_name}
    return {"label": f"{repo.owner}:{name}", "ref": name, "sha": sha, "repo": short}
