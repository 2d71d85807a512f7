"""Writes to GitHub through PyGithub: each once, one after another, and never in the way."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import github
import pytest

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services import http
from fleet_tui.services.github_writer import GitHubWriter, problem_of
from fleet_tui.services.http import ANSWER_SECONDS
from fleet_tui.services.http_problems import LOOK
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import Token, World
from tests.helpers import GITHUB_TOKEN, Respond, answer, server, until


@pytest.fixture
def there(world: World) -> Iterator[SimulatorThread]:
    """GitHub in a thread of its own, with the pull request #1."""
    world.repo().open_pull("A change", by="getvictor")
    with SimulatorThread(world) as running:
        yield running


def connect(url: str, token: str | None = GITHUB_TOKEN, *, pause: float = 0.0) -> GitHubWriter:
    return GitHubWriter(url, Secret(token) if token else None, "fleetdm/fleet", pause=pause)


@pytest.fixture
def writer(there: SimulatorThread) -> GitHubWriter:
    return connect(f"{there.url}/github")


def comments(there: SimulatorThread, number: int = 1) -> list[tuple[str, str]]:
    return there.call(lambda: [(one.author.login, one.body) for one in there.world.issue(number).comments])


def posts(there: SimulatorThread) -> int:
    return there.call(lambda: len(there.requests))


def spoil(there: SimulatorThread, fault: str, **options: Any) -> None:
    there.call(lambda: there.faults.add(fault, **options))


async def problem_with(writer: GitHubWriter, number: int = 1) -> Problem:
    with pytest.raises(Failure) as caught:
        await writer.comment(number, "Approved")
    assert caught.value.__cause__ is None
    return caught.value.problem


# A comment -----------------------------------------------------------------------------------------------------------


async def test_a_comment_arrives_once_with_one_request(there: SimulatorThread, writer: GitHubWriter) -> None:
    url = await writer.comment(1, "**Freeze exception**\n\n- ✅ [x] #7")
    assert url.startswith("https://github.com/fleetdm/fleet/pull/1#issuecomment-")
    assert comments(there) == [("mna", "**Freeze exception**\n\n- ✅ [x] #7")]
    assert posts(there) == 1
    assert not logging.getLogger("github").handlers  # PyGithub's own writes to the terminal, over the screen


async def test_writes_go_one_after_another_in_the_order_of_asking(there: SimulatorThread, writer: GitHubWriter) -> None:
    there.call(lambda: there.faults.latency.update(github=(1, 8)))
    await asyncio.gather(*(writer.comment(1, str(number)) for number in range(6)))
    assert [body for _, body in comments(there)] == [str(number) for number in range(6)]


async def test_there_is_a_pause_between_two_writes(there: SimulatorThread) -> None:
    writer = connect(f"{there.url}/github", pause=0.1)
    await writer.comment(1, "one")
    started = time.monotonic()
    await writer.comment(1, "two")
    assert time.monotonic() - started > 0.08


async def test_a_write_that_is_given_up_before_its_turn_is_never_sent(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    there.call(lambda: there.faults.latency.update(github=(40, 40)))
    first = asyncio.create_task(writer.comment(1, "first"))
    await until(lambda: posts(there))
    second = asyncio.create_task(writer.comment(1, "second"))
    await asyncio.sleep(0)
    second.cancel()
    await first
    await writer.comment(1, "third")
    assert [body for _, body in comments(there)] == ["first", "third"]


async def test_without_a_token_nothing_is_sent(there: SimulatorThread) -> None:
    problem = await problem_with(connect(f"{there.url}/github", None))
    assert (problem.cause, problem.text) == (Cause.TOKEN, "There is no GitHub token. Set it: fleet-tui auth set github")
    assert posts(there) == 0


# Faults --------------------------------------------------------------------------------------------------------------

LIMITED = "GitHub has had too many requests from this token. Try again in a few minutes."


@pytest.mark.parametrize("carried_out", [False, True], ids=["not carried out", "carried out"])
@pytest.mark.parametrize(
    ("fault", "options", "cause", "text"),
    [
        ("status", {"status": 500}, Cause.SERVER, f"GitHub has a fault of its own (500). {LOOK}"),
        ("status", {"status": 502}, Cause.SERVER, f"GitHub has a fault of its own (502). {LOOK}"),
        ("drop", {}, Cause.OFFLINE, f"The connection to GitHub broke off. {LOOK}"),
        ("not_json", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("wrong_shape", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("empty", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("redirect_away", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        (
            "unauthorized", {}, Cause.TOKEN,
            "GitHub does not accept the token. Set a new one: fleet-tui auth set github",
        ),
        ("forbidden", {}, Cause.PERMISSION, "The GitHub token may not do this. It needs: issues=write."),
        ("primary_limit", {}, Cause.LIMITED, LIMITED),
        ("secondary_limit", {}, Cause.LIMITED, LIMITED),
        ("secondary_limit", {"retry_after": 60}, Cause.LIMITED, LIMITED),
        ("status", {"status": 418}, Cause.REFUSED, "GitHub refused: Server Error."),
    ],
)  # fmt: skip
async def test_a_write_is_never_repeated_by_itself_and_each_fault_has_its_words(
    there: SimulatorThread,
    writer: GitHubWriter,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: str,
    options: dict[str, Any],
    cause: Cause,
    text: str,
    carried_out: bool,
) -> None:
    spoil(there, fault, after=carried_out, times=1, **options)
    with caplog.at_level(logging.DEBUG):
        problem = await problem_with(writer)
    assert (problem.source, problem.cause, problem.text) == ("GitHub", cause, text)
    assert posts(there) == 1
    assert len(comments(there)) == carried_out
    assert "planted" not in f"{problem!r} {[record.getMessage() for record in caplog.records]}"
    assert capfd.readouterr() == ("", "")
    await writer.comment(1, "afterwards")
    assert comments(there)[-1] == ("mna", "afterwards")


async def test_an_answer_that_breaks_off_leaves_open_whether_it_was_done(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    spoil(there, "cut")
    assert (await problem_with(writer)).text == f"The connection to GitHub broke off. {LOOK}"
    assert len(comments(there)) == posts(there) == 1


@pytest.mark.parametrize("number", [404, 9])
async def test_an_issue_that_is_not_there_or_deleted_is_missing(
    there: SimulatorThread, writer: GitHubWriter, number: int
) -> None:
    there.call(lambda: there.world.repo().open_issue("Deleted", by="mna", number=9))
    there.call(lambda: there.world.repo().delete(9))
    problem = await problem_with(writer, number)
    assert problem.cause is Cause.MISSING
    assert problem.sentence == "GitHub does not know it (any more)."


async def test_a_renamed_repository_gets_no_comment_and_that_is_said(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    there.call(lambda: there.world.rename_repo("fleetdm/fleet", "fleetdm/renamed"))
    assert (await problem_with(writer)).cause is Cause.UNREADABLE
    assert comments(there) == []


async def test_a_token_that_may_only_read_is_told_what_it_needs(there: SimulatorThread) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("mna", write=False)}))
    problem = await problem_with(connect(f"{there.url}/github"))
    assert problem.text == "The GitHub token may not do this. It needs: issues=write."


async def test_nobody_listens(world: World) -> None:
    with SimulatorThread(world) as running:
        url = running.url
    problem = await problem_with(connect(f"{url}/github"))
    assert (problem.cause, problem.text) == (
        Cause.OFFLINE,
        "GitHub cannot be reached. Check the network or the VPN.",
    )


async def test_a_certificate_that_is_not_to_be_trusted_is_refused(world: World) -> None:
    with SimulatorThread(world, tls="self-signed") as running:
        problem = await problem_with(connect(f"{running.url}/github"))
        assert posts(running) == 0
    assert problem.cause is Cause.OFFLINE
    assert problem.sentence == "The connection to GitHub is not secure: its certificate was refused."


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[1]", 201), (b"7", 201), (b"null", 201), (b'{"html_url": 7}', 201), (b'{"html_url": "\x1b"', 201), (b"", 204)],
)
async def test_an_answer_that_no_sane_service_gives_is_unclear(body: bytes, status: int) -> None:
    with server(answer(body, status)) as (url, asked):
        problem = await problem_with(connect(url))
    assert (problem.cause, problem.remedy) == (Cause.UNREADABLE, LOOK)
    assert len(asked) == 1


async def test_what_the_other_side_says_cannot_do_anything_to_the_terminal() -> None:
    with server(answer(b'{"message": "no\\u001b[31m\\nand \\u202eno"}', 422)) as (url, _):
        problem = await problem_with(connect(url))
    assert problem.sentence == "GitHub refused: no[31m and no."
    assert problem.detail.isprintable()


# Answers without end -------------------------------------------------------------------------------------------------


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    """A header that grows by a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\nX-Never-Done: ")
    drip(handler, b"1")


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    """A body that grows by a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n")
    drip(handler, b" ")


def drip(handler: BaseHTTPRequestHandler, byte: bytes) -> None:
    for _ in range(5000):
        handler.wfile.write(byte)
        time.sleep(0.01)


def no_end(handler: BaseHTTPRequestHandler) -> None:
    """As much as the line takes, for ever."""
    handler.wfile.write(b"HTTP/1.1 201 Created\r\n\r\n[")
    while True:
        handler.wfile.write(b" " * 65_536)


def silence(handler: BaseHTTPRequestHandler) -> None:
    """A connection that stands, and nothing on it."""
    time.sleep(60)


@pytest.mark.parametrize(
    ("fault", "cause", "sentence"),
    [
        (silence, Cause.SLOW, "GitHub did not answer in time."),
        (slow_headers, Cause.SLOW, "GitHub did not answer in time."),
        (slow_body, Cause.SLOW, "GitHub did not answer in time."),
        (no_end, Cause.UNREADABLE, "GitHub sent an answer that makes no sense."),
    ],
)
async def test_an_answer_without_end_is_given_up_and_the_next_write_goes_through(
    fault: Respond, cause: Cause, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.5 if cause is Cause.SLOW else 30.0)
    monkeypatch.setattr(http, "LARGEST_BODY", 1024 * 1024)
    answers: list[Respond] = [fault, answer(b'{"html_url": "https://github.com/1"}', 201)]

    def respond(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):  # it is left while it speaks
            answers.pop(0)(handler)

    with server(respond) as (url, asked):
        writer = connect(url)
        problem, address = await asyncio.gather(problem_with(writer), writer.comment(1, "afterwards"))
    assert (problem.cause, problem.sentence, problem.remedy) == (cause, sentence, LOOK)
    assert address == "https://github.com/1"
    assert len(asked) == 2


async def test_redirects_in_circles_and_answers_put_off_for_ever_are_left() -> None:
    for elsewhere in ("/somewhere", "https://elsewhere.invalid/somewhere", "", "http://[", "HERE"):

        def away(handler: BaseHTTPRequestHandler, to: str = elsewhere) -> None:
            here = f"http://{handler.headers['Host']}{handler.path}"
            answer(b"{}", 301, {"Location": to.replace("HERE", here)})(handler)

        with server(away) as (url, asked):
            problem = await problem_with(connect(url))
        assert (problem.cause, problem.remedy, len(asked)) == (Cause.UNREADABLE, LOOK, 1)

    def to_and_fro(handler: BaseHTTPRequestHandler) -> None:
        answer(b"{}", 301, {"Location": f"http://{handler.headers['Host']}/{time.monotonic_ns()}"})(handler)

    with server(to_and_fro) as (url, asked):
        assert (await problem_with(connect(url))).cause is Cause.UNREADABLE
        assert len(asked) == 4
    with server(answer(b"{}", 202)) as (url, asked):
        with pytest.raises(Failure) as caught:
            await connect(url).change_body(1, lambda text: f"{text}!")
        assert caught.value.problem.cause is Cause.UNREADABLE
        assert len(asked) == 1


def test_a_mistake_of_ours_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        problem_of(ZeroDivisionError())


def test_what_has_no_body_to_read_is_understood() -> None:
    assert problem_of(github.GithubException(403, None, None)).cause is Cause.PERMISSION


# The program around it -----------------------------------------------------------------------------------------------

PROGRAM = """
import asyncio, sys
from fleet_tui.services import http
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.secret import Secret

async def main():
    writer = GitHubWriter(sys.argv[1], Secret("planted-token-of-github"), "fleetdm/fleet", pause=0)
    assert "github" not in sys.modules
    writing = asyncio.create_task(writer.comment(1, "Approved"))
    print("asked", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

asyncio.run(main())
print("done", flush=True)
"""


def test_a_server_that_hangs_does_not_keep_the_program_from_ending(there: SimulatorThread) -> None:
    spoil(there, "hang")
    command = [sys.executable, "-W", "error", "-c", PROGRAM, f"{there.url}/github"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=Path(__file__).parents[1], **pipes) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "asked\n"
        asyncio.run(until(lambda: posts(there)))
        started = time.monotonic()
        output, errors = program.communicate("\n", timeout=10)
        assert time.monotonic() - started < ANSWER_SECONDS / 4
    assert (program.returncode, output, errors) == (0, "done\n", "")
