"""GitHub's error answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

DOCUMENTATION = "https://docs.github.com/rest"


class GithubError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.details = details

    def response(self) -> web.Response:
        """The answer, in GitHub's form."""
        body = {"message": self.message, **self.details, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        return web.json_response(body, status=self.status, headers=self.headers)


def not_found() -> GithubError:
    """It does not exist, or the caller must not know that it does."""
    return GithubError(404, "Not Found")


def missing_permission(permission: str) -> GithubError:
    """The token lacks `permission`."""
    headers = {"X-Accepted-GitHub-Permissions": permission}
    return GithubError(403, "Resource not accessible by personal access token", headers=headers)


def invalid(resource: str, field: str, message: str | None = None, **details: Any) -> GithubError:
    """A field of the request is not valid."""
    error: dict[str, Any] = {"resource": resource, "field": field, "code": "custom" if message else "invalid"}
    if message:
        error["message"] = message
    return GithubError(422, "Validation Failed", errors=[error | details])
