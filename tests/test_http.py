"""The shared client over real sockets: what is free, what is refused, and what every fault is called."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import socket
import ssl
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services import http as http_module
from fleet_tui.services.cache import MemoryCache
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.http import LARGEST_BODY, Http, Limit, cache_key, purpose
from fleet_tui.services.http_problems import refusal
from fleet_tui.services.http_service import Service
from fleet_tui.services.log import Redacted
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.secret import Secret
from fleet_tui.services.trust import Trust
from fleet_tui.simulator.server import Simulator, TlsFlaw
from fleet_tui.simulator.world import FixedClock, Token, World
from tests.faults import Door, certificate_of
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN, NOW, Respond, addresses, answer, config, server, until

Read = Callable[[], Awaitable[object]]
ISSUES = "/repos/fleetdm/fleet/issues"


class Named(msgspec.Struct):
    number: int


@pytest.fixture
def merge_freeze(http: Http, settings_there: Config) -> MergeFreeze:
    return MergeFreeze(http, merge_freeze_service(settings_there, Secret(MERGE_FREEZE_TOKEN)), settings_there)


@pytest.fixture(params=["GitHub", "Merge Freeze"])
def source(request: pytest.FixtureRequest, github: GitHub, merge_freeze: MergeFreeze) -> tuple[str, Read]:
    """A system's name, and a read of it."""
    reads: dict[str, Read] = {"GitHub": github.milestones, "Merge Freeze": merge_freeze.state}
    return request.param, reads[request.param]


async def problem_of(read: Read) -> Problem:
    """What `read` fails with."""
    with pytest.raises(Failure) as caught:
        await read()
    assert caught.value.__cause__ is None  # a chained error may know the address, and the token in it
    return caught.value.problem


async def test_a_request_searches_no_disk_for_modules(github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    await github.milestones()  # whatever is loaded at first use
    searched: list[str] = []

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            searched.append(name)

    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    await github.milestones()
    assert searched == []


def has_token(*things: object) -> bool:
    shown = "".join(f"{thing} {thing!r}" for thing in things)
    return "planted" in shown


# Faults --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "options", "cause", "sentence"),
    [
        ("status", {"status": 500}, Cause.SERVER, "{} has a fault of its own (500)."),
        ("status", {"status": 502}, Cause.SERVER, "{} has a fault of its own (502)."),
        ("status", {"status": 503}, Cause.SERVER, "{} has a fault of its own (503)."),
        ("status", {"status": 404}, Cause.MISSING, "{} does not know what was asked for."),
        ("status", {"status": 410}, Cause.MISSING, "{} does not know what was asked for."),
        ("status", {"status": 418}, Cause.REFUSED, "{} refused: Server Error."),
        ("drop", {}, Cause.OFFLINE, "The connection to {} broke off."),
        ("cut", {}, Cause.OFFLINE, "The connection to {} broke off."),
        ("hang", {}, Cause.SLOW, "{} did not answer in time."),
        ("slow", {"seconds": 9.0}, Cause.SLOW, "{} did not answer in time."),
        ("not_json", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("wrong_shape", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("empty", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("huge", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("redirect_loop", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("redirect_away", {}, Cause.UNREADABLE, "{} sent an answer that makes no sense."),
        ("unauthorized", {}, Cause.TOKEN, "{} does not accept the token."),
        ("forbidden", {}, Cause.PERMISSION, "The {} token may not do this."),
        ("primary_limit", {}, Cause.LIMITED, "{} has had too many requests from this token."),
        ("secondary_limit", {}, Cause.LIMITED, "{} has had too many requests from this token."),
    ],
)
async def test_every_fault_has_its_cause_and_sentence_and_gives_no_token_away(
    simulator: Simulator,
    source: tuple[str, Read],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    options: dict[str, Any],
    cause: Cause,
    sentence: str,
) -> None:
    name, read = source
    if fault in {"hang", "slow"}:
        monkeypatch.setattr(http_module, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(http_module, "LARGEST_BODY", 200_000)
    simulator.faults.add(fault, **options)
    with caplog.at_level(logging.DEBUG):
        problem = await problem_of(read)
    assert (problem.source, problem.cause, problem.sentence) == (name, cause, sentence.format(name))
    assert not has_token(problem, Failure(problem))
    assert not has_token(*(Redacted("%(name)s %(message)s").format(record) for record in caplog.records))


async def test_after_a_fault_the_next_read_works(simulator: Simulator, source: tuple[str, Read]) -> None:
    _, read = source
    for fault in ("status", "drop", "not_json", "huge", "unauthorized"):
        simulator.faults.add(fault, times=1)
        await problem_of(read)
        await read()


async def test_one_that_hangs_holds_up_no_other(
    simulator: Simulator, github: GitHub, merge_freeze: MergeFreeze
) -> None:
    simulator.faults.add("hang", service="github")
    async with asyncio.TaskGroup() as hanging:
        reads = [partial(github.file, f"{number}.md", "main") for number in range(60)]
        waiting = [hanging.create_task(problem_of(read)) for read in reads]
        await until(lambda: len(simulator.requests) >= http_module.CONNECTIONS)
        await merge_freeze.state()
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()


async def test_a_missing_permission_is_named(simulator: Simulator, github: GitHub) -> None:
    simulator.faults.add("forbidden", permissions="contents=read; issues=read")
    assert (await problem_of(github.milestones)).remedy == "It needs: contents=read; issues=read."


@pytest.mark.parametrize("tls", ["self-signed", "wrong-host"])
async def test_a_certificate_that_is_not_to_be_trusted_is_refused(world: World, http: Http, tls: TlsFlaw) -> None:
    async with Simulator(world, tls=tls) as simulator:
        service = github_service(config(addresses=addresses(simulator.url)), Secret(GITHUB_TOKEN))
        problem = await problem_of(GitHub(http, service, "fleetdm/fleet").milestones)
        assert (problem.source, problem.cause) == ("GitHub", Cause.OFFLINE)
        assert problem.sentence == "The connection to GitHub is not secure: its certificate was refused."
        assert list(simulator.requests) == []
        assert not has_token(problem)


async def test_whom_to_believe_is_for_the_machine_to_say(
    world: World, http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, context = certificate_of(tmp_path / "company", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with Simulator(world) as simulator:
        door = Door(simulator)
        await door.open(context)
        service = github_service(config(addresses=addresses(f"https://localhost:{door.port}")), Secret(GITHUB_TOKEN))
        await GitHub(http, service, "fleetdm/fleet").milestones()
        await door.shut()
        assert len(simulator.requests) == 1


async def test_a_machine_without_authorities_believes_mozillas(monkeypatch: pytest.MonkeyPatch) -> None:
    none = SimpleNamespace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: none)
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    trust = Trust()
    assert not trust.context.get_ca_certs()
    await trust.load()
    assert len(trust.context.get_ca_certs()) > 100


async def test_authorities_are_not_loaded_for_what_is_not_encrypted(
    http: Http, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trust, "load", None)
    await github.milestones()


async def test_nobody_listens(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    problem = await problem_of(lambda: http.get(Service("GitHub", f"http://127.0.0.1:{port}"), "/user"))
    assert (problem.cause, problem.text) == (
        Cause.OFFLINE,
        "GitHub cannot be reached. Check the network or the VPN.",
    )


async def test_a_name_that_is_not_found(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    problem = await problem_of(lambda: http.get(Service("GitHub", "https://api.github.com"), "/user"))
    assert (problem.cause, problem.sentence) == (Cause.OFFLINE, "GitHub cannot be reached.")


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


def redirect(location: str) -> Respond:
    return answer(status=302, headers={"location": location})


PACKED = {"content-encoding": "gzip"}


@pytest.mark.parametrize("length", [None, 100_000_000], ids=["unannounced", "announced"])
async def test_of_a_hundred_megabytes_no_more_is_taken_than_the_limit(http: Http, length: int | None) -> None:
    sent = 0

    def pour(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        announced = f"Content-Length: {length}\r\n" if length else ""
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{announced}\r\n".encode())
        chunk = b" " * 100_000
        with suppress(ConnectionError):  # it is left while it speaks
            for _ in range(1000):
                handler.wfile.write(chunk)
                sent += len(chunk)

    tracemalloc.start()
    try:
        with server(pour) as (url, _):
            problem = await problem_of(lambda: http.get(Service("GitHub", url), "/"))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (problem.cause, problem.detail) == (Cause.UNREADABLE, "GET 127.0.0.1/: more than 24 MB")
    assert most < 1.2 * LARGEST_BODY
    assert sent < 2 * LARGEST_BODY  # the system's buffers hold some


@pytest.mark.parametrize(
    ("respond", "cause"),
    [
        pytest.param(garbage, Cause.OFFLINE, id="no HTTP at all"),
        pytest.param(answer(b"{}", headers=PACKED), Cause.UNREADABLE, id="not packed as it says"),
        pytest.param(answer(b"\xff\xfe"), Cause.UNREADABLE, id="not UTF-8"),
        pytest.param(answer(b'{"more": ' * 100_000), Cause.UNREADABLE, id="nested too deep"),
        pytest.param(answer(b'{"more": ' * 100_000, status=422), Cause.REFUSED, id="refused with a reason too deep"),
        pytest.param(
            answer(gzip.compress(b" " * 9_000_000), headers=PACKED),
            Cause.UNREADABLE,
            id="zip bomb",
        ),
        pytest.param(redirect("http://[bad"), Cause.UNREADABLE, id="to nonsense"),
        pytest.param(
            redirect("http://127.0.0.1:99999999/"),
            Cause.UNREADABLE,
            id="redirect to no port",
        ),
        pytest.param(
            redirect("ftp://127.0.0.1/"),
            Cause.UNREADABLE,
            id="redirect to another scheme",
        ),
        pytest.param(answer(status=304), Cause.UNREADABLE, id="nothing has changed since never"),
        pytest.param(answer(b"[[[", status=422), Cause.REFUSED, id="refused without a reason"),
        pytest.param(answer(b'{"message": 7}', status=422), Cause.REFUSED, id="refused with a strange reason"),
    ],
)
async def test_answers_that_no_sane_service_gives(
    http: Http, monkeypatch: pytest.MonkeyPatch, respond: Respond, cause: Cause
) -> None:
    monkeypatch.setattr(http_module, "LARGEST_BODY", 1_000_000)
    with server(respond) as (url, _):
        service = Service("GitHub", url, Secret(GITHUB_TOKEN))

        async def read() -> object:
            return (await http.get(service, "/user")).decode(Named)

        problem = await problem_of(read)
    assert problem.cause is cause
    assert not has_token(problem)


async def test_what_came_damaged_is_read_anew_whatever_its_etag_says(http: Http) -> None:
    bodies = [b'{"number":', b'{"number": 7}']

    def respond(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["If-None-Match"]:
            answer(status=304)(handler)
        else:
            answer(bodies.pop(0), headers={"ETag": '"same"'})(handler)

    with server(respond) as (url, _):
        service = Service("GitHub", url)
        with pytest.raises(Failure):
            (await http.get(service, "/user")).decode(Named)
        assert (await http.get(service, "/user")).decode(Named) == Named(7)


async def test_what_the_other_side_says_cannot_do_anything_to_the_terminal(http: Http) -> None:
    with server(answer(b'{"message": "no\\u001b[31m\\nand \\u202eno"}', status=422)) as (url, _):
        problem = await problem_of(lambda: http.get(Service("GitHub", url), "/user"))
    assert problem.sentence == "GitHub refused: no[31m and no."
    assert problem.detail == "GET 127.0.0.1/user: 422 no[31m and no"


# Limits --------------------------------------------------------------------------------------------------------------


def epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.mark.parametrize(
    ("status", "headers", "message", "wait"),
    [
        pytest.param(403, {"retry-after": "30"}, "", 30, id="403 with retry-after"),
        pytest.param(429, {"retry-after": "30"}, "", 30, id="429 with retry-after"),
        pytest.param(429, {"retry-after": "86400"}, "", 3600, id="never more than an hour"),
        pytest.param(429, {"retry-after": "9" * 5000}, "", 3600, id="absurd"),
        pytest.param(429, {"retry-after": "soon"}, "", 60, id="not a number"),
        pytest.param(429, {"retry-after": "²"}, "", 60, id="a digit that is no number"),
        pytest.param(429, {}, "", 60, id="429 alone"),
        pytest.param(
            403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch(NOW + timedelta(minutes=9))}, "", 541,
            id="until the reset",
        ),
        pytest.param(
            403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch(NOW - timedelta(minutes=9))}, "", 1,
            id="a reset in the past",
        ),
        pytest.param(
            403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": epoch(NOW + timedelta(days=2))}, "", 3601,
            id="a reset in two days",
        ),
        pytest.param(
            403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 12}, "", 3601, id="a reset in no year",
        ),
        pytest.param(
            403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "²"}, "rate limit", 60, id="a reset that is none",
        ),
        pytest.param(
            403, {"x-ratelimit-remaining": "7", "retry-after": "20", "x-ratelimit-reset": epoch(NOW)}, "", 20,
            id="retry-after goes first",
        ),
        pytest.param(403, {}, "You have exceeded a secondary rate limit.", 60, id="403 with the words"),
        pytest.param(403, {"x-ratelimit-remaining": "7"}, "Resource not accessible", None, id="403 for another reason"),
        pytest.param(500, {"retry-after": "30"}, "rate limit", None, id="a server error"),
    ],
)  # fmt: skip
def test_after_a_limit_it_is_said_when_to_come_back(
    status: int, headers: dict[str, str], message: str, wait: int | None
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    response = httpx.Response(status, headers=raw, request=httpx.Request("GET", "https://api.github.com/user"))
    problem = refusal(Service("GitHub", ""), response, msgspec.json.encode({"message": message}), NOW)
    assert (problem.cause is Cause.LIMITED) is (wait is not None)
    assert problem.retry_at == (None if wait is None else NOW + timedelta(seconds=wait))


async def test_the_allowance_is_read_from_each_answer(simulator: Simulator, http: Http, github: GitHub) -> None:
    await github.milestones()
    await github.login()
    in_an_hour = NOW + timedelta(hours=1)
    assert http.limits == {"GitHub core": Limit(4998, 5000, in_an_hour)}
    await github.graphql("{ viewer { login } }", {}, dict)
    assert http.limits["GitHub graphql"] == Limit(4999, 5000, in_an_hour)
    assert github.limit == Limit(4998, 5000, in_an_hour)


async def test_an_answer_that_was_overtaken_gives_no_allowance_back(http: Http) -> None:
    this_hour, next_hour = NOW, NOW + timedelta(hours=1)
    answers = [(4959, this_hour), (4960, this_hour), (5000, next_hour)]
    left = []
    for remaining, resets in answers:
        told = {"remaining": str(remaining), "limit": "5000", "reset": epoch(resets)}
        with server(answer(headers={f"x-ratelimit-{name}": value for name, value in told.items()})) as (url, _):
            await http.get(Service("GitHub", url), "/user")
        left.append(http.limits["GitHub core"].remaining)
    assert left == [4959, 4959, 5000]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit_remaining": "many", "x-ratelimit_limit": "5000", "x-ratelimit_reset": "1"},
        {"x-ratelimit_remaining": "1", "x-ratelimit_limit": "5000", "x-ratelimit_reset": "9" * 30},
    ],
    ids=["none", "not a number", "no time"],
)
async def test_an_allowance_that_cannot_be_read_is_none(http: Http, headers: dict[str, str]) -> None:
    with server(answer(headers=headers)) as (url, _):
        await http.get(Service("GitHub", url), "/user")
    assert http.limits == {}


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), timedelta(0), timedelta(minutes=-5)], ids=str)
async def test_a_wrong_clock_is_noticed(simulator: Simulator, settings_there: Config, ahead: timedelta) -> None:
    http = Http(now=lambda: NOW + ahead)
    await http.get(github_service(settings_there, Secret(GITHUB_TOKEN)), "/user")
    assert http.clock_skew == ahead
    await http.aclose()


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Thu, 05 Jun 2025 15:00:00 GMT", timedelta(0)),
        ("Thu, 05 Jun 2025 14:59:00 -0000", timedelta(minutes=1)),
        ("Thu, 05 Jun 2025 08:00:00 -0700", timedelta(0)),
        ("this morning", None),
        ("", None),
    ],
)
async def test_a_date_in_any_form_does_no_harm(http: Http, date: str, skew: timedelta | None) -> None:
    with server(answer(headers={"date": date})) as (url, _):
        await http.get(Service("GitHub", url), "/user")
    assert http.clock_skew == skew


# Answers kept by their ETag ------------------------------------------------------------------------------------------


async def test_what_has_not_changed_is_free_and_counted(
    simulator: Simulator, http: Http, github: GitHub, world: World
) -> None:
    purpose.set("milestones")
    first = await http.get(github.service, "/repos/fleetdm/fleet/milestones")
    left = http.limits["GitHub core"].remaining
    second = await http.get(github.service, "/repos/fleetdm/fleet/milestones")
    assert (first.fresh, second.fresh) == (True, False)
    assert second.body == first.body
    assert http.limits["GitHub core"].remaining == left
    assert (http.spent["milestones"], http.unchanged["milestones"]) == (2, 1)
    world.repo().add_milestone("4.70.0-tentative", by="mna")
    third = await http.get(github.service, "/repos/fleetdm/fleet/milestones")
    assert third.fresh
    assert third.body != first.body
    assert (http.spent["milestones"], http.unchanged["milestones"]) == (3, 1)


async def test_what_must_be_fresh_is_never_taken_from_what_was_kept(
    simulator: Simulator, http: Http, github: GitHub
) -> None:
    for _ in range(2):
        assert (await http.get(github.service, "/user", conditional=False)).fresh


async def test_each_feed_pays_for_its_own_requests(simulator: Simulator, http: Http, github: GitHub) -> None:
    async def read(name: str, times: int, one: Read) -> None:
        purpose.set(name)
        for _ in range(times):
            await one()

    await asyncio.gather(read("me", 3, github.login), read("milestones", 1, github.milestones))
    assert http.spent == {"me": 3, "milestones": 1}


async def test_what_is_asked_twice_at_once_is_asked_once(http: Http, github: GitHub) -> None:
    first, *others = await asyncio.gather(*(github.login() for _ in range(3)))
    assert [others, http.spent.total()] == [[first, first], 1]
    await github.login()
    assert http.spent.total() == 2


async def test_a_failure_is_that_of_all_who_asked(simulator: Simulator, http: Http, github: GitHub) -> None:
    simulator.faults.add("status", status=502)
    first, *others = await asyncio.gather(*(problem_of(github.login) for _ in range(3)))
    assert [others, http.spent.total()] == [[first, first], 1]


async def test_when_the_one_who_asked_is_stopped_the_others_ask(
    simulator: Simulator, http: Http, github: GitHub
) -> None:
    simulator.faults.add("hang", times=1)
    stopped, other = (asyncio.create_task(github.login()) for _ in range(2))
    await until(lambda: len(simulator.requests) == 1)
    stopped.cancel()
    assert await other
    assert http.spent.total() == 2


async def test_what_was_asked_before_a_write_is_asked_again_after_it(
    simulator: Simulator, http: Http, github: GitHub
) -> None:
    simulator.faults.add("hang", times=1, path="/user")
    before = asyncio.create_task(github.login())
    await until(lambda: len(simulator.requests) == 1)
    await http.post(github.service, "/repos/fleetdm/fleet/issues", json={"title": "New"})
    assert await github.login()
    before.cancel()


async def test_an_answer_is_kept_for_one_token_alone(simulator: Simulator, http: Http, world: World) -> None:
    world.tokens["planted-token-of-another"] = Token("getvictor")
    there = config(addresses=addresses(simulator.url))
    for token in (GITHUB_TOKEN, "planted-token-of-another", GITHUB_TOKEN):
        github = GitHub(http, github_service(there, Secret(token)), "fleetdm/fleet")
        assert await github.login() == world.tokens[token].login
    assert [entry.status for entry in simulator.requests] == [200, 200, 304]


def key_of(service: Service, path: str = "/user", **headers: str) -> str:
    request = httpx.Request("GET", service.base + path, headers={"accept": "*/*", **headers})
    return cache_key(service, request)


def test_the_key_of_an_answer_tells_apart_whatever_may_change_it() -> None:
    one = Service("GitHub", "https://api.github.com", Secret("planted-1"))
    keys = [
        key_of(one),
        key_of(Service("GitHub", "https://api.github.com", Secret("planted-2"))),
        key_of(Service("GitHub", "https://api.github.com")),
        key_of(Service("GitHub", "https://ghe.example.com/api/v3", Secret("planted-1"))),
        key_of(one, "/user?page=2"),
        key_of(one, **{"x-github-api-version": "2022-11-28"}),
        key_of(one, accept="application/json"),
    ]
    assert len(set(keys)) == len(keys)
    assert not has_token(*keys)


def test_the_key_of_an_answer_holds_no_token_from_the_address() -> None:
    service = Service("Merge Freeze", "https://x/api", Secret("planted-3"), token_in="access_token")
    key = key_of(service, "/branches?access_token=planted-3&page=2")
    assert key.endswith("/branches?page=2")
    assert not has_token(key)


async def test_what_was_kept_outlives_the_client(simulator: Simulator, github: GitHub, clock: FixedClock) -> None:
    cache = MemoryCache()
    for fresh in (True, False):
        http = Http(cache, now=clock)
        assert (await http.get(github.service, "/user")).fresh is fresh
        await http.aclose()


async def test_after_closing_no_connection_is_opened(simulator: Simulator, github: GitHub) -> None:
    http = Http()
    await http.get(github.service, "/user")
    await http.aclose()
    for service in (github.service, Service("Another", github.service.base)):
        with pytest.raises(RuntimeError, match="closed"):
            await http.get(service, "/user")
    assert len(simulator.requests) == 1


# Pages ---------------------------------------------------------------------------------------------------------------


async def numbers(http: Http, github: GitHub, **query: str) -> list[list[int]]:
    return [
        [one.number for one in page]
        async for page in http.pages(github.service, ISSUES, {"direction": "asc", **query}, list[Named])
    ]


def open_issues(world: World, count: int) -> None:
    for number in range(count):
        world.repo().open_issue(f"Issue {number}", by="mna")


async def test_all_pages_are_read(simulator: Simulator, http: Http, github: GitHub, world: World) -> None:
    open_issues(world, 250)
    pages = await numbers(http, github)
    assert [len(page) for page in pages] == [100, 100, 50]
    assert list(chain.from_iterable(pages)) == list(range(1, 251))
    assert len(simulator.requests) == 3


async def test_a_page_after_a_full_one_is_found_although_the_first_has_not_changed(
    simulator: Simulator, http: Http, github: GitHub, world: World
) -> None:
    open_issues(world, 100)
    assert [len(page) for page in await numbers(http, github)] == [100, 0]
    open_issues(world, 1)
    assert [len(page) for page in await numbers(http, github)] == [100, 1]
    assert [entry.status for entry in simulator.requests] == [200, 200, 304, 200]


async def test_reading_pages_ends_somewhere(simulator: Simulator, http: Http, github: GitHub, world: World) -> None:
    open_issues(world, 250)
    pages = [page async for page in http.pages(github.service, ISSUES, {}, list[Named], most=2)]
    assert len(pages) == 2


# Tokens and redirects ------------------------------------------------------------------------------------------------


async def test_a_token_stands_where_the_service_wants_it(http: Http) -> None:
    with server(answer()) as (url, asked):
        await http.get(Service("GitHub", url, Secret(GITHUB_TOKEN)), "/a")
        await http.get(Service("Merge Freeze", url, Secret("a b&c"), token_in="access_token"), "/b", {"x": 1})
        await http.post(Service("Merge Freeze", url, Secret("a b&c"), token_in="access_token"), "/c", form={"x": "1"})
        await http.get(Service("GitHub", url), "/d")
    paths, headers = [path for path, _ in asked], [sent.get("authorization") for _, sent in asked]
    assert headers == [f"Bearer {GITHUB_TOKEN}", None, None, None]
    assert paths[0] == "/a"
    assert paths[1] in {"/b?x=1&access_token=a+b%26c", "/b?x=1&access_token=a%20b%26c"}
    assert paths[2].startswith("/c?access_token=a")
    assert paths[3] == "/d"


async def test_every_request_says_who_asks(http: Http) -> None:
    with server(answer()) as (url, asked):
        await http.get(Service("GitHub", url), "/user")
    assert asked[0][1]["user-agent"].startswith("fleet-tui/")


async def test_another_host_gets_neither_a_request_nor_a_token(simulator: Simulator, source: tuple[str, Read]) -> None:
    _, read = source
    with server(answer()) as (elsewhere, asked):
        simulator.faults.add("redirect_away", location=f"{elsewhere}/take")
        problem = await problem_of(read)
    assert asked == []
    assert "redirect to another host" in problem.detail


async def test_a_redirect_on_the_same_host_is_followed_with_the_token(
    simulator: Simulator, http: Http, settings_there: Config, world: World
) -> None:
    world.repo().add_milestone("4.70.0-tentative", by="mna")
    world.rename_repo("fleetdm/fleet", "fleetdm/renamed")
    github = GitHub(http, github_service(settings_there, Secret(GITHUB_TOKEN)), "fleetdm/fleet")
    assert [milestone.title for milestone in await github.milestones()] == ["4.70.0-tentative"]
    assert [(entry.status, entry.authorized) for entry in simulator.requests] == [(301, True), (200, True)]


async def test_going_in_circles_ends_soon(simulator: Simulator, github: GitHub) -> None:
    simulator.faults.add("redirect_loop")
    problem = await problem_of(github.milestones)
    assert "in circles" in problem.detail
    assert len(simulator.requests) == http_module.MOST_REDIRECTS + 1


# Posting -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True], ids=["not carried out", "carried out"])
@pytest.mark.parametrize("fault", ["status", "drop", "not_json"])
async def test_a_post_is_never_repeated_by_itself(
    simulator: Simulator, http: Http, github: GitHub, fault: str, after: bool
) -> None:
    simulator.faults.add(fault, method="POST", after=after)

    async def comment() -> object:
        return (await http.post(github.service, ISSUES, json={"title": "One"})).decode(Named)

    await problem_of(comment)
    assert len(simulator.requests.select(method="POST")) == 1
    assert len(simulator.world.repo().issues) == after


async def test_a_post_is_not_sent_on(simulator: Simulator, http: Http, github: GitHub, world: World) -> None:
    world.rename_repo("fleetdm/fleet", "fleetdm/renamed")
    problem = await problem_of(lambda: http.post(github.service, ISSUES, json={"title": "One"}))
    assert problem.cause is Cause.UNREADABLE
    assert "redirect not followed" in problem.detail
    assert world.repo("fleetdm/renamed").issues == {}
