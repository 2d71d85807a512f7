"""What goes wrong between a service and us, in sentences for people."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
from msgspec.structs import replace

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import renewal, the_token

LOOK = "Look whether it was done before doing it again."
NO_SUCH_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding text from outside raises; the last for one that is nested too deep."""
SHOWN_PATH = "fleet_tui.shown_path"
"""Of a request whose path is a token: what is shown instead."""


def unreadable(service: Service, detail: str) -> Failure:
    """A failure for an answer that is not what the interface promises."""
    sentence = f"{service.name} sent an answer that makes no sense."
    return Failure(Problem(service.name, Cause.UNREADABLE, sentence, "It is asked again by itself.", detail))


@contextmanager
def writing() -> Iterator[None]:
    """Gives what fails within it the remedies of a write: nobody repeats one by itself."""
    try:
        yield
    except Failure as failure:
        remedies = {Cause.UNREADABLE: LOOK, Cause.LIMITED: "Try again in a few minutes."}
        problem = failure.problem
        raise Failure(replace(problem, remedy=remedies.get(problem.cause, problem.remedy))) from None


def refusal(service: Service, response: httpx.Response, body: bytes, now: datetime) -> Problem:
    """What an answer that is no success means, in words."""
    name, status, headers = service.name, response.status_code, response.headers
    said = message_in(body)
    retry_at = _limited_until(response, said, now)
    if service.token_in == "path":
        said = ""  # an error page may repeat the secret address
    detail = f"{where(response.request)}: {status} {said}".strip()
    if retry_at:
        sentence = f"{name} has had too many requests from this {'token' if service.token else 'address'}."
        return Problem(name, Cause.LIMITED, sentence, "Waiting until it allows more.", detail, retry_at)
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN} and not service.takes_token:
        sentence, remedy = f"{name} does not answer this computer ({status}).", "Wait, or look there in a browser."
        return Problem(name, Cause.PERMISSION, sentence, remedy, detail)
    if status == httpx.codes.UNAUTHORIZED:
        remedy = renewal(name.lower().replace(" ", "-"), service.token)
        return Problem(name, Cause.TOKEN, f"{name} does not accept the token.", remedy, detail)
    if status == httpx.codes.FORBIDDEN:
        needed = clean(headers.get("x-accepted-github-permissions", ""))
        remedy = f"It needs: {needed}." if needed else "Ask an administrator for the permission."
        return Problem(name, Cause.PERMISSION, f"{the_token(name, service.token)} may not do this.", remedy, detail)
    if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE, httpx.codes.PAYMENT_REQUIRED}:
        remedy = "Check the names in the configuration, and whether the token may see it."
        return Problem(name, Cause.MISSING, f"{name} does not know what was asked for.", remedy, detail)
    if status >= 500:
        return Problem(
            name, Cause.SERVER, f"{name} has a fault of its own ({status}).", "Wait until it is mended.", detail
        )
    if response.is_redirect:
        return unreadable(service, detail + " (redirect not followed)").problem
    return Problem(name, Cause.REFUSED, f"{name} refused: {said or status}.", "", detail)


class _Message(msgspec.Struct):
    message: str = ""


def message_in(body: bytes) -> str:
    """The `message` of a JSON error body; empty when it is none."""
    try:
        return clean(msgspec.json.decode(body, type=_Message).message, 300)
    except NO_SUCH_JSON:
        return ""


def _limited_until(response: httpx.Response, said: str, now: datetime) -> datetime | None:
    """When to come back, if the answer says that there were too many requests (GitHub: 403 as well as 429)."""
    headers = response.headers
    if response.status_code not in {httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS}:
        return None
    if (wait := headers.get("retry-after", "")).isdecimal():
        return now + timedelta(seconds=min(int(wait[:5]), 3600))
    if (moment := headers.get("x-retry-after", "")).isdecimal():  # Docker Hub: a moment, not a length
        return min(max(datetime.fromtimestamp(int(moment[:10]), UTC), now), now + timedelta(hours=1))
    if headers.get("x-ratelimit-remaining") == "0" and (resets := headers.get("x-ratelimit-reset", "")).isdecimal():
        reset = datetime.fromtimestamp(int(resets[:10]), UTC)
        return min(max(reset, now), now + timedelta(hours=1)) + timedelta(seconds=1)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS or "rate limit" in said.lower():
        return now + timedelta(minutes=1)
    return None


def no_connection(service: Service, request: httpx.Request, error: httpx.TransportError) -> Problem:
    name, detail = service.name, f"{where(request)}: {type(error).__name__}: {error}"
    if _caused_by(error, ssl.SSLError):
        return Problem(
            name,
            Cause.OFFLINE,
            f"The connection to {name} is not secure: its certificate was refused.",
            "Check the network for a proxy that listens in, and this machine's clock.",
            detail,
        )
    if isinstance(error, httpx.ConnectError):
        return Problem(name, Cause.OFFLINE, f"{name} cannot be reached.", "Check the network or the VPN.", detail)
    return Problem(name, Cause.OFFLINE, f"The connection to {name} broke off.", "Check the network or the VPN.", detail)


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def where(request: httpx.Request) -> str:
    """Method and path; never the query, which may carry a token, nor a path that is one."""
    return f"{request.method} {request.url.host}{request.extensions.get(SHOWN_PATH, request.url.path)}"
