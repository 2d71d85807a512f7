"""Files of a repository at the head of its default branch."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from aiohttp import web

from fleet_tui.simulator.github.call import Call
from fleet_tui.simulator.github.errors import not_found
from fleet_tui.simulator.world import Repository

routes = web.RouteTableDef()
RAW = "application/vnd.github.raw"


@routes.get("/repos/{owner}/{repo}/contents/{path:.*}")
async def contents(request: web.Request) -> web.Response:
    """A file, raw or in base64; a folder as a list."""
    call = Call(request)
    repo, path = call.repo(), call.place("path").strip("/")
    if path not in repo.files:
        return web.json_response(_folder(call.base, repo, path))
    if request.headers.get("Accept", "").startswith(RAW):
        return web.Response(text=repo.files[path], content_type=f"{RAW}+json")
    encoded = base64.encodebytes(repo.files[path].encode()).decode()
    return web.json_response({**_entry(call.base, repo, path), "content": encoded, "encoding": "base64"})


def _folder(base: str, repo: Repository, path: str) -> list[dict[str, Any]]:
    inside = [name for name in sorted(repo.files) if name.startswith(f"{path}/" if path else "")]
    if not inside:
        raise not_found()
    return [_entry(base, repo, name) for name in inside if name.rpartition("/")[0] == path]


def _entry(base: str, repo: Repository, path: str) -> dict[str, Any]:
    text = repo.files[path].encode()
    return {
        "type": "file",
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": hashlib.sha1(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest(),
        "size": len(text),
        "url": f"{base}/repos/{repo.full_name}/contents/{path}?ref={repo.default_branch}",
        "html_url": f"https://github.com/{repo.full_name}/blob/{repo.default_branch}/{path}",
    }
